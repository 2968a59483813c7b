"""Finds words and constructions that must not stand in the English texts of respondents' pages."""

import re

OTHER_WORDS = {
    r"who(m)?(so)?ever|whatever tells": "anyone who, something that",
    r"afresh|anew": "again",
    r"rounds?(?! them)(?<!turned round)": "survey",
    r"campaigns?": "survey",
    r"attempts? on": "quiz",
    r"leans?|pulls? towards": "points to, direction",
    r"strengths?": "what you enjoy",
    r"sharpen\w*": "extra, a surer result",
    r"holds?|held": "has, contains, keeps",
    r"clears? (this|the|your) device|is cleared": "forget me on this device",
    r"just now|out of reach": "right now, cannot reach",
    r"stays? good": "still works",
    r"leads? nowhere": "does not work",
    r"once more": "again",
    r"go(es)? on|going on": "continue",
    r"left out": "skipped",
    r"taken back": "withdrawn",
    r"not (been )?stated": "have not been told",
    r"of you and nothing else|nothing of (them|it)|sees nothing of": "only this about you, none of",
    r"as it should be": "wrong, right",
    r"belong together": "wrong e-mail or password",
    r"no more than a": "only a",
    r"need another look": "please correct",
    r"(each|every) single": "each",
    r"told a side": "get a side",
    r"was asked for in a way": "cannot be opened that way",
    r"anything here|nothing here": "what happened, what is safe, what to do",
}
"""Words and constructions, as patterns, and what the texts say instead. One thing has one word."""

STATEMENT = {
    "en": re.compile(r"(?i)\bstatements?\b"),
    "nb": re.compile(r"(?i)\bpåstand\w*"),
    "nn": re.compile(r"(?i)\bpåstand\w*"),
}
"""The word for which a pack can have its own word."""

_WRONG = re.compile(rf"(?i)\b({'|'.join(OTHER_WORDS)})\b")
_PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


def find_foreign_sounding_words(text: str) -> set[str]:
    """Return the words of an English text for which these texts have another word."""
    return {found.group().lower() for found in _WRONG.finditer(_PLACEHOLDER.sub("#", text))}


def says_statement(language: str, text: str) -> bool:
    """Return whether a text names a statement, whatever a pack calls its statements."""
    return bool(STATEMENT[language].search(_PLACEHOLDER.sub("#", text)))
