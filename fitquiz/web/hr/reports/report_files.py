"""Makes a CSV, JSON or XLSX file of a report.

The file contains the figures of the report's page. The differences from an earlier campaign are
not in the file.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from fitquiz.core.groups.counting import ANSWERED, LEADING, CountingPlan, list_cells
from fitquiz.core.groups.reporting import Report, UnitReport
from fitquiz.core.groups.unit_lists import write_label
from fitquiz.core.packs import Pack, Words
from fitquiz.web.site.spreadsheets import (
    CAN_WRITE_WORKBOOKS,
    Workbook,
    name_columns,
    read_macro,
    write_named_table,
    write_workbook,
)

_COLUMNS = (
    *("group", "answers", "rate", "rate_bound", "figure", "part"),
    *("share", "bound", "low", "high"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a unit.

    `unit` is the label of the unit, or the campaign's title for the whole campaign.
    `answers` is the number of responses.
    `response_rate` is in per cent. `response_rate` is None if the response rate is unknown.
    If `is_least_rate` is true, the response rate can be higher.
    `low` and `high` are the ends of the range of `percent`.
    `percent`, `low` and `high` are None if the figure is not published, or if the range is too wide.
    `bound` is `or-more` if `percent` is a lower bound, and `or-less` if `percent` is an upper
    bound. Otherwise, `bound` is empty.
    """

    unit: str
    answers: int
    response_rate: int | None
    is_least_rate: bool
    statistic: str
    cell: str
    percent: int | None
    bound: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class FileContent:
    """What the files of a report contain.

    `summary` contains the lines for people. `words` contains the texts of the pack.
    """

    lines: Sequence[Line]
    summary: Sequence[str]
    words: Words


def list_lines(
    report: Report, title: str, plan: CountingPlan, pack: Pack
) -> list[Line]:
    """Return all figures of a report as lines.

    The figures of the report's unit come first, and the figures of the units directly below follow.
    """
    lines = []
    for unit in report.shown:
        lines += _list_unit_lines(unit, title, plan, pack)
    return lines


def write_csv(content: FileContent) -> bytes:
    """Return the figures as CSV in UTF-8, with the names and separators of the page's language.

    A text that starts like a formula gets a leading apostrophe. Otherwise, a spreadsheet would run
    the text as a formula.
    """
    return write_named_table(_COLUMNS, _name_rows(content)).encode()


def write_json(content: FileContent) -> bytes:
    """Return the figures as JSON in UTF-8. The names of figures are the same in all languages."""
    objects = [asdict(line) for line in content.lines]
    return json.dumps(objects, ensure_ascii=False, indent=1).encode()


def write_xlsx(content: FileContent) -> bytes:
    """Return an XLSX file. The first sheet has the summary, and the second sheet has the figures."""
    workbook = Workbook(
        text_name=read_macro("site/macros/columns.html", "name_sheet", "summary"),
        text=content.summary,
        table_name=read_macro("site/macros/columns.html", "name_sheet", "figures"),
        columns=name_columns(_COLUMNS),
        rows=_name_rows(content),
    )
    return write_workbook(workbook)


WRITERS = {"csv": (write_csv, "text/csv"), "json": (write_json, "application/json")}
"""For each ending of a file name, the function that makes the file and the MIME type."""
if CAN_WRITE_WORKBOOKS:
    WRITERS["xlsx"] = (
        write_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _name_rows(content: FileContent) -> list[list[object]]:
    """Return the lines with names in the language of the page."""
    named = {}
    rows: list[list[object]] = []
    for line in content.lines:
        key = (line.statistic, line.cell)
        if key == (LEADING, ANSWERED):
            continue  # This count is only the base of the other percentages.
        if key not in named:
            named[key] = (
                read_macro(
                    "site/macros/campaigns.html", "name_statistic", line.statistic
                ),
                read_macro(
                    "site/macros/report.html", "name_cell", line.cell, content.words
                ),
            )
        rows.append(
            [
                line.unit,
                line.answers,
                line.response_rate,
                _name_rate(line),
                *named[key],
                line.percent,
                _name_bound(line.bound),
                line.low,
                line.high,
            ]
        )
    return rows


def _name_bound(bound: str) -> str:
    if not bound:
        return ""
    return read_macro("site/macros/columns.html", "say_bound_of_column", bound)


def _name_rate(line: Line) -> str:
    if line.response_rate is None:
        return ""
    return read_macro(
        "site/macros/columns.html", "say_kind_of_rate", line.is_least_rate
    )


def _list_unit_lines(
    unit: UnitReport, title: str, plan: CountingPlan, pack: Pack
) -> list[Line]:
    lines = []
    for statistic in plan:
        percentages = unit.percentages.get(statistic, {})
        for cell in list_cells(statistic, pack):
            percentage = percentages.get(cell)
            if percentage is not None and not percentage.is_meaningful:
                percentage = None
            line = Line(
                unit=write_label(unit.path) or title,
                answers=unit.answers,
                response_rate=unit.rate.percent if unit.rate else None,
                is_least_rate=unit.rate.is_least if unit.rate else False,
                statistic=statistic,
                cell=cell,
                percent=percentage.percent if percentage else None,
                bound=percentage.bound if percentage else "",
                low=percentage.low if percentage else None,
                high=percentage.high if percentage else None,
            )
            lines.append(line)
    return lines
