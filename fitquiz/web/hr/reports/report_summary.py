"""Writes the summary of a report as lines of plain text, for copying and for files."""

from collections.abc import Mapping

from flask import render_template
from markupsafe import Markup


def list_summary_lines(described: Mapping[str, object]) -> list[str]:
    """Return the lines of the summary, without HTML.

    `described` contains the values that `describe_report` returns.
    """
    return _list_lines("hr/reports/summary.html", described)


def list_sheet_lines(described: Mapping[str, object]) -> list[str]:
    """Return the lines of the first sheet of an XLSX file: the summary, and how to read figures."""
    return _list_lines("hr/reports/sheet.html", described)


def _list_lines(template: str, described: Mapping[str, object]) -> list[str]:
    page = render_template(template, **described)
    lines = [Markup(line).striptags() for line in page.splitlines()]  # noqa: S704 - the template has escaped the values
    return [line for line in lines if line]
