"""Staff never get lost: they land where they work, find the way back, and know each page by its title."""

import re
from collections import defaultdict

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fitquiz.web.accounts.staff_navigation import NO_SECTION, SECTIONS, find_section
from fitquiz.web.security.access import ACCESS
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.calls import list_calls
from tests.web.support.page import Page, parse_page
from tests.web.support.respondent import Respondent
from tests.web.support.signing_in import sign_in
from tests.web.support.staff_member import StaffMember, add
from tests.web.support.stage import Stage

STAFF_RULES = ("staff", "hr", "counsellor", "admin")
NO_PAGES = ("sign_in.stay",)
"""Routes for staff whose answer is not a page."""
MENU = "Menu for signed-in staff"
EVERYWHERE = ("/en/", "/en/privacy", "/en/reports/anonymity", "/en/code", "/en/sign-in")


def read_menu(page: Page) -> list[str]:
    """Return the texts of the menu, and mark the present section with a star."""
    return [
        f"{'*' if link.get('aria-current') else ''}{''.join(link.itertext()).strip()}"
        for menu in page.find_all("nav", **{"aria-label": MENU})
        for link in menu.iter("a")
    ]


@pytest.mark.parametrize(
    ("permissions", "heading"),
    [
        (["hr"], "Campaigns"),
        (["counsellor"], "Clients"),
        (["admin"], "Staff"),
        (["admin", "counsellor"], "Clients"),
        (["admin", "hr", "counsellor"], "Campaigns"),
    ],
)
def test_staff_land_where_they_work(
    app: Flask, mallory: Respondent, permissions: list[str], heading: str
) -> None:
    add(app, "Hana", *permissions)
    sign_in(mallory)
    assert mallory.page.h1 == heading


@pytest.mark.parametrize("address", EVERYWHERE)
def test_the_menu_stays_on_public_pages(hana: StaffMember, address: str) -> None:
    menu = read_menu(hana.open(address))
    assert menu == ["Campaigns", "Reports", "Account"]


def test_the_menu_stays_on_error_pages(hana: StaffMember) -> None:
    for address, status in (("/en/nowhere", 404), ("/en/staff", 403), ("/en/sign-out", 405)):
        assert read_menu(hana.open(address, status)) == ["Campaigns", "Reports", "Account"]


@pytest.mark.parametrize("address", EVERYWHERE)
def test_nobody_else_sees_the_menu(mallory: Respondent, address: str) -> None:
    assert read_menu(mallory.open(address)) == []


def test_the_styles_of_the_menu_come_only_with_the_menu(
    hana: StaffMember, mallory: Respondent
) -> None:
    assert "/static/staff." in hana.open("/en/").response.text
    assert "/static/staff." not in mallory.open("/en/").response.text


def test_an_attempt_belongs_to_the_respondent_and_has_no_menu(hana: StaffMember) -> None:
    hana.start()
    assert read_menu(hana.page) == []


def test_an_error_of_the_server_asks_for_nobody(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    hana = StaffMember(app, "Hana", "hr")
    monkeypatch.setitem(app.view_functions, "info.privacy", lambda: 1 / 0)
    assert read_menu(hana.open("/en/privacy", 500)) == []


def test_every_page_of_staff_is_in_a_section() -> None:
    lost = [
        endpoint
        for endpoint, rule in ACCESS.items()
        if rule in STAFF_RULES
        and endpoint not in NO_PAGES
        and find_section(endpoint) not in SECTIONS
    ]
    assert lost == []
    assert [find_section(endpoint) for endpoint in NO_SECTION] == list(NO_SECTION)
    assert find_section("info.start") == ""


def open_all(stage: Stage) -> dict[str, Page]:
    """Open each page of staff as somebody who may, and return the pages by address."""
    browsers: dict[str, FlaskClient] = {}
    pages = {}
    for call in list_calls(stage, "GET"):
        if call.needed not in STAFF_RULES:
            continue
        doer = call.doer
        browser = browsers.setdefault(doer, stage.people[doer].sit_down(stage.app))
        response = browser.get(call.address, follow_redirects=True)
        if response.status_code == 200 and response.mimetype == "text/html":
            pages[response.request.path] = parse_page(response)
    return pages


def test_each_page_marks_its_section_and_has_a_title_of_its_own(stage: Stage) -> None:
    pages = open_all(stage)
    assert len(pages) > 25
    addresses = defaultdict(list)
    for address, page in pages.items():
        marked = [name for name in read_menu(page) if name.startswith("*")]
        assert len(marked) == 1, address
        (title,) = page.list_texts("title")
        language = address.split("/")[1]
        addresses[language, re.sub(r"\s+", " ", title)].append(address)
    assert [each for each in addresses.values() if len(each) > 1] == []
