"""Pages where a respondent shares a result, and the page where other people see the result."""
