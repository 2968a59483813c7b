"""Recognises an uploaded file from its bytes, and decodes the text of a CSV file."""

WORKBOOK = "workbook"
TEXT = "text"
OLD_WORKBOOK = "old-workbook"
ENCRYPTED = "encrypted"
OTHER_FILE = "other-file"
"""The kinds of files. Only WORKBOOK and TEXT can be read."""

_OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of an old workbook, and of a workbook with a password."""
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_ZIP_START = b"PK\x03\x04"
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_ALLOWED_CONTROLS = "\t\n\r\v\f"


def recognise_file(data: bytes) -> str:
    """Return the kind of a file."""
    if data.startswith(_ZIP_START):
        return WORKBOOK
    if data.startswith(_OLE_START):
        return ENCRYPTED if _ENCRYPTED_PART in data else OLD_WORKBOOK
    if decode_text(data) is None:
        return OTHER_FILE
    return TEXT


def decode_text(data: bytes) -> str | None:
    """Return the text of a file, or None if the file is not a text.

    The text can be in UTF-8 or UTF-16, with or without a mark, or in Windows-1252.
    """
    for encoding in _list_encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        return text if _is_text(text) else None
    return None


def _list_encodings(data: bytes) -> list[str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return [encoding]
    # In UTF-16, every second byte of Latin text is zero.
    zeros_first = data[0::2].count(0)
    zeros_second = data[1::2].count(0)
    if zeros_second > len(data) // 4:
        return ["utf-16-le"]
    if zeros_first > len(data) // 4:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


def _is_text(text: str) -> bool:
    controls = {each for each in set(text) if each < " "}
    return controls.issubset(_ALLOWED_CONTROLS)
