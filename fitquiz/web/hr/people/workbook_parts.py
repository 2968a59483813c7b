"""Reads parts of an XLSX file, which is a ZIP archive of XML files.

The file can come from anybody. A small file can contain a huge text (a zip bomb), or a text that
refers to other texts or files (entities). The module counts the unpacked bytes while it reads, and
refuses every part that declares a document type, because only such a part can contain entities.
It counts the elements too, because a tiny file can contain millions of them.
"""

import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat

MAX_UNPACKED_BYTES = 24 * 1024 * 1024
"""The largest size of all parts together that are read. A sheet with 10,000 rows has about 5 MB."""

MAX_ELEMENTS = 1_000_000
"""The largest number of elements of all parts. A sheet with 10,000 rows and 20 columns has about 600,000."""

MAX_DEPTH = 50
"""The largest number of elements in each other. A workbook has about ten."""

_SAFE_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""For other compressions, `zipfile` unpacks a chunk without a limit. Spreadsheet programs do not use them."""

_CHUNK_BYTES = 64 * 1024
_MAX_MARK_BYTES = 1024 * 1024
"""The largest size of one tag or comment. The parser reads an unfinished tag again with each chunk."""

Attributes = Mapping[str, str]


class WorkbookError(Exception):
    """The file cannot be read. The text of the error is a key, such as `not-a-workbook`."""


class Parts:
    """The parts of a workbook. The sum of all parts that are read has a limit."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._bytes_left = MAX_UNPACKED_BYTES
        self._elements_left = MAX_ELEMENTS
        self._depth = 0
        self.names = frozenset(archive.namelist())

    def parse(self, name: str, reader: "PartReader") -> None:
        """Let `reader` read a part."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler = self._count(reader.start, 1)
        parser.EndElementHandler = self._count(reader.end, -1)
        parser.CharacterDataHandler = reader.add_text
        parser.buffer_text = True
        bytes_read = 0
        _refuse_other_compression(self._archive.getinfo(name))
        with self._archive.open(name) as part:
            while chunk := part.read(_CHUNK_BYTES):
                bytes_read += len(chunk)
                self._take(len(chunk))
                parser.Parse(chunk, False)
                if bytes_read - parser.CurrentByteIndex > _MAX_MARK_BYTES:
                    raise WorkbookError("workbook-too-large")
        parser.Parse(b"", True)

    def _count(self, handle: Callable[..., None], change: int) -> Callable[..., None]:
        """Return a function that counts an element, and then calls `handle`."""

        def count_and_handle(*given: object) -> None:
            self._depth += change
            self._elements_left -= max(change, 0)
            if self._elements_left < 0 or self._depth > MAX_DEPTH:
                raise WorkbookError("workbook-too-large")
            handle(*given)

        return count_and_handle

    def _take(self, count: int) -> None:
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise WorkbookError("workbook-too-large")


class PartReader:
    """Gets the elements of a part in the order in which they stand there."""

    def start(self, name: str, attributes: Attributes) -> None:
        """Note the beginning of an element."""

    def end(self, name: str) -> None:
        """Note the end of an element."""

    def add_text(self, text: str) -> None:
        """Note a text."""


def local_name(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def _refuse_other_compression(part: zipfile.ZipInfo) -> None:
    if part.compress_type not in _SAFE_COMPRESSIONS:
        raise WorkbookError("broken-workbook")


def _refuse_document_type(*_declared: object) -> None:
    raise WorkbookError("broken-workbook")
