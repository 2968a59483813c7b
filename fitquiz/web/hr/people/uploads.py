"""Reads an uploaded file with a list of people, and returns the list as text.

Nothing is stored. The text goes into the form, as if HR had pasted the text.
"""

from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from fitquiz.core.people_lists.file_texts import (
    TEXT,
    WORKBOOK,
    decode_text,
    recognise_file,
)
from fitquiz.core.people_lists.tables import write_rows
from fitquiz.web.hr.people.workbook_parts import WorkbookError
from fitquiz.web.hr.people.workbooks import read_workbook
from fitquiz.web.limits.form_limits import MAX_FILE_BYTES, MAX_LIST_CHARACTERS


class UploadError(Exception):
    """The file cannot be read. The text of the error is a key, such as `file-too-large`."""


@dataclass(frozen=True, slots=True)
class UploadedList:
    """The text of a file. `sheet` is the name of the sheet if the file is a workbook."""

    text: str
    sheet: str = ""


def read_upload(file: FileStorage) -> UploadedList:
    """Return the text of an uploaded file. Raise UploadError if the file cannot be read."""
    data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise UploadError("file-too-large")
    uploaded = _read(data)
    if len(uploaded.text) > MAX_LIST_CHARACTERS:
        raise UploadError("list-too-long")
    return uploaded


def _read(data: bytes) -> UploadedList:
    kind = recognise_file(data)
    if kind == WORKBOOK:
        return _read_workbook(data)
    if kind != TEXT:
        raise UploadError(kind)
    return UploadedList(decode_text(data) or "")


def _read_workbook(data: bytes) -> UploadedList:
    try:
        sheet = read_workbook(data)
    except WorkbookError as error:
        raise UploadError(str(error)) from error
    return UploadedList(write_rows(sheet.rows), sheet.name)
