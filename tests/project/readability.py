"""How hard a text is to read: LIX for Norwegian, and Flesch's reading ease for English."""

import re
from collections.abc import Iterable

SENTENCE_END = re.compile(r"[.!?:]+(?=\s|$)")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
VOWELS = re.compile(r"[aeiouy]+")
LONG_WORD = 7


def work_out_lix(texts: Iterable[str]) -> float:
    """Return the words in a sentence, plus the percentage of words of seven letters or more.

    Below 25 is very easy, 25 to 34 is easy.
    """
    texts = list(texts)
    words = list_words(texts)
    long_words = [word for word in words if len(word) >= LONG_WORD]
    return len(words) / count_sentences(texts) + 100 * len(long_words) / len(words)


def work_out_flesch(texts: Iterable[str]) -> float:
    """Return Flesch's reading ease. From 70 is fairly easy, from 80 is easy."""
    texts = list(texts)
    words = list_words(texts)
    syllables = sum(count_syllables(word) for word in words)
    return 206.835 - 1.015 * len(words) / count_sentences(texts) - 84.6 * syllables / len(words)


def list_words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in WORD.findall(text)]


def count_sentences(texts: Iterable[str]) -> int:
    """Return the number of sentences. A text without a full stop is one sentence."""
    return sum(max(1, len(SENTENCE_END.findall(text))) for text in texts)


def count_syllables(word: str) -> int:
    """Return the number of groups of vowels, without a silent e at the end."""
    letters = word.lower()
    groups = len(VOWELS.findall(letters))
    is_silent = letters.endswith("e") and not letters.endswith(("le", "ee"))
    return max(1, groups - is_silent)
