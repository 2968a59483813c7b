"""Every page passes axe-core, in both languages and both colour schemes, at every width."""

import pytest

from fitquiz.core.packs import Pack
from tests.browser.support.reading import Reader, list_violations
from tests.browser.support.spots import NB_AT_ONCE, PAGES

pytestmark = pytest.mark.browser
every_page = pytest.mark.parametrize("name", PAGES)
every_language = pytest.mark.parametrize("language", NB_AT_ONCE)


@every_language
@every_page
def test_axe_finds_nothing_wrong_with_a_page(reader: Reader, name: str, language: str) -> None:
    page = reader.open(name, language)
    assert list_violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert list_violations(page, only_colours=True) == []


@pytest.mark.parametrize("name", [name for name in PAGES if PAGES[name].says])
def test_a_page_says_what_it_was_planted_for(reader: Reader, pack: Pack, name: str) -> None:
    words = pack.words_in("nb")
    for key in PAGES[name].says.split("."):
        words = words[key]
    assert reader.open(name, "nb").locator("h1").inner_text() == words
