"""Keeps a spreadsheet from taking a text for a formula."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutralise(value: object) -> object:
    """Return text that a spreadsheet shows as it stands."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
