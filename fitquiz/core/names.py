"""Names that people give to units and campaigns: one spelling for what looks the same, nothing that is invisible."""

import unicodedata

_UNSEEN = frozenset(
    [0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)],
)
"""Characters with no look of their own that Unicode does not count among the format characters."""

_TURNS = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""What turns the direction of the text that follows, on the page around it too."""

MARK = "\ufffd"
"""What Unicode has for a character that nobody can read."""


def tidy_name(name: str) -> str:
    """Return a name in normal form, with single spaces and without invisible characters."""
    seen = "".join(
        each for each in name if unicodedata.category(each) != "Cf" and ord(each) not in _UNSEEN
    )
    return " ".join(unicodedata.normalize("NFC", seen).split())


def fold_name(name: str) -> str:
    """Return what names that differ only in case have in common; the name must be tidy."""
    return unicodedata.normalize("NFC", name.casefold())


def mark_unprintable(text: str) -> str:
    """Return a text that any page can show: what cannot stand in one is marked, and what turns it round is left out.

    Spaces and ends of lines stay.
    """
    kept = (each for each in text if each not in _TURNS)
    return "".join(each if each in "\t\n\r" or is_printable_name(each) else MARK for each in kept)


def is_printable_name(name: str) -> bool:
    """Whether a name has no control character in it, nor one that means nothing to others."""
    return not any(
        each == MARK or unicodedata.category(each) in ("Cc", "Cs", "Co") or _is_none(each)
        for each in name
    )


def _is_none(character: str) -> bool:
    """Whether Unicode has promised never to make it a character."""
    return ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
