"""The checks that every page goes through catch what they are for."""

import pytest
from flask import Flask, Response
from html5lib.html5parser import ParseError
from werkzeug.test import TestResponse

from tests.web.support.page_checks import HEADERS, OFF, check_headers, check_page

HEAD = '<!doctype html><html lang="en"><head><title>Start – Fitquiz</title></head>'
GOOD = HEAD + "<body><main><h1>Start</h1>{}</main></body></html>"
FORM = '<form method="post" action="/en/x"><input type="hidden" name="csrf_token" value="t"><button>Go</button></form>'
FAULTS = {
    "two ids": '<p id="a"></p><p id="a"></p>',
    "a second h1": "<h1>More</h1>",
    "an empty heading": "<h2></h2>",
    "a level left out": "<h3>More</h3>",
    "a field without a label": '<p><input name="x" id="x"></p>',
    "a label for nothing": '<p><label for="y">Y</label></p>',
    "a link into nothing": '<p><a href="#gone">Down</a></p>',
    "a link without a text": '<p><a href="/en/"></a></p>',
    "a form without a token": '<form method="post" action="/en/x"><button>Go</button></form>',
    "a form without an address": FORM.replace(' action="/en/x"', ""),
    "a style": '<p style="color: red">Red</p>',
    "a script": "<script>alert(1)</script>",
    "a handler": '<p onclick="go()">Go</p>',
    "a foreign link": '<p><a href="https://example.org/">Away</a></p>',
    "a foreign picture": '<p><img alt="" src="//example.org/x.png"></p>',
    "a script address": '<p><a href="javascript:go()">Go</a></p>',
}


def fetch(html: str, **headers: str) -> TestResponse:
    app = Flask("planted")
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    usual = {**HEADERS, "Permissions-Policy": ",".join(OFF), "Cache-Control": "no-store"}
    app.add_url_rule("/en/", view_func=lambda: Response(html, headers={**usual, **changed}))
    return app.test_client().get("/en/")


def test_a_page_as_it_should_be_passes() -> None:
    assert check_page(fetch(GOOD.format(FORM))).h1 == "Start"


def test_what_is_random_is_read_from_each_view() -> None:
    for letter in "abc":
        token, form_token, now = letter * 43, f"{letter * 30}.{letter}", str(ord(letter)) * 13
        link = f'<p><a href="/en/return/{token}?x=1">https://example.org/en/return/{token}</a></p>'
        form = FORM.replace('"t"', f'"{form_token}" data-now="{now[:13]}"')
        page = check_page(fetch(GOOD.format(link + form)))
        assert page.links == [f"/en/return/{token}?x=1"]
        assert page.list_texts("a") == [f"https://example.org/en/return/{token}"]
        assert page.forms[0].fields == {"csrf_token": form_token}
        assert page.find_all("input")[0].get("data-now") == now[:13]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_page_is_caught(fault: str) -> None:
    with pytest.raises(AssertionError):
        check_page(fetch(GOOD.format(FAULTS[fault])))


def test_html_that_a_browser_would_have_to_mend_is_caught() -> None:
    with pytest.raises(ParseError):
        check_page(fetch(GOOD.format("<p><div>A block in a paragraph</div></p>")))


@pytest.mark.parametrize(
    ("right", "wrong"), [('lang="en"', 'lang="nb"'), ('lang="en"', ""), ("Start –", " –")]
)
def test_a_page_without_its_language_or_title_is_caught(right: str, wrong: str) -> None:
    with pytest.raises(AssertionError):
        check_page(fetch(GOOD.format("").replace(right, wrong)))


@pytest.mark.parametrize("header", [*HEADERS, "Cache-Control", "Permissions-Policy"])
def test_a_weaker_header_is_caught(header: str) -> None:
    with pytest.raises(AssertionError):
        check_page(fetch(GOOD.format(""), **{header: "*"}))


def test_an_unexpected_status_is_caught() -> None:
    with pytest.raises(AssertionError):
        check_page(fetch(GOOD.format("")), 404)


def test_headers_are_checked_on_what_is_no_page() -> None:
    with pytest.raises(AssertionError):
        check_headers(fetch("plain", X_Frame_Options="SAMEORIGIN"))
