"""Pages where respondents begin, answer, send, reopen and delete attempts."""
