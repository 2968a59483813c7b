"""A respondent shares a result: the form, its preview, and the page that other people open."""
