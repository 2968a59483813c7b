"""Tables in CSV, protected against formulas in user input."""

import csv
import io
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\ufeff"
"""Excel reads a CSV file as UTF-8 if the file begins with this character."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_table(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a CSV file with the names of the columns in the first line.

    No spreadsheet program runs a cell of the file as a formula.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([neutralise(value) for value in row])
    return BYTE_ORDER_MARK + text.getvalue()


def neutralise(value: object) -> object:
    """Return a value that a spreadsheet program does not run as a formula.

    Put an apostrophe before a text that starts like a formula. Return every other value unchanged.
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
