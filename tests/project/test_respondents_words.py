"""The texts of respondents' pages are easy to read, and one thing has one word."""

import re
from collections.abc import Collection
from pathlib import Path

import pytest

from fitquiz.core.languages import LANGUAGES
from tests.project.catalogs import EXTRACTED, ROOT, as_tuple, list_messages
from tests.project.english import find_foreign_sounding_words, says_statement
from tests.project.readability import work_out_flesch, work_out_lix

FORM_ERRORS = ROOT / "templates" / "site" / "macros" / "form_errors.html"
RESPONDENTS = (
    "device/",
    "errors/",
    "landing/",
    "quiz/",
    "results/",
    "sharing/",
    "site/base.html",
    "site/macros/certainty.html",
    "site/macros/charts.html",
    "site/macros/devices.html",
    "site/macros/differences.html",
    "site/macros/layout.html",
    "site/macros/terms.html",
)
"""The templates of respondents' pages, and the macros that only these pages use."""
WITH_OWN_WORDS = {
    "quiz/_optional_part.html",
    "site/macros/layout.html",
    "site/macros/terms.html",
}
"""The templates that name a statement only if the pack has no word of its own."""
MIN_FLESCH, MAX_LIX = 80, 27


def find_long_sentences(text: str) -> list[str]:
    return [
        sentence for sentence in re.split(r"(?<=[.!?:;])\s+", text) if len(sentence.split()) > 20
    ]


def name_template(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


def list_respondents_texts(language: str, without: Collection[str] = ()) -> set[str]:
    """Return the texts of respondents' pages in a language, without the texts of some templates."""
    english = {
        texts
        for path, found in EXTRACTED.items()
        if name_template(path).startswith(RESPONDENTS) and name_template(path) not in without
        for texts in found
    }
    if language == "en":
        return {text for texts in english for text in texts}
    return {
        text
        for message in list_messages(language)
        if as_tuple(message.id) in english
        for text in as_tuple(message.string)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_respondents_pages_has_more_than_20_words(language: str) -> None:
    texts = list_respondents_texts(language)
    assert len(texts) > 400
    assert [each for text in texts for each in find_long_sentences(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_respondents_pages_are_easy_to_read(language: str) -> None:
    texts = [text for text in list_respondents_texts(language) if text.endswith((".", "?"))]
    if language == "en":
        assert work_out_flesch(texts) > MIN_FLESCH
    else:
        assert work_out_lix(texts) < MAX_LIX


def test_the_english_texts_have_one_word_for_one_thing() -> None:
    errors = {text for found in EXTRACTED[FORM_ERRORS] for text in found if text.endswith(".")}
    texts = list_respondents_texts("en") | errors
    wrong = {text: find_foreign_sounding_words(text) for text in texts}
    assert {text: words for text, words in wrong.items() if words} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_texts_for_packs_without_own_words_name_a_statement(language: str) -> None:
    texts = list_respondents_texts(language, without=WITH_OWN_WORDS)
    assert [text for text in texts if says_statement(language, text)] == []


def test_words_that_nobody_says_are_caught() -> None:
    assert find_foreign_sounding_words("Whoever began holds it afresh.") == {
        "whoever",
        "holds",
        "afresh",
    }
    assert find_foreign_sounding_words("The wording is turned round. Pages round them.") == set()
    assert says_statement("nb", "Svar på alle påstandene.")
    assert not says_statement("en", "“%(statement)s” counts")


def test_a_long_sentence_is_caught() -> None:
    assert find_long_sentences("Short. " + "word " * 21) == ["word " * 21]
