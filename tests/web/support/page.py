"""A page, parsed strictly. Its forms, links and texts are read from the HTML of the response."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return Page(response, parser.parse(response.get_data(as_text=True)))


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
