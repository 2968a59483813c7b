"""What a respondent sees of their own answers: result, files, comparison, job rating."""
