"""The words of a page, and the words that tell its language."""

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


def list_own_texts(language: str) -> set[str]:
    """Return the texts of the templates in a language; English is what stands in the templates themselves."""
    with (Path(page_language.__file__).parent / "catalogs" / "nb.po").open("rb") as file:
        catalog = read_po(file)
    if language == "en":
        return {message.id for message in catalog if isinstance(message.id, str)}
    return {message.string for message in catalog if isinstance(message.string, str)}
