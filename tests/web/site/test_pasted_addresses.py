"""Links and addresses as people paste and type them lead where they should, and never to another site."""

import re
from random import Random
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fitquiz.web.security.access import ACCESS, BEARER
from fitquiz.web.site.pasted_addresses import LINK_KINDS
from tests.web.support.calls import list_calls
from tests.web.support.page_checks import check_page
from tests.web.support.respondent import Respondent
from tests.web.support.stage import Stage
from tests.web.support.wrapping import list_wrapped

STUCK = (
    "{}.",
    "{})",
    "<{}>",
    "%3C{}%3E",
    "{}%3E",
    "{},",
    "{}”",
    "“{}”",
    "{}/",
    "{}//",
    "/{}",
    "{}%20and%20more",
    "{}%20",
    "%20{}",
    "{}%0A%0AHilsen%20Kari",
    "{}_",
    "{}-",
    "{}**",
    "{}&amp;x",
    "{}&utm_source=x",
    "{};",
    "{}%2E",
    "{}%252E",
    "%253C{}%253E",
    "&lt;{}&gt;",
    "{}\u200b",
    "\u200b{}",
    "\ufeff{}\u2060",
    "{}](https://fit.example.org/en/",
    "{}hei",
    "{}\\",
    "{}'",
    "{}%F0%9F%98%80",
    "{}...",
)
JUNK = (
    *("en", "nb", "EN", "no", "code", "kode", "KODE", "Privacy", "attempts", "Packs", "begin"),
    *("invitations", "Return", "shared", "staff-links", "guided", "A" * 43, "b" * 42, "aB" * 30),
    *("", " ", ".", "..", "...", "//evil.example", "\\evil.example", "https:", "evil.example", "@"),
    *("%2e%2e", "%2f%2fevil.example", "%5c", "%00", "%0d%0aX:1", "\u200b", "æ", "?", "#", "&lt;"),
    *("front-back-office", "Front-Back-Office", "static", "sign-in", "7", "007", "healthz", "é."),
)


