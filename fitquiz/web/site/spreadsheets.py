"""Tables in CSV and XLSX, in the form of the page's language, and protected against formulas."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from babel.numbers import get_decimal_symbol
from flask import current_app
from markupsafe import Markup

from fitquiz.web.site.page_language import get_locale

try:
    import xlsxwriter  # type: ignore[import-untyped]  # xlsxwriter has no types
except ImportError:
    xlsxwriter = None

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CAN_WRITE_WORKBOOKS = xlsxwriter is not None
"""Whether the optional package xlsxwriter is installed.

Without this package, no page offers XLSX files.
"""

BYTE_ORDER_MARK = "\ufeff"
"""Excel reads a CSV file as UTF-8 if the file begins with this character."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_TEXT_WIDTH = 100
_MAX_COLUMN_WIDTH = 50


@dataclass(frozen=True, slots=True)
class Workbook:
    """The content of an XLSX file with one or two sheets.

    The first sheet is for people: it has the lines in `text`, and the first line is its heading.
    Without `text`, there is no such sheet. The other sheet has the table.
    """

    table_name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    text_name: str = ""
    text: Sequence[str] = ()


def write_table(
    columns: Sequence[str], rows: Iterable[Iterable[object]], locale: str
) -> str:
    """Return a CSV file with the names of the columns in the first line.

    If `locale` has decimal commas, semicolons separate the cells, because the spreadsheet programs
    of these languages expect both. No spreadsheet program runs a cell of the file as a formula.
    """
    decimal = get_decimal_symbol(locale)
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=";" if decimal == "," else ",",
        lineterminator="\r\n",
    )
    writer.writerow([neutralise(column) for column in columns])
    for row in rows:
        writer.writerow([_write_cell(value, decimal) for value in row])
    return BYTE_ORDER_MARK + text.getvalue()


def write_named_table(keys: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a CSV file with the names and the separators of the page's language."""
    return write_table(name_columns(keys), rows, get_locale())


def name_columns(keys: Sequence[str]) -> list[str]:
    """Return the name of each column. The keys are in `site/macros/columns.html`."""
    return [read_macro("site/macros/columns.html", "name_column", key) for key in keys]


def read_macro(template: str, macro: str, *values: object) -> str:
    """Return what a macro writes, as plain text without HTML."""
    module = current_app.jinja_env.get_template(template).module
    written: Markup = getattr(module, macro)(*values)
    return str(written.striptags())


def write_workbook(content: Workbook) -> bytes:
    """Return an XLSX file. No text in the file becomes a formula or a link."""
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, options)
    heading = book.add_format({"bold": True, "font_size": 16, "text_wrap": True})
    line = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "bottom": 1})

    if content.text:
        sheet = book.add_worksheet(content.text_name)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, _TEXT_WIDTH)
        for number, text in enumerate(content.text):
            sheet.write_string(number, 0, text, line if number else heading)

    sheet = book.add_worksheet(content.table_name)
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(content.columns):
        sheet.write_string(0, number, column, bold)
        sheet.set_column(number, number, _find_width(content, number))
    for number, row in enumerate(content.rows, start=1):
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


def _write_cell(value: object, decimal: str) -> object:
    """Return the value of a CSV cell. A number gets the decimal symbol of the language."""
    if isinstance(value, float):
        return str(value).replace(".", decimal)
    return neutralise(value)


def _find_width(content: Workbook, column: int) -> int:
    heading = content.columns[column]
    longest = len(heading)
    for row in content.rows:
        text = str(row[column])
        longest = max(longest, len(text))
    return min(longest + 2, _MAX_COLUMN_WIDTH)
