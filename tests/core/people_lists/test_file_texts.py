"""A file is recognised from its bytes, and its text is read in the encodings of spreadsheets."""

import pytest

from fitquiz.core.people_lists.file_texts import (
    ENCRYPTED,
    OLD_WORKBOOK,
    OTHER_FILE,
    TEXT,
    WORKBOOK,
    decode_text,
    recognise_file,
)

LIST = "Navn;E-post;Avdeling\r\nÅse;ase@example.org;Bærum – øst\r\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    "data",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("utf-16"),
        b"\xfe\xff" + LIST.encode("utf-16-be"),
        LIST.encode("utf-16-le"),
        LIST.encode("utf-16-be"),
        LIST.encode("cp1252"),
    ],
    ids=["utf-8", "mark", "utf-16", "big endian", "no mark", "big endian, no mark", "windows-1252"],
)
def test_a_text_is_read_in_every_encoding(data: bytes) -> None:
    assert decode_text(data) == LIST
    assert recognise_file(data) == TEXT


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04 and more", WORKBOOK),
        (OLE + bytes(600), OLD_WORKBOOK),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), ENCRYPTED),
        (b"%PDF-1.7\n\x00\x01\x02", OTHER_FILE),
        (b"\x89PNG\r\n\x1a\n\x00\x00", OTHER_FILE),
        (b"\xff\xfeA", OTHER_FILE),
        (b"\xef\xbb\xbf\xff", OTHER_FILE),
        (b"", TEXT),
    ],
)
def test_other_files_are_recognised(data: bytes, kind: str) -> None:
    assert recognise_file(data) == kind
