"""Names that people give to units and campaigns: one spelling for equal looks, and no invisible characters."""

import unicodedata

_INVISIBLE = frozenset(
    [
        0x034F,
        0x115F,
        0x1160,
        0x3164,
        0xFFA0,
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    ],
)
"""Characters that show nothing, though Unicode does not count them as format characters."""

_DIRECTION_CONTROLS = frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
"""These change the direction of the text after them, even beyond the name."""

REPLACEMENT = "\ufffd"
"""Unicode's character for a character that cannot be read."""


def tidy_name(name: str) -> str:
    """Return a name in normal form (NFC), with single spaces and without invisible characters."""
    visible = [each for each in name if _is_visible(each)]
    normal = unicodedata.normalize("NFC", "".join(visible))
    return " ".join(normal.split())


def fold_name(name: str) -> str:
    """Return a form that is equal for names that differ only in case. The name must be tidy."""
    return unicodedata.normalize("NFC", name.casefold())


def mark_unprintable(text: str) -> str:
    """Return a text that any page can show.

    Unprintable characters become REPLACEMENT. Characters that change the direction of text are removed.
    Spaces and line ends stay.
    """
    kept = [each for each in text if each not in _DIRECTION_CONTROLS]
    return "".join(_mark_character(each) for each in kept)


def is_printable_name(name: str) -> bool:
    """Return whether a name has neither control characters nor characters without a meaning."""
    return not any(_is_unprintable(each) for each in name)


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) != "Cf" and ord(character) not in _INVISIBLE


def _mark_character(character: str) -> str:
    if character in "\t\n\r" or not _is_unprintable(character):
        return character
    return REPLACEMENT


def _is_unprintable(character: str) -> bool:
    if character == REPLACEMENT or _is_noncharacter(character):
        return True
    return unicodedata.category(character) in ("Cc", "Cs", "Co")


def _is_noncharacter(character: str) -> bool:
    """Return whether Unicode will never assign this code point."""
    return ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
