"""Pages where respondents see results, download answers, compare results and rate jobs."""
