"""Whatever HR has typed comes back after a refusal: each form of HR, with each field wrong in turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from fitquiz.store.accounts.staff import HR
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.web.security.access import ACCESS
from tests.web.support.app_fixtures import MAIL_SETTINGS, MakeApp
from tests.web.support.calls import FORMS
from tests.web.support.campaigning import edit, fill, send_wrong, today
from tests.web.support.page import Page
from tests.web.support.sealing import fill as fill_pending
from tests.web.support.sealing import seal
from tests.web.support.staff_member import StaffMember

LONG = "x" * 121
LIST = "Navn;E-post;Avdeling\nKari;kari@example.org;IT"
DAY = str(today() + timedelta(3))


@dataclass(frozen=True)
class Typed:
    """A form with what is typed into it, and a wrong value for fields of it."""

    ending: str
    fields: Mapping[str, Any]
    wrong: Mapping[str, Any]
    is_personal: bool = False
    is_sealed: bool = False


MAILING = {"addresses": LIST, "own_words": "Cake!\n\nAll of you", "first_reminder_on": DAY}
TYPED = {
    "campaigns.new": Typed(
        "new",
        fill(cap="40", kind="personal", sealing="weekly", addresses=LIST),
        {
            "title": LONG,
            "inviter": "",
            "opens_on": "soon",
            "closes_on": "2020-01-01",
            "cap": "many",
            "units": "A > B > C > D",
            "threshold": "4",
            "split_from": "-1",
            "statistics": [],
            "languages": [],
            "addresses": "nobody",
        },
    ),
    "campaigns.edit": Typed(
        "edit",
        {},
        {
            "title": LONG,
            "inviter": "",
            "closes_on": "soon",
            "cap": "0",
            "threshold": "x",
            "version": "",
        },
    ),
    "units.units": Typed("units", {"units": "Law; 7"}, {"units": "A > A\nB; 3", "version": ""}),
    "units.spelling": Typed(
        "units/{unit_id}", {"label": "Law"}, {"label": "A > B", "version": "Other"}
    ),
    "invitations.personal": Typed(
        "invitations", {"unit": "0", "number": "7"}, {"number": "0"}, is_personal=True
    ),
    "invitations.revoke": Typed(
        "invitations/revoke", {"named": "x\ny"}, {"named": "AAAAA-AAAAA\nunknown"}, is_personal=True
    ),
    "mailings.new": Typed(
        "mailings/new",
        MAILING,
        {"addresses": "nobody", "own_words": "x" * 1001, "first_reminder_on": "2020-01-01"},
        is_personal=True,
    ),
    "people.new": Typed(
        "people", {"addresses": LIST}, {"addresses": "Kari\nOla"}, is_personal=True
    ),
    "colleagues.colleagues": Typed(
        "colleagues",
        {"email": "harry@example.org", "role": "owner"},
        {"email": "nobody@example.org"},
    ),
    "respondent_reports.show": Typed(
        "respondents", {"plans": "Cake!\n\nAll of you"}, {"plans": "x" * 1001}, is_sealed=True
    ),
}
BUTTONS = {"reports.download"}
"""Forms into which nothing is typed."""


def list_forms() -> set[str]:
    """Return the routes of HR into whose forms something is typed."""
    forms = {name for name, fields in FORMS.items() if fields and ACCESS[name] == HR}
    return forms - BUTTONS


def read_shown(page: Page) -> dict[str, list[str]]:
    """Return the values that all fields of a page show, by name."""
    shown: dict[str, list[str]] = {}
    for field in page.find_all("input", "textarea", "option"):
        name = field.get("name", "")
        value = field.get("value", "")
        if field.tag == "textarea":
            value = "".join(field.itertext())
        if field.get("type") in ("checkbox", "radio") and field.get("checked") is None:
            continue
        shown.setdefault(name, []).append(value.strip())
    for select in page.find_all("select"):
        chosen = [each for each in select.iter("option") if each.get("selected") is not None]
        shown[select.get("name", "")] = [each.get("value", "") for each in chosen]
    return shown


def test_every_form_of_hr_is_tried() -> None:
    assert list_forms() == set(TYPED)


@pytest.fixture
def hana(make_app: MakeApp, request: pytest.FixtureRequest) -> StaffMember:
    """Hana, on a server with e-mail if the form needs e-mail."""
    settings = {name.removeprefix("FITQUIZ_"): value for name, value in MAIL_SETTINGS.items()}
    needs_mail = request.getfixturevalue("endpoint") == "mailings.new"
    return StaffMember(make_app(**settings) if needs_mail else make_app(), "Hana", "hr")


def find_address(campaign: Campaign, typed: Typed, page: Page) -> str:
    if typed.ending == "new":
        return "/en/campaigns/new"
    base = f"/en/reports/{campaign.id}" if typed.is_sealed else f"/en/campaigns/{campaign.id}"
    if "{unit_id}" in typed.ending:
        return page.find_link("/units/")
    return f"{base}/{typed.ending}"


@pytest.mark.parametrize("endpoint", TYPED)
def test_all_that_was_typed_comes_back_whatever_is_wrong(hana: StaffMember, endpoint: str) -> None:
    typed = TYPED[endpoint]
    campaign = hana.create(is_personal=typed.is_personal, opens_on=today() + timedelta(1))
    if typed.is_sealed:
        fill_pending(hana.app, campaign, cells="1100000")
        seal(hana.app, campaign)
    address = find_address(campaign, typed, hana.open(f"/en/campaigns/{campaign.id}/units"))
    fields = typed.fields or edit(campaign, title="Typed", statistics=["lean", "high"], cap="70")
    for name, value in typed.wrong.items():
        sent = {**fields, name: value}
        page = send_wrong(hana, address, sent)
        shown = read_shown(page)
        for other, kept in sent.items():
            if other == "version":
                continue
            expected = kept if isinstance(kept, list) else [str(kept)]
            assert shown.get(other, []) == expected, (endpoint, name, other)


def test_a_choice_that_does_not_come_back_is_noticed(app: Flask, hana_page: Page) -> None:
    assert read_shown(hana_page)["kind"] == ["open"]
    assert read_shown(hana_page)["languages"] == ["nb", "nn", "en"]


@pytest.fixture
def hana_page(app: Flask) -> Page:
    return StaffMember(app, "Hana", "hr").open("/en/campaigns/new")
