"""Keeps each number of a text on one line with its unit, in every language of the pages."""

import re

UNITS = {
    "en": (
        *("second", "minute", "hour", "day", "time", "point", "standard error"),
        *("answer", "statement", "area", "quiz", "person", "people", "reader"),
    ),
    "nb": (
        *("sekund", "minutt", "time", "dag", "gang", "poeng", "standardfeil"),
        *("svar", "påstand", "område", "quiz", "person", "mottaker"),
    ),
    "nn": (
        *("sekund", "minutt", "tim", "dag", "gong", "poeng", "standardfeil"),
        *("svar", "påstand", "område", "quiz", "person", "mottakar"),
    ),
}
"""The beginnings of the words that stay with the number before them, by language."""

_NUMBER = r"\d|%\(\w+\)s|\{\w+\}"
_PLACES = {
    language: re.compile(
        rf"({_NUMBER}) (?=(?:{'|'.join(units)}))|([±−+<>]) (?={_NUMBER})"
    )
    for language, units in UNITS.items()
}


def join_numbers(language: str, text: str) -> str:
    """Return a text with a no-break space between a number and its unit, or a sign and its number.

    A placeholder such as `%(num)s` or `{count}` counts as a number.
    """
    return _PLACES[language].sub(_end_with_no_break, text)


def _end_with_no_break(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}\N{NO-BREAK SPACE}"
