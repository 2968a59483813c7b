"""From the front page to the sent answers, for respondents."""
