"""Pages for respondents, from the start page to the sent answers."""
