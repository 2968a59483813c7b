"""A page, parsed strictly. Its forms, links and texts are read from the HTML of the response."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its address, its filled-in fields, and the texts, values and names of its buttons."""

    action: str
    method: str
    fields: Mapping[str, str]
    buttons: Mapping[str, str]
    names: Mapping[str, str]

    def press(self, button: str = "") -> dict[str, str]:
        """Return the fields that a browser sends after a press of `button`, or of the first button."""
        text = button or next(iter(self.buttons))
        own = {self.names[text]: self.buttons[text]} if self.names[text] else {}
        assert not own.keys() & self.fields.keys(), (
            f"a field and the button {text!r} share a name; which one counts?"
        )
        return {**self.fields, **own}


@dataclass(frozen=True)
class Page:
    """One page, with its response."""

    response: TestResponse
    tree: Element

    @property
    def h1(self) -> str:
        """The text of the first h1."""
        return read_text(self.find_all("h1")[0])

    @property
    def title(self) -> str:
        """The text of the title."""
        return read_text(self.find_all("title")[0])

    @property
    def text(self) -> str:
        """The text of the element `main`, with single spaces."""
        return read_text(self.find_all("main")[0])

    @property
    def links(self) -> list[str]:
        """The addresses of all links."""
        return [link.get("href", "") for link in self.find_all("a")]

    @property
    def forms(self) -> list[Form]:
        """All forms."""
        return [_read_form(form) for form in self.find_all("form")]

    def find_all(self, *tags: str, **attributes: str) -> list[Element]:
        """Return the elements with one of these tags and all these attributes. Without tags, search all elements."""
        return [
            element
            for element in list_elements(self.tree)
            if (not tags or element.tag in tags)
            and all(
                element.get(name.strip("_").replace("_", "-")) == value
                for name, value in attributes.items()
            )
        ]

    def find_form(self, ending: str) -> Form:
        """Return the only form whose address, without its query string, has this ending."""
        (form,) = [form for form in self.forms if form.action.partition("?")[0].endswith(ending)]
        return form

    def find_link(self, part: str) -> str:
        """Return the address of the first link that contains this part."""
        return next(link for link in self.links if part in link)

    def list_texts(self, *tags: str, **attributes: str) -> list[str]:
        """Return the texts of the elements that `find_all` returns."""
        return [read_text(element) for element in self.find_all(*tags, **attributes)]


def parse_page(response: TestResponse) -> Page:
    """Return the page of a response. Raise an error if the HTML is not valid."""
    assert response.mimetype == "text/html"
    html = response.get_data(as_text=True)
    if _MARK in html:
        return Page(response, _parse_anew(html))
    randoms = list(dict.fromkeys(_RANDOM.findall(html)))
    marks = {random: f"{_MARK}{number}{_MARK}" for number, random in enumerate(randoms)}
    tree = _parse_once(_RANDOM.sub(lambda found: marks[found[0]], html))
    return Page(response, _fill_marks(deepcopy(tree), randoms))


_MARK = "\ue000"
"""A character without a meaning in HTML."""
_RANDOM = re.compile(
    r'(?<=["/])[\w.-]{20,}(?=["/?#<])|(?<=/attempts/)[\w-]{12}(?=["/])|(?<=")\d{13}(?=")'
)
"""Matches tokens, handles and milliseconds, in values, in addresses and in texts.

Much of the time of the tests goes into parsing. Without these, two views of one page are often equal. They do not
change how a page is parsed.
"""
_MARKED = re.compile(f"{_MARK}(\\d+){_MARK}")


def _parse_anew(html: str) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(html)
    return tree


_parse_once = lru_cache(maxsize=250)(_parse_anew)


def _fill_marks(tree: Element, randoms: list[str]) -> Element:
    """Put what is random back into a parsed page."""

    def fill(text: str | None) -> str | None:
        if text is None or _MARK not in text:
            return text
        return _MARKED.sub(lambda found: randoms[int(found[1])], text)

    for element in tree.iter():
        element.text, element.tail = fill(element.text), fill(element.tail)
        for name, value in element.items():
            if _MARK in value:
                element.set(name, str(fill(value)))
    return tree


def list_elements(tree: Element) -> Iterator[Element]:
    """Yield every element. Leave out comments."""
    return (element for element in tree.iter() if not callable(element.tag))


def read_text(element: Element) -> str:
    """Return an element's text with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _read_form(form: Element) -> Form:
    elements = list(list_elements(form))
    buttons = [each for each in elements if each.tag == "button" and each.get("type") != "button"]
    inputs = [
        each
        for each in elements
        if each.tag == "input" and each.get("type") not in ("checkbox", "radio")
    ]
    return Form(
        action=form.get("action", ""),
        method=form.get("method", "get"),
        fields={each.get("name", ""): each.get("value", "") for each in inputs},
        buttons={read_text(each): each.get("value", "") for each in buttons},
        names={read_text(each): each.get("name", "") for each in buttons},
    )


def find_first(pattern: re.Pattern[str], text: str) -> str:
    """Return the first group of a pattern. The text must contain the pattern."""
    found = pattern.search(text)
    assert found
    return found[1]
