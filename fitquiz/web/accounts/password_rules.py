"""Checks the passwords that staff choose. A password must be long and hard to guess.

The library zxcvbn estimates how many guesses an attacker needs. zxcvbn recognises common passwords,
words, names, dates, repeats and keyboard patterns.

The limits for the length follow NIST SP 800-63B-4, section 3.1.1. The section asks for a minimum
length and for a check against known passwords. The section advises against expiry dates and
against rules about kinds of characters.
"""

import re
from collections.abc import Iterable
from threading import Lock

from zxcvbn import zxcvbn

MIN_LENGTH = 15
MAX_LENGTH = 128

MIN_SCORE = 4
"""The lowest score that a password needs. zxcvbn returns scores from 0 to 4.

A score of 4 means at least 10,000,000,000 guesses. A password of 16 random letters gets a score
of 4. A password of four random words also gets a score of 4. "liverpoolfootballclub" gets a score
of 3.
"""
MAX_CHECKED_CHARACTERS = 32
"""The password without separators is cut to this number of characters before zxcvbn checks it.

zxcvbn needs up to a second for 72 random characters. For 32 random characters, zxcvbn needs some
milliseconds.
"""
MIN_WORD_CHARACTERS = 3
_SEPARATORS = re.compile(r"[\s._,-]+")
_KNOWN_WORDS = (
    # Words of this product.
    "fitquiz",
    "frontoffice",
    "backoffice",
    # Norwegian words and a famous password. zxcvbn's English lists do not contain these words.
    "passord",
    "velkommen",
    "sommer",
    "vinter",
    "correcthorsebatterystaple",
)
_zxcvbn_lock = Lock()


def find_password_fault(password: str, own_words: Iterable[str]) -> str | None:
    """Return the error key `too-short`, `too-long` or `too-easy`. Return None for a valid password.

    `own_words` contains texts that attackers may know, such as the owner's name and e-mail address.
    """
    if len(password) < MIN_LENGTH:
        return "too-short"
    if len(password) > MAX_LENGTH:
        return "too-long"

    # Remove the separators. Otherwise, zxcvbn would give "Hana.Berg.1985" too high a score.
    joined = _SEPARATORS.sub("", password)
    if not joined:
        return "too-easy"
    checked = joined[:MAX_CHECKED_CHARACTERS]
    known_words = [*_KNOWN_WORDS, *_split_words(own_words)]

    # zxcvbn stores `user_inputs` in a global variable. Without the lock, another thread could
    # overwrite the variable.
    with _zxcvbn_lock:
        estimate = zxcvbn(checked, user_inputs=known_words)
    return "too-easy" if estimate["score"] < MIN_SCORE else None


def _split_words(texts: Iterable[str]) -> list[str]:
    """Return each text without its separators, and each word of each text.

    Omit words with fewer than MIN_WORD_CHARACTERS characters.
    """
    words: list[str] = []
    for text in texts:
        parts = re.split(r"[\W_]+", text)
        words.append("".join(parts))
        words.extend(part for part in parts if len(part) >= MIN_WORD_CHARACTERS)
    return words
