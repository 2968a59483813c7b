"""The words of a page, and the words that tell its language."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from fitquiz.web.site import page_language

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
    "nn": {
        "og",
        "ikkje",
        "eg",
        "er",
        "på",
        "av",
        "som",
        "det",
        "den",
        "du",
        "svar",
        "svara",
        "ditt",
        "eller",
        "med",
        "kva",
        "frå",
        "korleis",
        "vere",
        "be",
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


def read_texts(page: Page) -> list[str]:
    """Return every text of the page, labels that are only read aloud too, but for what is marked as foreign."""
    texts: list[str] = page.evaluate(_READ)
    assert f"/{page.locator('html').get_attribute('lang')}/" in page.url
    return texts


def list_foreign_words(language: str) -> set[str]:
    """Return the common words of the other languages that are no common words of this language."""
    return set().union(*COMMON_WORDS.values()) - COMMON_WORDS[language]


def list_foreign_texts(language: str) -> set[str]:
    """Return the texts of the templates in the other languages that no text in this language equals."""
    others = [list_own_texts(each) for each in COMMON_WORDS if each != language]
    return set().union(*others) - list_own_texts(language)


@cache
def list_own_texts(language: str) -> set[str]:
    """Return the texts of the templates in a language; English is what stands in the templates themselves."""
    catalog = "nb" if language == "en" else language
    with (Path(page_language.__file__).parent / "catalogs" / f"{catalog}.po").open("rb") as file:
        messages = list(read_po(file))
    if language == "en":
        return {message.id for message in messages if isinstance(message.id, str)}
    return {message.string for message in messages if isinstance(message.string, str)}
