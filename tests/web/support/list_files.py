"""Makes files with lists of people: workbooks as Excel writes them, and malicious workbooks."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter  # type: ignore[import-untyped]  # xlsxwriter has no types

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEETS = '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets>'
BOOK = f'{_HEAD}<workbook {_MAIN} xmlns:r="{_OFFICE}">{_SHEETS}</workbook>'
RELATIONS = (
    f"{_HEAD}<Relationships {_RELATIONS}>"
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>'
)


def write_form(fields: Mapping[str, str], file: bytes, boundary: str) -> bytes:
    """Return the body of a form with a file. The file stands in the field `file`."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts.append(b'name="file"; filename="list.xlsx"\r\n\r\n' + file)
    line = f"--{boundary}".encode()
    head = line + b"\r\nContent-Disposition: form-data; "
    return b"".join(head + part + b"\r\n" for part in parts) + line + b"--\r\n"


def write_book(rows: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook with these rows."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def write_export() -> bytes:
    """Return a workbook as an HR system exports it, with a title, merged cells and a hidden sheet."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    notes = book.add_worksheet("Om rapporten")
    notes.write(0, 0, "Laget av lønn")
    hidden = book.add_worksheet("Skjult")
    hidden.write(0, 0, "secret@example.org")
    hidden.hide()
    sheet = book.add_worksheet("Ansatte")
    sheet.merge_range(0, 0, 0, 4, "Ansatte per 1. november")
    for column, heading in enumerate(("Nr", "Navn", "E-post", "Avdeling", "Team")):
        sheet.write(2, column, heading)
    sheet.merge_range(3, 3, 5, 3, "Salg")
    people = ((3, "Kari", "Oslo"), (4, "Ola", "Bergen"), (5, "Per", "Bergen"))
    for row, name, team in people:
        sheet.write_number(row, 0, 1000.0 + row)
        sheet.write_rich_string(row, 1, book.add_format({"bold": True}), name, " Nordmann")
        sheet.write_url(row, 2, f"mailto:{name.lower()}@example.org", string=f"{name}@example.org")
        sheet.write(row, 4, team)
    sheet.write_number(6, 3, 1200)
    sheet.write(6, 2, "eva@example.org")
    sheet.write_formula(7, 2, '="x"', value="jo@example.org")
    book.close()
    return file.getvalue()


def pack_parts(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a workbook with these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def make_parts(sheet: str | bytes, **other: str | bytes) -> dict[str, str | bytes]:
    """Return the parts of a workbook with one sheet."""
    parts: dict[str, str | bytes] = {
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": sheet,
    }
    return parts | {f"xl/{name}.xml": content for name, content in other.items()}


def write_sheet(cells: str, after: str = "", before: str = "") -> str:
    """Return the XML of a sheet."""
    return f"{_HEAD}{before}<worksheet {_MAIN}><sheetData>{cells}</sheetData>{after}</worksheet>"
