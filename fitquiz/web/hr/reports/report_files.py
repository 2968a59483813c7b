"""Makes a CSV, JSON or XLSX file of a report.

The file contains the figures of the report's page. The differences from an earlier campaign are
not in the file.
"""

import json
from dataclasses import asdict, dataclass

from fitquiz.core.groups.counting import CountingPlan, list_cells
from fitquiz.core.groups.reporting import Report, UnitReport
from fitquiz.core.groups.unit_lists import write_label
from fitquiz.core.packs import Pack
from fitquiz.web.site.spreadsheets import (
    CAN_WRITE_WORKBOOKS,
    write_table,
    write_workbook,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a unit.

    `unit` is the label of the unit, or the campaign's title for the whole campaign.
    `answers` is the number of responses.
    `response_rate` is in per cent. `response_rate` is None if the number of people is unknown.
    `low` and `high` are the ends of the range of `percent`.
    `percent`, `low` and `high` are None if the figure is not published, or if the range is too wide.
    `bound` is `or-more` if `percent` is a lower bound, and `or-less` if `percent` is an upper
    bound. Otherwise, `bound` is empty.
    """

    unit: str
    answers: int
    response_rate: int | None
    statistic: str
    cell: str
    percent: int | None
    bound: str
    low: int | None
    high: int | None


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


def write_csv(lines: list[Line]) -> bytes:
    """Return the lines as CSV in UTF-8.

    A text that starts like a formula gets a leading apostrophe. Otherwise, a spreadsheet would run
    the text as a formula.
    """
    table = write_table(Line.__slots__, [asdict(line).values() for line in lines])
    return table.encode()


def write_json(lines: list[Line]) -> bytes:
    """Return the lines as JSON in UTF-8."""
    objects = [asdict(line) for line in lines]
    return json.dumps(objects, ensure_ascii=False, indent=1).encode()


def write_xlsx(lines: list[Line]) -> bytes:
    """Return the lines as an XLSX file."""
    return write_workbook(Line.__slots__, [asdict(line).values() for line in lines])


WRITERS = {"csv": (write_csv, "text/csv"), "json": (write_json, "application/json")}
"""For each ending of a file name, the function that makes the file and the MIME type."""
if CAN_WRITE_WORKBOOKS:
    WRITERS["xlsx"] = (
        write_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
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
                response_rate=unit.rate,
                statistic=statistic,
                cell=cell,
                percent=percentage.percent if percentage else None,
                bound=percentage.bound if percentage else "",
                low=percentage.low if percentage else None,
                high=percentage.high if percentage else None,
            )
            lines.append(line)
    return lines
