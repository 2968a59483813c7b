"""A respondent shows a result: the share, its preview and the page that others open."""
