"""Tables in CSV and XLSX, protected against formulas in user input."""

import csv
import io
from collections.abc import Iterable, Sequence

try:
    import xlsxwriter  # type: ignore[import-untyped]  # xlsxwriter has no types
except ImportError:
    xlsxwriter = None

CAN_WRITE_WORKBOOKS = xlsxwriter is not None
"""Whether the optional package xlsxwriter is installed.

Without this package, no page offers XLSX files.
"""

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


def write_workbook(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Return an XLSX file with the names of the columns in the first row.

    No text in the file becomes a formula or a link.
    """
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet("fitquiz")
    sheet.write_row(0, 0, columns)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, list(row))
    book.close()
    return file.getvalue()


def neutralise(value: object) -> object:
    """Return a value that a spreadsheet program does not run as a formula.

    Put an apostrophe before a text that starts like a formula. Return every other value unchanged.
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
