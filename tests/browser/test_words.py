"""A page speaks one language, but for what is marked as another's."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page

from fitquiz.core.packs import Pack
from fitquiz.web.site import languages
from tests.browser.support.reading import Reader
from tests.browser.support.spots import LANGUAGES, PAGES

pytestmark = pytest.mark.browser

COMMON_WORDS = {
    "nb": {
        "og",
        "ikke",
        "jeg",
        "er",
        "på",
        "av",
        "som",
        "det",
        "den",
        "du",
        "svar",
        "svarene",
        "ditt",
        "eller",
        "med",
    },
    "en": {
        "the",
        "and",
        "not",
        "is",
        "of",
        "this",
        "that",
        "you",
        "your",
        "are",
        "with",
        "answers",
        "or",
        "it",
        "be",
    },
}
_READ = """() => {
  const page = document.documentElement.cloneNode(true);
  page.querySelectorAll("script, style, [lang]").forEach(each => each.remove());
  const said = [...page.querySelectorAll("[aria-label], [content], [data-done]")].flatMap(
    each => [each.getAttribute("aria-label"), each.getAttribute("content"), each.dataset.done]);
  const shown = [...page.querySelectorAll("*")].flatMap(each => [...each.childNodes])
    .filter(each => each.nodeType === 3).map(each => each.data);
  return [...shown, ...said].map(each => (each || "").replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_speaks_one_language(reader: Reader, pack: Pack, name: str, language: str) -> None:
    texts = read_texts(reader.open(name, language))
    words = {word for text in texts for word in re.findall(r"[a-zæøå]+", text.lower())}
    other = next(each for each in LANGUAGES if each != language)
    assert words & COMMON_WORDS[language]
    assert words & COMMON_WORDS[other] == set()
    assert set(texts) & (list_own_texts(other) - list_own_texts(language)) == set()


def read_texts(page: Page) -> list[str]:
    """Return every text of the page, labels that are only read aloud too, but for what is marked as foreign."""
    texts: list[str] = page.evaluate(_READ)
    assert f"/{page.locator('html').get_attribute('lang')}/" in page.url
    return texts


def list_own_texts(language: str) -> set[str]:
    """Return the texts of the templates in a language; English is what stands in the templates themselves."""
    with (Path(languages.__file__).parent / "catalogs" / "nb.po").open("rb") as file:
        catalog = read_po(file)
    if language == "en":
        return {message.id for message in catalog if isinstance(message.id, str)}
    return {message.string for message in catalog if isinstance(message.string, str)}
