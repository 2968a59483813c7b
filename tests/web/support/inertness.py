"""Checks that a page or a file shows a hostile text unchanged and without effect."""

import csv
import io
import json
import zipfile
from typing import Any

from tests.web.support.page import Page

TAKE_FOCUS = ("done", "faults")
"""The sentence on what was done, and the summary of faults."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def check_inert(page: Page, text: str) -> None:
    """Check that no part of a text has become an element, an attribute or a header."""
    assert [
        each
        for each in page.find_all("b", "img")
        if "alert" in str(each.attrib) or each.text == "x"
    ] == []
    for element in page.tree.iter():
        assert not {"onload", "onerror", "onfocus"} & {str(name) for name in element.attrib}
        if "autofocus" in element.attrib:
            assert element.get("id") in TAKE_FOCUS
    assert "Set-Cookie: x=1" not in str(page.response.headers)
    assert "49" not in page.text or "{{7*7}}" not in text


def check_file(response: Any, text: str) -> None:
    """Check that a CSV, JSON or XLSX file is well-formed, and that no cell is a formula."""
    if response.mimetype == "text/csv":
        rows = list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert [
            cell for row in rows for cell in row if cell.startswith(FORMULA) and not cell.isdigit()
        ] == []
    elif response.mimetype == "application/json":
        assert json.loads(response.get_data())
    else:
        with zipfile.ZipFile(io.BytesIO(response.get_data())) as book:
            names = [name for name in book.namelist() if "worksheets/" in name]
            sheets = [book.read(name).decode() for name in names]
        assert len(sheets) == 2
        for sheet in sheets:
            assert "<f>" not in sheet
            assert "hyperlink" not in sheet
