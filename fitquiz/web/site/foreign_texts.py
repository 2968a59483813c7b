"""Texts of a pack in another language than the page.

If a pack has no texts in the language of a page, the page shows the texts in another language. Each
such text gets the HTML attributes `lang` and `dir`. Therefore a screen reader reads the text with
the right voice, and a browser shows the text in the right direction.

The texts themselves know their language. Therefore no template has to add the attributes. Only an
HTML attribute, a title and an option cannot contain other HTML. There, a template uses the filter
`plain`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from markupsafe import Markup

from fitquiz.core.languages import find_same
from fitquiz.core.packs import Pack, Words
from fitquiz.web.site.page_language import get_language

_RIGHT_TO_LEFT = frozenset(
    [
        "ar",
        "arc",
        "ckb",
        "dv",
        "fa",
        "he",
        "ks",
        "nqo",
        "ps",
        "sd",
        "syr",
        "ug",
        "ur",
        "yi",
    ]  # codes of languages
)


class ForeignText(str):
    """A text in another language than the page. In HTML, the text has the attributes `lang` and `dir`."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> "ForeignText":
        """Return the text, marked with the code of its language."""
        foreign = super().__new__(cls, text)
        foreign.language = language
        return foreign

    def __html__(self) -> Markup:
        """Return the text as HTML."""
        attributes = say_language(self)
        plain = str(self)
        pattern = Markup("<span{}>{}</span>")
        return pattern.format(attributes, plain)

    def capitalize(self) -> "ForeignText":
        """Return the text with a capital first letter."""
        text = super().capitalize()
        language = self.language
        return ForeignText(text, language)

    def lower(self) -> "ForeignText":
        """Return the text in small letters."""
        text = super().lower()
        language = self.language
        return ForeignText(text, language)

    def strip(self, characters: str | None = None, /) -> "ForeignText":
        """Return the text without these characters at its ends."""
        text = super().strip(characters)
        language = self.language
        return ForeignText(text, language)


def init_foreign_texts(app: Flask) -> None:
    """Let templates use the filters `plain`, `say_language` and `written_in`."""
    app.add_template_filter(str, "plain")
    app.add_template_filter(say_language)
    app.add_template_filter(written_in)


def page_words(pack: Pack, language: str | None = None) -> Words:
    """Return the texts of a pack for a page in `language`, or in the language of the request.

    If the pack has no texts in this language, return texts of the class `ForeignText`.
    """
    wanted = language or get_language()
    words = pack.words_in(wanted)
    if find_same(wanted, pack.languages):
        return words
    marked: Words = _mark(words, pack.language_for(wanted))
    return marked


def written_in(text: str, languages: Sequence[str]) -> str:
    """Return a text that staff wrote for readers of these languages.

    If the language of the page is not one of them, return a text of the class `ForeignText`. Without
    languages, the language of the text is unknown.
    """
    if not languages:
        return text
    if get_language() in languages:
        return text
    return ForeignText(text, languages[0])


def list_titles(packs: tuple[Pack, ...]) -> list[tuple[str, str, dict[str, str]]]:
    """Return the options of a field in which a staff member chooses a pack.

    An option contains the pack's id, the pack's title, and HTML attributes.
    """
    options = []
    for pack in packs:
        title = page_words(pack)["title"]
        attributes = _list_attributes(title)
        option = (pack.id, str(title), attributes)
        options.append(option)
    return options


def say_language(text: str) -> Markup:
    """Return the HTML attributes of an element that contains `text` and no other text.

    For a text in the language of the page, return no attributes.
    """
    pattern = Markup(' {}="{}"')
    attributes = Markup("")
    for name, value in _list_attributes(text).items():
        attributes += pattern.format(name, value)
    return attributes


def _list_attributes(text: str) -> dict[str, str]:
    if not isinstance(text, ForeignText):
        return {}
    direction = "ltr"
    primary = text.language.partition("-")[0]
    if primary in _RIGHT_TO_LEFT:
        direction = "rtl"
    return {"lang": text.language, "dir": direction}


def _mark(texts: Any, language: str) -> Any:
    """Return a table, a list or a text with the language of each text."""
    if isinstance(texts, str):
        return ForeignText(texts, language)
    if not isinstance(texts, Mapping):
        return [_mark(each, language) for each in texts]

    marked = {}
    for key, each in texts.items():
        marked[key] = _mark(each, language)
    return marked
