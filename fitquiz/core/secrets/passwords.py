"""Which passwords staff may choose: long ones of any characters, but none that is easy to guess.

Source: NIST SP 800-63B-4, section 3.1.1: length and a list of what is refused, no rules of composition, no expiry.
"""

import re
from collections.abc import Iterable

SHORTEST, LONGEST = 15, 128
FEWEST_DIFFERENT, FEWEST_OF_ONES_OWN = 6, 8
_KNOWN = (
    "password",
    "passord",
    "welcome",
    "velkommen",
    "letmein",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "sommer",
    "vinter",
    "summer",
    "winter",
    "correcthorsebatterystaple",
    "fitquiz",
    "frontoffice",
    "backoffice",
)
_RUNS = ("abcdefghijklmnopqrstuvwxyzæøå", "01234567890123456789")


def find_password_fault(password: str, own_words: Iterable[str]) -> str | None:
    """Return the key of what is wrong with a password: too-short, too-long or too-easy; None if it will do.

    `own_words` are what others know of its owner: name, e-mail, organisation. What remains without them, without the
    best-known passwords and without runs of the alphabet must still have FEWEST_OF_ONES_OWN characters.
    """
    if len(password) < SHORTEST:
        return "too-short"
    if len(password) > LONGEST:
        return "too-long"
    folded = re.sub(r"\s", "", password.casefold())
    if len(set(folded)) < FEWEST_DIFFERENT or _is_repeated(folded):
        return "too-easy"
    parts = {
        part for word in own_words for part in re.split(r"[\W_]+", word.casefold()) if len(part) > 2
    }
    for known in sorted({*_KNOWN, *parts}, key=len, reverse=True):
        folded = folded.replace(known, "")
    return "too-easy" if len(_without_runs(folded)) < FEWEST_OF_ONES_OWN else None


def _is_repeated(text: str) -> bool:
    """Whether a text is a short one over and over."""
    return any(
        text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1)
    )


def _without_runs(text: str) -> str:
    for run in (*_RUNS, *(run[::-1] for run in _RUNS)):
        for at in range(len(run) - 3):
            text = text.replace(run[at : at + 4], "")
    return text
