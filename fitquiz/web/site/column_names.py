"""The names of the columns of files, in the language of the page."""

from collections.abc import Iterable, Sequence

from flask import current_app
from markupsafe import Markup

from fitquiz.web.site.page_language import get_locale
from fitquiz.web.site.spreadsheets import write_table


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
