"""Writes the summary of a report as lines of plain text, for copying and for files."""

from collections.abc import Mapping

from flask import render_template
from markupsafe import Markup


def list_summary_lines(described: Mapping[str, object]) -> list[str]:
    """Return the lines of the summary, without HTML.

    `described` contains the values that `describe_report` returns.
    """
    page = render_template("hr/reports/summary.html", **described)
    lines = [Markup(line).striptags() for line in page.splitlines()]  # noqa: S704 - the template has escaped the values
    return [line for line in lines if line]
