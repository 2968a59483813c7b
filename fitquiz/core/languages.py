"""The languages of the product, and the choice of one from the browser's Accept-Language header.

A new language is one row of `LANGUAGE_TABLE` and one catalog file `CODE.po` in
`fitquiz/web/site/catalogs`. English has no catalog file, because the keys of the catalogs are the
English texts.
"""

from dataclasses import dataclass

MAX_HEADER_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the pages.

    `code` stands in addresses and in the `lang` attribute. `locale` decides how dates and numbers
    are written. `own_name` is shown in the language switch, `full_name` in forms. Browsers that ask
    for a code in `fallback_for` get this language, unless their own one is offered.
    """

    code: str
    locale: str
    own_name: str
    full_name: str
    fallback_for: tuple[str, ...] = ()


LANGUAGE_TABLE = (
    Language(
        code="nb",
        locale="nb_NO",
        own_name="Norsk",
        full_name="Norsk bokmål",
        fallback_for=("no", "nn", "da", "sv"),
    ),
    Language(code="en", locale="en_GB", own_name="English", full_name="English"),
)

LANGUAGES = tuple(language.code for language in LANGUAGE_TABLE)
"""The codes. The first one is used if the browser asks for no language that is offered."""

_FALLBACKS = {
    code: language.code for language in LANGUAGE_TABLE for code in language.fallback_for
}


def choose_language(accept_language: str, offered: tuple[str, ...] = LANGUAGES) -> str:
    """Return the offered language that the header ranks highest; of equals, the first one."""
    best = offered[0]
    best_weight = 0.0

    for entry in accept_language[:MAX_HEADER_CHARACTERS].split(","):
        tag, _, parameter = entry.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        fallback = _FALLBACKS.get(primary, primary)
        language = primary if primary in offered else fallback

        weight = _read_weight(parameter)
        if language in offered and weight > best_weight:
            best = language
            best_weight = weight

    return best


def _read_weight(parameter: str) -> float:
    """Return the weight of `q=0.8`, from 0 to 1; 0 if it cannot be read, 1 if there is none."""
    name, _, number = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(number)
    except ValueError:
        return 0.0
    return min(1.0, max(0.0, weight))
