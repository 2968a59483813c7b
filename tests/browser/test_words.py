"""A page speaks one language, but for what is marked as another's."""

import re

import pytest

from fitquiz.core.packs import Pack
from tests.browser.support.page_words import (
    COMMON_WORDS,
    list_foreign_texts,
    list_foreign_words,
    read_texts,
)
from tests.browser.support.reading import Reader
from tests.browser.support.spots import NB_AT_ONCE, PAGES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", NB_AT_ONCE)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_speaks_one_language(reader: Reader, pack: Pack, name: str, language: str) -> None:
    texts = read_texts(reader.open(name, language))
    words = {word for text in texts for word in re.findall(r"[a-zæøå]+", text.lower())}
    assert words & COMMON_WORDS[language]
    assert words & list_foreign_words(language) == set()
    assert set(texts) & list_foreign_texts(language) == set()
