"""A report as lines, one a figure: what the page shows and what the files hold are made of the same."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from fitquiz.core.groups.counting import CountingPlan, list_cells
from fitquiz.core.groups.reporting import Report, UnitReport
from fitquiz.core.groups.units import write_label
from fitquiz.core.packs import Pack
from fitquiz.web.site.spreadsheets import neutralise

try:
    import xlsxwriter  # type: ignore[import-untyped]  # ships no types
except ImportError:  # An extra: without it there is no such file to download.
    xlsxwriter = None


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as it is shown. `bound` tells that `percent` is the least or the most; None: the group is too small."""

    unit: str
    answers: int
    response_rate: int | None
    statistic: str
    cell: str
    percent: int | None
    bound: str
    plus_minus: int | None


def list_lines(report: Report, title: str, plan: CountingPlan, pack: Pack) -> list[Line]:
    """Return all figures of a report: the unit's own, then those of each unit right below."""
    return [line for unit in report.shown for line in _list_unit(unit, title, plan, pack)]


def write_csv(lines: list[Line]) -> bytes:
    """Return the lines as CSV, with cells that no spreadsheet takes for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(Line.__slots__)
    writer.writerows([neutralise(value) for value in asdict(line).values()] for line in lines)
    return ("\ufeff" + text.getvalue()).encode()


def write_json(lines: list[Line]) -> bytes:
    """Return the lines as JSON."""
    return json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1).encode()


def write_xlsx(lines: list[Line]) -> bytes:
    """Return the lines as a spreadsheet; texts stay texts, whatever they begin with."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("fitquiz")
    for row, values in enumerate(
        [Line.__slots__, *(tuple(asdict(line).values()) for line in lines)]
    ):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    book.close()
    return file.getvalue()


WRITERS = {"csv": (write_csv, "text/csv"), "json": (write_json, "application/json")}
if xlsxwriter is not None:
    WRITERS["xlsx"] = (
        write_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _list_unit(unit: UnitReport, title: str, plan: CountingPlan, pack: Pack) -> Iterator[Line]:
    name = write_label(unit.path) or title
    for statistic in plan:
        for cell in list_cells(statistic, pack):
            share = unit.shares.get(statistic, {}).get(cell)
            told = share if share and share.is_meaningful else None
            yield Line(
                unit=name,
                answers=unit.answers,
                response_rate=unit.rate,
                statistic=statistic,
                cell=cell,
                percent=told.percent if told else None,
                bound=told.bound if told else "",
                plus_minus=told.plus_minus if told else None,
            )
