"""Functions that clean typed names, for example the names of units and campaigns.

Without cleaning, two names can look equal but differ in invisible characters.
"""

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
"""Code points of invisible characters that are outside Unicode's category Cf (format)."""

_DIRECTION_CONTROLS = frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
"""Characters that change the writing direction of the following text, even after the name ends."""

REPLACEMENT = "\ufffd"
"""Unicode's replacement character.

`mark_unprintable` writes this character in place of each unprintable character.
"""


def tidy_name(name: str) -> str:
    """Return a name in Unicode's form NFC, with single spaces and without invisible characters."""
    visible = [each for each in name if _is_visible(each)]
    normal = unicodedata.normalize("NFC", "".join(visible))
    return " ".join(normal.split())


def fold_name(name: str) -> str:
    """Return the case-folded form of a name that `tidy_name` returned.

    Two names that differ only in case have equal case-folded forms.
    """
    return unicodedata.normalize("NFC", name.casefold())


def mark_unprintable(text: str) -> str:
    """Return `text` in a form that any page can show.

    Each unprintable character except tabs and line ends is replaced with REPLACEMENT. Each
    character in _DIRECTION_CONTROLS is removed.
    """
    kept = [each for each in text if each not in _DIRECTION_CONTROLS]
    return "".join(_mark_character(each) for each in kept)


def is_printable_name(name: str) -> bool:
    """Return whether all characters of a name are printable.

    The unprintable characters are control characters, surrogates, private-use characters,
    noncharacters and REPLACEMENT.
    """
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
    """Return whether Unicode defines the code point of `character` as a noncharacter."""
    return ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
