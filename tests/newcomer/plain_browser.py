"""A browser that only speaks HTTP: it keeps cookies, follows redirects, links and forms, and runs no script.

A test presses a button or follows a link by its text, as a person does. It can fill only the fields
that the page has.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener
from xml.etree.ElementTree import Element

import html5lib

ANSWER_SECONDS = 30


@dataclass(frozen=True)
class Button:
    """A button that sends a form; its name and value are sent too, if it has a name."""

    text: str
    name: str
    value: str


@dataclass(frozen=True)
class Form:
    """A form with the fields that a browser sends if the person changes nothing."""

    action: str
    method: str
    fields: dict[str, str]
    optional: frozenset[str]
    """The names of the boxes. A browser does not send those that are not ticked."""
    buttons: list[Button]


@dataclass(frozen=True)
class Page:
    """One answer of the server."""

    address: str
    status: int
    content_type: str
    body: bytes

    @property
    def tree(self) -> Element:
        """The parsed HTML."""
        tree: Element = html5lib.parse(self.body, namespaceHTMLElements=False)
        return tree

    @property
    def text(self) -> str:
        """The words of the main part, with single spaces, also between elements."""
        (main,) = self.tree.iter("main")
        return _read_words(main)

    @property
    def heading(self) -> str:
        """The words of the first heading."""
        return _read_words(next(self.tree.iter("h1")))

    @property
    def links(self) -> dict[str, str]:
        """The address of each link by its spoken label or text; the first one if two have the same."""
        found: dict[str, str] = {}
        for link in self.tree.iter("a"):
            label = link.get("aria-label") or _read_words(link)
            address = urljoin(self.address, link.get("href", ""))
            found.setdefault(label, address)
        return found

    @property
    def forms(self) -> list[Form]:
        """All forms."""
        return [_read_form(form, self.address) for form in self.tree.iter("form")]

    @property
    def buttons(self) -> list[Button]:
        """The buttons of all forms."""
        return [button for form in self.forms for button in form.buttons]


class Browser:
    """One person's browser. After each step `page` is what it shows."""

    page: Page

    def __init__(self, server: str) -> None:
        """Take the server's address, without a slash at its end."""
        self.server = server
        # No proxy: a machine may name one for all addresses, and the server is on this machine.
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
        self._opener.addheaders = [("User-Agent", "plain"), ("Accept-Language", "en")]

    def open(self, address: str, status: int = 200) -> Page:
        """Type an address, whole or from its first slash on."""
        return self._ask(Request(urljoin(self.server, address)), status)

    def follow(self, text: str, status: int = 200) -> Page:
        """Click a link by its text or its spoken label."""
        links = self.page.links
        assert text in links, f"{self.page.address} has no link {text!r}: {sorted(links)}"
        return self.open(links[text], status)

    def press(self, text: str, status: int = 200, **typed: str) -> Page:
        """Fill the fields of the form that has this button, and press it."""
        fitting = []
        for form in self.page.forms:
            fitting += [(form, button) for button in form.buttons if button.text == text]
        assert len(fitting) == 1, f"{self.page.address} has {len(fitting)} buttons {text!r}"
        form, button = fitting[0]

        unknown = typed.keys() - form.fields.keys() - form.optional
        assert not unknown, f"{self.page.address} has no field {sorted(unknown)}"
        pressed = {button.name: button.value} if button.name else {}
        return self.send(form, {**form.fields, **typed, **pressed}, status)

    def send(self, form: Form, fields: dict[str, str], status: int = 200) -> Page:
        """Send these fields to the address of a form."""
        query = urlencode(fields)
        if form.method == "get":
            address = form.action.partition("?")[0]
            return self.open(f"{address}?{query}", status)

        shown = urlsplit(self.page.address)
        headers = {
            "Referer": self.page.address,
            "Origin": f"{shown.scheme}://{shown.netloc}",
        }
        request = Request(form.action, query.encode(), headers)
        return self._ask(request, status)

    def _ask(self, request: Request, status: int) -> Page:
        response: HTTPResponse | HTTPError
        try:
            response = self._opener.open(request, timeout=ANSWER_SECONDS)
        except HTTPError as error:  # An error page is a page too.
            response = error
        with response:
            body = response.read()
        self.page = Page(
            address=response.url or request.full_url,
            status=response.status or 0,
            content_type=response.headers.get("Content-Type", ""),
            body=body,
        )
        said = f"{self.page.address} answered {self.page.status}, not {status}:\n"
        assert self.page.status == status, said + body.decode("utf-8", "replace")
        return self.page


def _read_words(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _read_form(form: Element, address: str) -> Form:
    fields = {}
    optional = set()
    for field in form.iter():
        name = field.get("name", "")
        kind = field.get("type", "text")
        if field.tag == "textarea":
            fields[name] = field.text or ""
        elif field.tag == "select":
            fields[name] = _read_choice(field)
        elif field.tag == "input" and kind in ("checkbox", "radio"):
            optional.add(name)
            if field.get("checked") is not None:
                fields[name] = field.get("value", "on")
        elif field.tag == "input" and kind not in ("submit", "button"):
            fields[name] = field.get("value", "")
    return Form(
        action=urljoin(address, form.get("action", "")),
        method=form.get("method", "get").lower(),
        fields=fields,
        optional=frozenset(optional),
        buttons=list(_list_buttons(form)),
    )


def _read_choice(select: Element) -> str:
    """Return the value of the selected option, or else of the first one."""
    options = list(select.iter("option"))
    if not options:
        return ""
    chosen = options[0]
    for option in options:
        if option.get("selected") is not None:
            chosen = option
    return chosen.get("value", chosen.text or "")


def _list_buttons(form: Element) -> Iterator[Button]:
    for button in form.iter("button"):
        if button.get("type") != "button":
            yield Button(
                text=_read_words(button),
                name=button.get("name", ""),
                value=button.get("value", ""),
            )
