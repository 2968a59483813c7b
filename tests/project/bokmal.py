"""Finds words that must not stand in texts in Bokmål, because these texts have another word."""

import re

OTHER_WORDS = {
    r"utsagn\w*": "påstand",
    r"kampanje\w*": "undersøkelse",
    r"runde[nr]?(?! av)|rundene": "undersøkelse",
    r"besvarelse\w*": "quiz, svar",
    r"skjerp\w*": "ekstra, flere svar",
    r"helling\w*": "utslag",
    r"heller mot": "peker mot",
    r"samsvar\w*": "passer med",
    r"skår\w*": "poeng",
    r"tøm\w*": "glem meg på denne enheten",
    r"telt": "talt",
    r"uavgjort": "uavklart",
    r"tillatelse\w*": "tilgang",
    r"koder ved innlogging": "totrinnspålogging",
    r"på sparket": "der og da",
    r"utenfor rekkevidde": "utilgjengelig",
    r"fører ingen steder": "virker ikke",
    r"den som driver|den som eier": "de som drifter, eieren",
}
"""Words and what the texts say instead, as patterns. One thing has one word."""

UNIT = r"\bunits?\b"
"""In English, this word means a department."""

_WRONG = re.compile(rf"(?i)\b({'|'.join(OTHER_WORDS)})\b")
_DEVICE = re.compile(r"(?i)\benhet\w*")


def find_other_words(text: str) -> set[str]:
    """Return the words of a text for which these texts have another word."""
    return {found.group().lower() for found in _WRONG.finditer(text)}


def calls_unit_a_device(english: str, text: str) -> bool:
    """Return whether a text calls a department `enhet`, which means a device."""
    return bool(re.search(UNIT, english) and _DEVICE.search(text))
