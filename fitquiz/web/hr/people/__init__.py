"""The form with a list of people, and the files that HR uploads with such a list."""