def arrive(client: FlaskClient, path: str, **more: Any) -> str:
    """Open a path as it is, follow where it leads, and return the path of the last page."""
    for _hop in range(4):
        # The test client itself would take the start of //x for a host.
        environ = {"PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "REQUEST_URI": path}
        response = client.open("/", environ_overrides=environ, **more)
        assert response.status_code < 500
        if response.location is None:
            return path
        path = response.location.removeprefix("http://localhost")
        assert re.match(r"/(?![/\\])", path), path
    raise AssertionError(f"{path} leads round in a circle")


def list_dirty(token: str, address: str) -> list[str]:
    """Return the address with text stuck to its start or its end, as a browser sends it."""
    before, found, after = address.partition(token)
    dirty = [form.format(found + after) for form in STUCK]
    return [before + quote(each, safe="/%:&;_-.,") for each in dirty]


def test_the_kinds_of_links_are_those_of_the_routes(app: Flask) -> None:
    rules = [str(rule) for rule in app.url_map.iter_rules() if ACCESS[rule.endpoint] == BEARER]
    kinds = {rule.partition("/<token>")[0].rpartition("/")[2] for rule in rules}
    assert kinds == set(LINK_KINDS)


def test_a_link_leads_to_its_page_whatever_is_stuck_to_it(stage: Stage) -> None:
    client = stage.app.test_client()
    calls = [call for call in list_calls(stage, "GET") if call.needed == BEARER]
    assert len(calls) == 10
    for call in calls:
        token = stage.tokens[call.endpoint]
        assert client.get(call.address).status_code == 200
        for address in list_dirty(token, call.address):
            assert arrive(client, address) == call.address, address
        # The text after a question mark belongs to no address of ours.
        assert client.get(f"{call.address}?utm_source=x").status_code == 200


@pytest.mark.parametrize("invisible", ["\u200b", "\u00ad", "\u2060", "\ufeff", "\ufe0f"])
def test_an_invisible_character_inside_a_token_does_not_count(stage: Stage, invisible: str) -> None:
    token = stage.tokens["keeping.come_back"]
    split = f"/en/return/{token[:20]}{invisible}{token[20:]}"
    assert arrive(stage.app.test_client(), quote(split)) == f"/en/return/{token}"


def test_a_link_that_a_mail_program_has_wrapped_is_joined(stage: Stage) -> None:
    client = stage.app.test_client()
    for call in list_calls(stage, "GET"):
        if call.needed == BEARER:
            token = stage.tokens[call.endpoint]
            for gap, ending in (("%20", ""), ("%3D%0D%0A", ")%20takk")):
                for wrapped in list_wrapped(call.address, token, gap):
                    assert arrive(client, wrapped + ending) == call.address, wrapped


@pytest.mark.parametrize("rest", ["and a text", "A" * 22, "A" * 24, "AAAAAAAAAA AAAAA AAAAAAAA"])
def test_what_follows_a_part_of_a_link_is_not_joined_to_it(stage: Stage, rest: str) -> None:
    part = f"/en/invitations/{'A' * 20}"
    assert arrive(stage.app.test_client(), quote(f"{part} {rest}")) == part


def test_a_link_in_capital_letters_keeps_its_token(stage: Stage) -> None:
    token = stage.tokens["invitation_landing.start"]
    client = stage.app.test_client()
    for kind in ("/EN/Invitations/{}", "/En/INVITATIONS/{}.", "/fitquiz/en/invitations/{}"):
        assert arrive(client, kind.format(token)) == f"/en/invitations/{token}"
    begin = f"/en/invitations/{token}/begin"
    for ending in ("/Begin", "/begin/", "/begin.", "//begin", "/begin%20now"):
        assert arrive(client, f"/en/invitations/{token}{ending}") == begin


def test_a_link_without_a_language_gets_the_browsers(stage: Stage) -> None:
    token = stage.tokens["public_share.shared"]
    client = stage.app.test_client()
    for language in ("nb", "en"):
        response = client.get(f"/shared/{token}", headers={"Accept-Language": language})
        assert response.location == f"/{language}/shared/{token}"


@pytest.mark.parametrize("cut", [42, 20, 1])
def test_a_link_that_is_cut_short_is_a_dead_end_with_help(stage: Stage, cut: int) -> None:
    client = stage.app.test_client()
    for call in list_calls(stage, "GET"):
        if call.needed == BEARER:
            token = stage.tokens[call.endpoint]
            address = call.address.replace(token, token[:cut])
            page = check_page(client.get(address, follow_redirects=True), 404)
            assert re.search(
                "part of the link is missing|Copy the whole link|copied whole", page.text
            )
            if call.endpoint != "sign_in.choose":
                assert page.find_link("/en/code")


def test_a_head_request_is_led_on_and_a_form_is_not(stage: Stage) -> None:
    token = stage.tokens["keeping.come_back"]
    address = f"/en/return/{token}."
    assert stage.ask("nobody", "HEAD", address).location == f"/en/return/{token}"
    assert stage.ask("nobody", "POST", address, {}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/Code", "/code"),
        ("/code/", "/code"),
        ("/CODE/", "/code"),
        ("/kode", "/code"),
        ("/Kode", "/code"),
        ("/KODE/", "/code"),
        ("/code.", "/code"),
        ("/kode).", "/code"),
        ("/nb/kode", "/nb/code"),
        ("/NN/Kode", "/nn/code"),
        ("/En/code", "/en/code"),
        ("/EN/Kode/", "/en/code"),
        ("/EN/", "/en/"),
        ("/NB", "/nb/"),
        ("/no", "/nb/"),
        ("/no/kode", "/nb/code"),
        ("/en/privacy/", "/en/privacy"),
        ("/en/Privacy", "/en/privacy"),
        ("/privacy", "/en/privacy"),
        ("/Sign-In", "/en/sign-in"),
        ("/en//sign-in", "/en/sign-in"),
        ("/en/packs/Front-Back-Office", "/en/packs/front-back-office/"),
        ("/EN/PACKS/FRONT-BACK-OFFICE/BEGIN/", "/en/packs/front-back-office/begin"),
        ("/en/code%20and%20more", "/en/code"),
        ("/Healthz", "/healthz"),
    ],
)
def test_an_address_leads_to_the_page_that_is_meant(app: Flask, typed: str, meant: str) -> None:
    english = {"Accept-Language": "en"}
    last = "/en/code" if meant == "/code" else meant
    assert arrive(app.test_client(), typed, headers=english) == last
    assert app.test_client().get(last).status_code == 200


def test_an_attempts_address_in_capital_letters_keeps_its_handle(alice: Respondent) -> None:
    alice.take({})
    base = alice.base
    for typed in (f"/EN/Attempts/{alice.handle}/Result", f"{base}/result/", f"{base}/RESULT."):
        assert arrive(alice.client, typed) == f"{base}/result"


def test_a_handle_that_ends_with_an_underscore_is_whole(app: Flask) -> None:
    visitor = app.test_client()
    assert visitor.get("/en/attempts/hm2B3UeGv8i_/").status_code == 404
    assert visitor.get("/en/attempts/hm2B3UeGv8iA_/").location == "/en/attempts/hm2B3UeGv8iA/"


@pytest.mark.parametrize(
    "path", ["/nowhere", "/en/nowhere/", "/en/kode/kode", "/EN/nowhere", "/en/packs", "/nb/code/x"]
)
def test_what_means_no_page_is_not_found_at_once(app: Flask, path: str) -> None:
    page = check_page(app.test_client().get(path, headers={"Accept-Language": "en"}), 404)
    assert [link for link in page.links if link.endswith("/code")]


def test_a_redirect_depends_on_the_browsers_language_and_is_not_stored(app: Flask) -> None:
    response = app.test_client().get("/privacy")
    assert response.status_code == 302
    assert "Accept-Language" in response.vary
    assert response.headers["Cache-Control"] == "no-store"


def test_junk_leads_to_no_other_site_and_round_in_no_circle(stage: Stage) -> None:
    chance = Random(5)
    client = stage.app.test_client()
    moved = 0
    for _ in range(300):
        parts = [chance.choice(JUNK) for _ in range(chance.randint(1, 5))]
        path = "/" + "/".join(quote(part, safe="%:@&;\\?#") for part in parts)
        moved += arrive(client, path) != path
    assert moved > 30
