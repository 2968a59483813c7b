"""A report as lines of figures. The files for download contain the same figures as the page."""

import csv
import io
import json
from dataclasses import asdict, dataclass

from fitquiz.core.groups.counting import CountingPlan, list_cells
from fitquiz.core.groups.reporting import Report, UnitReport
from fitquiz.core.groups.units import write_label
from fitquiz.core.packs import Pack
from fitquiz.web.site.spreadsheets import neutralise

try:
    import xlsxwriter  # type: ignore[import-untyped]  # ships no types
except ImportError:  # Without this optional package there is no XLSX download.
    xlsxwriter = None


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a unit.

    `percent` is None if the group is too small. `bound` says whether `percent` is a lower or an
    upper bound.
    """

    unit: str
    answers: int
    response_rate: int | None
    statistic: str
    cell: str
    percent: int | None
    bound: str
    plus_minus: int | None


def list_lines(
    report: Report, title: str, plan: CountingPlan, pack: Pack
) -> list[Line]:
    """Return all figures of a report: those of the unit, then those of each unit right below."""
    lines = []
    for unit in report.shown:
        lines += _list_unit_lines(unit, title, plan, pack)
    return lines


def write_csv(lines: list[Line]) -> bytes:
    """Return the lines as CSV. A spreadsheet reads no cell as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(Line.__slots__)
    for line in lines:
        values = asdict(line).values()
        writer.writerow([neutralise(value) for value in values])
    return ("\ufeff" + text.getvalue()).encode()


def write_json(lines: list[Line]) -> bytes:
    """Return the lines as JSON."""
    objects = [asdict(line) for line in lines]
    return json.dumps(objects, ensure_ascii=False, indent=1).encode()


def write_xlsx(lines: list[Line]) -> bytes:
    """Return the lines as a spreadsheet. Texts are never read as formulas or links."""
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet("fitquiz")
    sheet.write_row(0, 0, Line.__slots__)
    for number, line in enumerate(lines, start=1):
        values = list(asdict(line).values())
        sheet.write_row(number, 0, values)
    book.close()
    return file.getvalue()


WRITERS = {"csv": (write_csv, "text/csv"), "json": (write_json, "application/json")}
"""The function that writes a file and the file's MIME type, by the ending of its name."""
if xlsxwriter is not None:
    WRITERS["xlsx"] = (
        write_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _list_unit_lines(
    unit: UnitReport, title: str, plan: CountingPlan, pack: Pack
) -> list[Line]:
    lines = []
    for statistic in plan:
        shares = unit.shares.get(statistic, {})
        for cell in list_cells(statistic, pack):
            share = shares.get(cell)
            if share is not None and not share.is_meaningful:
                share = None
            line = Line(
                unit=write_label(unit.path) or title,
                answers=unit.answers,
                response_rate=unit.rate,
                statistic=statistic,
                cell=cell,
                percent=share.percent if share else None,
                bound=share.bound if share else "",
                plus_minus=share.plus_minus if share else None,
            )
            lines.append(line)
    return lines
