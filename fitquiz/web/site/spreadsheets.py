"""Protection of spreadsheets against formulas in user input."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutralise(value: object) -> object:
    """Return a value that a spreadsheet program does not run as a formula.

    Put an apostrophe before a text that starts like a formula. Return every other value unchanged.
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
