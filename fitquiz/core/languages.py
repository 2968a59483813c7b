"""The languages of the product, and the choice of a language for a browser.

To add a language, add a row to `LANGUAGE_TABLE` and a catalog file `CODE.po` in
`fitquiz/web/site/catalogs`. English has no catalog file, because the keys of each catalog are
the English texts.
"""

from dataclasses import dataclass

MAX_HEADER_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the pages.

    `code` is the code in page addresses and in the HTML attribute `lang`. `locale` determines the
    format of dates and numbers. `own_name` is the label in the language switch. `full_name` is the
    label in forms.

    `fallback_for` lists codes of other languages. A reader of a listed language gets this language
    if the listed language is not offered. `other_codes` lists other codes of the language itself.
    """

    code: str
    locale: str
    own_name: str
    full_name: str
    fallback_for: tuple[str, ...] = ()
    other_codes: tuple[str, ...] = ()


LANGUAGE_TABLE = (
    Language(
        code="nb",
        locale="nb_NO",
        own_name="Bokmål",
        full_name="Norsk bokmål",
        fallback_for=("no", "nn", "da", "sv"),
        other_codes=("no",),
    ),
    Language(
        code="nn",
        locale="nn_NO",
        own_name="Nynorsk",
        full_name="Norsk nynorsk",
        fallback_for=("nb", "no", "da", "sv"),
    ),
    Language(code="en", locale="en_GB", own_name="English", full_name="English"),
)

LANGUAGES = tuple(language.code for language in LANGUAGE_TABLE)
"""The codes of all languages, in the order in which forms list the languages."""

UNKNOWN_READERS_LANGUAGE = "en"
"""The language of a reader who asks for none of the languages."""

_OTHER_CODES = {language.code: language.other_codes for language in LANGUAGE_TABLE}


def choose_language(accept_language: str, offered: tuple[str, ...] = LANGUAGES) -> str:
    """Return the offered language with the highest weight in an Accept-Language header.

    A language that is not offered counts as its fallback language. If two languages have equal
    weights, return the language that the header names first. If no offered language has a weight
    above 0, return English. If English is not offered, return the first code of `offered`.
    """
    best = find_nearest(UNKNOWN_READERS_LANGUAGE, offered)
    best_weight = 0.0

    for entry in accept_language[:MAX_HEADER_CHARACTERS].split(","):
        tag, _, parameter = entry.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        language = _find_offered(primary, offered)

        weight = _read_weight(parameter)
        if language and weight > best_weight:
            best = language
            best_weight = weight

    return best


def find_nearest(code: str, offered: tuple[str, ...]) -> str:
    """Return the offered language that a reader of the language `code` understands best.

    If no offered language is near, return the first code of `offered`.
    """
    return _find_offered(code, offered) or offered[0]


def _find_offered(code: str, offered: tuple[str, ...]) -> str | None:
    same = find_same(code, offered)
    if same:
        return same
    for language in LANGUAGE_TABLE:
        fallback = find_same(language.code, offered)
        if fallback and code in language.fallback_for:
            return fallback
    return None


def find_same(code: str, offered: tuple[str, ...]) -> str | None:
    """Return the code in `offered` that means the language `code`.

    Prefer `code` itself, then another code of the language, for example `no` for `nb`. Then prefer a
    code with a region, for example `en-gb` for `en`. Return None if no code means the language.
    """
    for each in _list_codes(code):
        if each in offered:
            return each
    same = list_same(code, offered)
    return same[0] if same else None


def list_same(code: str, offered: tuple[str, ...]) -> list[str]:
    """Return all codes in `offered` that mean the language `code`."""
    codes = _list_codes(code)
    same = []
    for each in offered:
        primary = each.partition("-")[0]
        if primary in codes:
            same.append(each)
    return same


def _list_codes(code: str) -> tuple[str, ...]:
    others = _OTHER_CODES.get(code, ())
    return (code, *others)


def _read_weight(parameter: str) -> float:
    """Return the weight, 0 to 1, from a parameter such as `q=0.8`.

    Return 1 if the parameter is empty or is not named `q`. Return 0 if the weight is not a number.
    """
    name, _, number = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(number)
    except ValueError:
        return 0.0
    return min(1.0, max(0.0, weight))
