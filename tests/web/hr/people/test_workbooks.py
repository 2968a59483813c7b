"""Texts are read from workbooks as Excel and HR systems write them. A malicious workbook is refused quickly."""

import time
import tracemalloc
import zipfile

import pytest

from fitquiz.web.hr.people.workbook_parts import (
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_UNPACKED_BYTES,
    WorkbookError,
)
from fitquiz.web.hr.people.workbooks import read_workbook
from tests.web.support.list_files import (
    BOOK,
    make_parts,
    pack_parts,
    write_book,
    write_export,
    write_sheet,
)

CELL = '<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha ha ha ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 10))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ROW = f'<row r="1">{CELL.format(name="A1", text="kari@example.org")}</row>'


def test_an_export_of_an_hr_system_is_read_with_its_merged_cells() -> None:
    sheet = read_workbook(write_export())
    assert sheet.name == "Ansatte"
    assert sheet.rows == [
        ["Ansatte per 1. november"],
        [],
        ["Nr", "Navn", "E-post", "Avdeling", "Team"],
        ["1003", "Kari Nordmann", "Kari@example.org", "Salg", "Oslo"],
        ["1004", "Ola Nordmann", "Ola@example.org", "Salg", "Bergen"],
        ["1005", "Per Nordmann", "Per@example.org", "Salg", "Bergen"],
        ["", "", "eva@example.org", "1200"],
        ["", "", "jo@example.org"],
    ]


@pytest.mark.parametrize(
    ("cells", "row"),
    [
        (
            '<c t="str"><f>A1</f><v>a</v></c><c t="e"><v>#N/A</v></c><c><v>24.0</v></c>',
            ["a", "", "24"],
        ),
        ('<c r="C1"><v>1.5</v></c>', ["", "", "1.5"]),
        (
            '<c t="inlineStr"><is><r><t>Sal</t></r><r><t>es</t></r><rPh><t>x</t></rPh></is></c>',
            ["Sales"],
        ),
        ('<x:c xmlns:x="y" t="str"><x:v>\u00a0a\u200b </x:v></x:c>', ["a"]),
        ('<c r="ZZZ1" t="str"><v>far away</v></c><c r="B1" t="str"><v>b</v></c>', ["", "b"]),
    ],
)
def test_cells_of_every_kind_are_read(cells: str, row: list[str]) -> None:
    book = pack_parts(make_parts(write_sheet(f'<row r="1">{cells}</row>')))
    assert read_workbook(book).rows == [row]


def bomb(part: str = "sheet") -> bytes:
    """A small file that unpacks to much more than is allowed."""
    huge = "x" * (MAX_UNPACKED_BYTES + 1)
    if part == "comment":
        return pack_parts(make_parts(write_sheet("", after=f"<!-- {huge} -->")))
    if part == "bzip2":
        return pack_parts(make_parts(write_sheet(huge)), zipfile.ZIP_BZIP2)
    if part == "sheet":
        return pack_parts(make_parts(write_sheet(huge)))
    return pack_parts(make_parts(write_sheet(ROW), sharedStrings=f"<sst>{huge}</sst>"))


def repeat_text() -> bytes:
    """A small file in which many cells contain the same long text."""
    texts = f"<sst><si><t>{'x' * 100_000}</t></si></sst>"
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 1000))
    return pack_parts(make_parts(write_sheet(cells), sharedStrings=texts))


MALICIOUS = {
    "zip bomb": (bomb(), "workbook-too-large"),
    "zip bomb of one comment": (bomb("comment"), "workbook-too-large"),
    "zip bomb of texts": (bomb("texts"), "workbook-too-large"),
    "zip bomb of another compression": (bomb("bzip2"), "broken-workbook"),
    "many elements": (
        pack_parts(make_parts(write_sheet("<c/>" * (MAX_ELEMENTS + 1)))),
        "workbook-too-large",
    ),
    "elements in each other": (
        pack_parts(make_parts(write_sheet("<a>" * (MAX_DEPTH + 1)))),
        "workbook-too-large",
    ),
    "an unknown encoding": (
        pack_parts(make_parts(write_sheet(ROW).replace("UTF-8", "foo"))),
        "broken-workbook",
    ),
    "one text in many cells": (repeat_text(), "list-too-long"),
    "entities": (pack_parts(make_parts(write_sheet(ROW, before=LAUGHS))), "broken-workbook"),
    "entities in UTF-16": (
        pack_parts(
            make_parts(write_sheet(ROW, before=LAUGHS).replace("UTF-8", "UTF-16").encode("utf-16"))
        ),
        "broken-workbook",
    ),
    "a file of the server": (
        pack_parts(make_parts(write_sheet(ROW, before=OUTSIDE))),
        "broken-workbook",
    ),
    "a row far away": (
        pack_parts(make_parts(write_sheet(ROW.replace('"1"', '"1048576"')))),
        "too-many-rows",
    ),
    "a number that is too long": (
        pack_parts(make_parts(write_sheet(f'<row r="{"9" * 5000}"/>'))),
        "broken-workbook",
    ),
    "a text that is missing": (
        pack_parts(make_parts(write_sheet('<row r="1"><c t="s"><v>7</v></c></row>'))),
        "broken-workbook",
    ),
    "no sheet": (pack_parts({"xl/workbook.xml": BOOK}), "broken-workbook"),
    "another kind of archive": (pack_parts({"word/document.xml": "<x/>"}), "not-a-workbook"),
    "no archive": (b"PK\x03\x04" + bytes(200), "broken-workbook"),
    "cut off": (write_export()[:-200], "broken-workbook"),
}


@pytest.mark.parametrize(("data", "key"), MALICIOUS.values(), ids=MALICIOUS)
def test_a_malicious_or_broken_workbook_is_refused(data: bytes, key: str) -> None:
    with pytest.raises(WorkbookError, match=f"^{key}$"):
        read_workbook(data)


@pytest.mark.parametrize("part", ["sheet", "comment", "bzip2"])
def test_a_bomb_takes_little_memory(part: str) -> None:
    data = bomb(part)
    assert len(data) < 100_000
    tracemalloc.start()
    with pytest.raises(WorkbookError):
        read_workbook(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


def test_many_merged_cells_take_little_time() -> None:
    merged = "<mergeCells>" + '<mergeCell ref="A1:A10000"/>' * 100_000 + "</mergeCells>"
    data = pack_parts(make_parts(write_sheet(ROW, after=merged)))
    started = time.process_time()
    read_workbook(data)
    assert time.process_time() - started < 3


def test_ten_thousand_rows_are_read() -> None:
    rows = [["E-post", "Avdeling", "Team"]]
    rows += [
        [f"kari{n}@example.org", f"Department {n % 9}", f"Team {n % 40}"] for n in range(10_000)
    ]
    found = read_workbook(write_book(rows))
    assert found.rows == rows
