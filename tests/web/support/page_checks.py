"""Checks that every page must pass. The error of each check describes the fault."""

import re
from collections import Counter
from itertools import pairwise

from werkzeug.test import TestResponse

from fitquiz.core.languages import LANGUAGES
from tests.web.support.page import Page, list_elements, parse_page, read_text

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FEATURES = """
accelerometer autoplay browsing-topics camera clipboard-read compute-pressure display-capture encrypted-media fullscreen
gamepad geolocation gyroscope hid identity-credentials-get idle-detection keyboard-map local-fonts magnetometer
microphone midi otp-credentials payment picture-in-picture publickey-credentials-get screen-wake-lock serial
storage-access usb window-management xr-spatial-tracking
"""
OFF = [f"{feature}=()" for feature in _FEATURES.split()]
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
_ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "srcset", "cite")
_OWN_ADDRESS = re.compile(r"/(?!/)|#|otpauth:|mailto:\?")
"""Matches the address of a page of this site, of a place on the present page, or of an authenticator app.

Also matches an e-mail without a recipient.
"""
_POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form", "list")


def check_page(response: TestResponse, status: int = 200) -> Page:
    """Run all checks on a response, and return its parsed page."""
    assert response.status_code == status, (
        f"{response.request.path}: {response.status}, not {status}"
    )
    page = parse_page(response)
    check_headers(response)
    assert response.headers["Cache-Control"] == "no-store"
    for check in (
        check_head,
        check_headings,
        check_ids,
        check_labels,
        check_forms,
        check_inline,
        check_addresses,
    ):
        check(page)
    return page


def check_headers(response: TestResponse) -> None:
    """Check that a response has the security headers."""
    wrong = {
        name: response.headers.get(name)
        for name, value in HEADERS.items()
        if response.headers.get(name) != value
    }
    assert wrong == {}, f"{response.request.path} lacks headers: {wrong}"
    if response.mimetype != "text/html":
        assert "Permissions-Policy" not in response.headers
    else:
        features = response.headers["Permissions-Policy"].split(",")
        assert set(OFF) <= set(features)
        assert [feature for feature in features if not feature.endswith("=()")] == []
    expected = STRICT_TRANSPORT if response.request.scheme == "https" else None
    assert response.headers.get("Strict-Transport-Security") == expected
    assert "Server" not in response.headers


def check_head(page: Page) -> None:
    """Check that the page's language is the language of the address, and that the page has one title with text."""
    language = page.tree.get("lang")
    assert language in LANGUAGES, "the page has no language"
    first = page.response.request.path.split("/")[1]
    assert first not in LANGUAGES or first == language, f"{first} is in {language}"
    (title,) = page.list_texts("title")
    assert title.removesuffix("Fitquiz").strip(" –"), "the title is empty"


def check_headings(page: Page) -> None:
    """Check that the page has one h1 with text, and that no level of headings is left out."""
    levels = [int(str(each.tag)[1]) for each in page.find_all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1, f"{levels.count(1)} h1"
    assert all(page.list_texts("h1", "h2", "h3", "h4", "h5", "h6")), "an empty heading"
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), levels


def check_ids(page: Page) -> None:
    """Check that ids are unique, and that each reference to an id has a target."""
    counted = Counter(
        each.get("id") for each in list_elements(page.tree) if each.get("id") is not None
    )
    assert [name for name, number in counted.items() if number > 1] == []
    pointed = [
        each.get(name, "").split() for each in list_elements(page.tree) for name in _POINTERS
    ]
    pointed.append([link[1:] for link in page.links if link.startswith("#")])
    assert {name for names in pointed for name in names} <= set(counted)


def check_labels(page: Page) -> None:
    """Check that every field has a label, and that every link and every button has a text."""
    labelled = {each.get("for") for each in page.find_all("label")}
    for field in page.find_all("input", "select", "textarea", "progress", "meter"):
        known = (
            field.get("type") == "hidden" or field.get("aria-label") or field.get("id") in labelled
        )
        assert known, f"no label: {field.attrib}"
    unnamed = [
        each
        for each in page.find_all("a", "button")
        if not read_text(each) and not each.get("aria-label")
    ]
    assert unnamed == [], "a link or button without a text"


def check_forms(page: Page) -> None:
    """Check that every form has an address, and that every form with method POST has a form token."""
    for form in page.forms:
        assert form.action.startswith("/"), (
            "a form without an address: the fragment of the page would stay in it"
        )
        assert form.method == "get" or form.fields.get("csrf_token"), f"{form.action} has no token"


def check_inline(page: Page) -> None:
    """Check that the page contains no inline style, script or event handler."""
    assert page.find_all("style", "base", "iframe", "object", "embed") == []
    for element in list_elements(page.tree):
        assert element.tag != "script" or (element.get("src") and not read_text(element)), (
            "a script within the page"
        )
        assert [
            name for name in element.attrib if name == "style" or str(name).startswith("on")
        ] == []


def check_addresses(page: Page) -> None:
    """Check that no link leads to another site, and that no file comes from another site."""
    for element in list_elements(page.tree):
        addresses = [address for name in _ADDRESSES if (address := element.get(name)) is not None]
        assert [address for address in addresses if not _OWN_ADDRESS.match(address)] == []
        assert element.get("http-equiv") is None
