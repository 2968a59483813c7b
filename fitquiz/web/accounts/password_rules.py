"""Which passwords staff may choose: long ones that are hard to guess.

The library zxcvbn estimates how many guesses an attacker needs. It knows common passwords, words,
names, dates, repeats and keyboard patterns.
"""

import re
from collections.abc import Iterable
from threading import Lock

from zxcvbn import zxcvbn

from fitquiz.core.secrets.passwords import find_length_fault

MIN_SCORE = 4
"""The best of zxcvbn's scores from 0 to 4: at least 10,000,000,000 guesses.

16 random letters and four random words reach it. "liverpoolfootballclub" gets a score of 3.
"""
MAX_CHECKED_CHARACTERS = 32
"""Only the start of a password is checked.

zxcvbn needs up to a second for 72 random characters, and some milliseconds for 32.
"""
MIN_WORD_CHARACTERS = 3
_SEPARATORS = re.compile(r"[\s._,-]+")
_KNOWN_WORDS = (
    # The product's own words.
    "fitquiz",
    "frontoffice",
    "backoffice",
    # Norwegian words and a famous example, which zxcvbn's English lists lack.
    "passord",
    "velkommen",
    "sommer",
    "vinter",
    "correcthorsebatterystaple",
)
_zxcvbn_lock = Lock()


def find_password_fault(password: str, own_words: Iterable[str]) -> str | None:
    """Return the key of the error, `too-short`, `too-long` or `too-easy`, or None.

    `own_words` are texts that others know about the owner, such as the name and the e-mail address.
    """
    fault = find_length_fault(password)
    if fault is not None:
        return fault

    # zxcvbn counts each separator as a guess of its own, which makes "Hana.Berg.1985" look strong.
    joined = _SEPARATORS.sub("", password)
    if not joined:
        return "too-easy"
    checked = joined[:MAX_CHECKED_CHARACTERS]
    known_words = [*_KNOWN_WORDS, *_split_words(own_words)]

    # zxcvbn keeps these words in a global variable, which another thread would overwrite.
    with _zxcvbn_lock:
        estimate = zxcvbn(checked, user_inputs=known_words)
    return "too-easy" if estimate["score"] < MIN_SCORE else None


def _split_words(texts: Iterable[str]) -> list[str]:
    """Return each text as a whole without separators, and each word in it."""
    words: list[str] = []
    for text in texts:
        parts = re.split(r"[\W_]+", text)
        words.append("".join(parts))
        words.extend(part for part in parts if len(part) >= MIN_WORD_CHARACTERS)
    return words
