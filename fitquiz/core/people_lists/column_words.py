"""What the heading of a column means. The words are Norwegian and English, as HR systems write them."""

import re

ADDRESS = "address"
UNIT = "unit"
NAME = "name"
PLACE = "place"
IGNORED = "ignored"
UNKNOWN = "unknown"

_ADDRESS_WORDS = ("mail", "epost", "e-post")
_SECOND_CHOICE = ("privat", "private", "home", "leder", "manager", "superior", "sjef")
"""An address under such a heading is not the address at work of this person."""

_IGNORED_WORDS = (
    *("nummer", "number", "kode", "code", "telefon", "phone", "mobil", "mobile", "tlf"),
    *("dato", "date", "stilling", "position", "tittel", "title", "prosent", "percent"),
    *("leder", "manager", "sjef", "superior", "kjønn", "gender", "alder", "status"),
)
_IGNORED_TOKENS = frozenset({"nr", "no", "id", "age", "sex"})
_NAME_WORDS = ("navn", "namn", "name", "ansatt", "tilsett", "employee", "person")
_PLACE_WORDS = (
    "sted",
    "stad",
    "kontor",
    "office",
    "lokasjon",
    "location",
    "by",
    "city",
)
_UNIT_WORDS = (
    (1, ("selskap", "company", "foretak", "konsern", "divisjon", "division", "region")),
    (1, ("område", "business unit", "sektor", "sector", "virksomhet", "verksemd")),
    (3, ("seksjon", "section", "team", "gruppe", "group")),
    (2, ("avdeling", "department", "dept", "enhet", "eining", "unit", "organi", "org")),
)
"""Words for units, with the level of such units. The first words that fit count."""

_NOT_A_LETTER = re.compile(r"[^\w-]+|_")


def say_role(heading: str) -> str:
    """Return what the column below this heading contains."""
    folded = heading.casefold()
    tokens = set(_NOT_A_LETTER.split(folded))
    if _has_word(folded, _ADDRESS_WORDS) and not _has_word(folded, ("postnummer",)):
        return ADDRESS
    if _has_word(folded, _IGNORED_WORDS) or tokens & _IGNORED_TOKENS:
        return IGNORED
    if find_level(heading):
        return UNIT
    if _has_word(folded, _NAME_WORDS):
        return NAME
    if tokens.intersection(_PLACE_WORDS):
        return PLACE
    return UNKNOWN


def find_level(heading: str) -> int:
    """Return 1 for words for large units, 3 for words for small units, and 0 for other words."""
    folded = heading.casefold()
    for level, words in _UNIT_WORDS:
        if _has_word(folded, words):
            return level
    return 0


def is_second_choice(heading: str) -> bool:
    """Return whether the heading names a private address, or the address of somebody else."""
    return _has_word(heading.casefold(), _SECOND_CHOICE)


def is_heading_word(cell: str) -> bool:
    """Return whether a cell looks like the heading of a column with addresses."""
    folded = cell.casefold()
    return _has_word(folded, (*_ADDRESS_WORDS, "address", "adresse"))


def _has_word(folded: str, words: tuple[str, ...]) -> bool:
    return any(word in folded for word in words)
