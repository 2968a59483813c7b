"""Every page passes axe-core in both colour schemes, fits narrow screens and large text, and speaks one language.

One test opens a page once and looks at it in all these ways, since to open a page takes the most time.
"""

import re

import pytest
from playwright.sync_api import Page

from fitquiz.core.packs import Pack
from tests.browser.support.measuring import (
    LARGE,
    SPACED,
    list_small_targets,
    list_sticking_out,
)
from tests.browser.support.page_words import (
    COMMON_WORDS,
    list_foreign_texts,
    list_foreign_words,
    read_texts,
)
from tests.browser.support.reading import Reader, list_violations
from tests.browser.support.spots import NB_AT_ONCE, PAGES

pytestmark = pytest.mark.browser
every_page = pytest.mark.parametrize("name", PAGES)
every_language = pytest.mark.parametrize("language", NB_AT_ONCE)


@every_language
@every_page
def test_a_page_is_fit_for_everybody(reader: Reader, pack: Pack, name: str, language: str) -> None:
    page = reader.open(name, language)
    check_heading(page, pack, name, language)
    check_language(page, language)
    assert list_violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert list_violations(page, only_colours=True) == []
    check_narrow_screens(page)


def check_heading(page: Page, pack: Pack, name: str, language: str) -> None:
    """The page says what its attempt was planted for."""
    if PAGES[name].says:
        words = pack.words_in(language)
        for key in PAGES[name].says.split("."):
            words = words[key]
        assert page.locator("h1").inner_text() == words


def check_language(page: Page, language: str) -> None:
    """The page speaks one language, but for what is marked as another's."""
    texts = read_texts(page)
    words = {word for text in texts for word in re.findall(r"[a-zæøå]+", text.lower())}
    assert words & COMMON_WORDS[language]
    assert words & list_foreign_words(language) == set()
    assert set(texts) & list_foreign_texts(language) == set()


def check_narrow_screens(page: Page) -> None:
    """The page does not scroll sideways, and is not hard to hit."""
    page.set_viewport_size({"width": 320, "height": 667})
    assert list_small_targets(page) == []
    assert list_sticking_out(page, 320) == []
    assert list_sticking_out(page, 320, SPACED) == []
    assert list_sticking_out(page, 320, text_size=32) == []
    assert list_sticking_out(page, 1280, text_size=32) == []
    assert list_sticking_out(page, 375, LARGE) == []
