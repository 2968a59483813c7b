"""Hana creates and changes campaigns. A refused form keeps all input."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from fitquiz.store.campaigns.campaign_lifecycle import close_campaign
from fitquiz.store.campaigns.invitations import list_open_links
from fitquiz.store.campaigns.units import list_units
from fitquiz.web.site.database_session import get_session, writing
from tests.web.support.campaigning import (
    edit,
    fill,
    read_campaigns,
    read_values,
    see,
    send,
    send_wrong,
    today,
)
from tests.web.support.inviting import open_link, take
from tests.web.support.page import Page
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd()",
    '"><img src=x>',
    "{{ 7 * 7 }}",
    "%(title)s",
    "'; DROP TABLE campaign",
)


def list_ticked(page: Page, name: str) -> list[str]:
    return [
        each.get("value", "")
        for each in page.find_all("input", name=name)
        if each.get("checked") is not None
    ]


def test_a_campaign_is_created_with_its_units_and_open_links(hana: StaffMember) -> None:
    hana.open("/en/campaigns/new")
    assert list_ticked(hana.page, "statistics") == ["lean", "strongest"]
    assert list_ticked(hana.page, "sealing") == ["close"]

    send(hana, "/en/campaigns/new", fill(cap="90", threshold="8"))
    (campaign,) = read_campaigns(hana)
    assert campaign.title == "Spring round"
    assert campaign.cap == 90
    assert campaign.threshold == 8
    assert campaign.statistics == "lean:1/3 strongest:1/2"

    with hana.app.app_context():
        units = {unit.path: unit.id for unit in list_units(get_session(), campaign.id)}
        links = list_open_links(get_session(), campaign.id)
    assert list(units) == [("Sales",), ("Sales", "Oslo"), ("IT",)]
    assert [link.unit_id for link in links] == [None, *sorted(units.values())]
    assert "Spring round" in hana.open("/en/campaigns").text


def test_a_campaign_with_personal_invitations_has_no_open_link(hana: StaffMember) -> None:
    send(hana, "/en/campaigns/new", fill(kind="personal", units=""))
    (campaign,) = read_campaigns(hana)
    assert campaign.is_personal
    with hana.app.app_context():
        assert list_open_links(get_session(), campaign.id) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("title", "", "Please fill this in"),
        ("title", " \u200b\u00a0", "Please fill this in"),
        ("title", "x" * 121, "too long"),
        ("title", "Spring\x07", "a character"),
        ("inviter", "\u202e", "Please fill this in"),
        ("languages", [], "at least one"),
        ("languages", ["fr"], "Something here is wrong"),
        ("opens_on", "tomorrow", "Enter a date"),
        ("closes_on", "", "Please fill this in"),
        ("closes_on", "2026-02-30", "Enter a date"),
        ("closes_on", "2020-01-01", "cannot be before the first"),
        ("cap", "many", "Enter a whole number"),
        ("cap", "0", "too small or too large"),
        ("cap", "9" * 5000, "Enter a whole number"),
        ("pack", "another", "Something here is wrong"),
        ("kind", "", "at least one"),
        ("units", "A > B > C > D", "more than three levels"),
        ("statistics", [], "at least one"),
        ("statistics", ["names"], "Something here is wrong"),
        ("threshold", "4", "too small or too large"),
        ("threshold", "51", "too small or too large"),
        ("sealing", "daily", "Something here is wrong"),
        ("split_from", "-1", "too small or too large"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_created(
    hana: StaffMember, name: str, value: str | list[str], words: str
) -> None:
    page = send_wrong(hana, "/en/campaigns/new", fill(**{name: value}))
    assert words in page.text
    (link,) = page.find_all("a", href=f"#{name}")
    if name != "units":
        assert ": " in "".join(link.itertext())
    assert read_campaigns(hana) == []


def test_a_last_day_that_is_past_is_refused(hana: StaffMember) -> None:
    opens_on = str(today() - timedelta(9))
    yesterday = str(today() - timedelta(1))
    past = fill(opens_on=opens_on, closes_on=yesterday)
    page = send_wrong(hana, "/en/campaigns/new", past)
    assert "cannot be in the past" in page.text
    last_today = fill(opens_on=opens_on, closes_on=str(today()))
    send(hana, "/en/campaigns/new", last_today)


def test_all_faults_are_shown_at_once_and_all_input_is_kept(hana: StaffMember) -> None:
    wrong = fill(title="", closes_on="2020-01-01", units="A > a\nB > C", threshold="3")
    wrong |= {"cap": "40", "sealing": "weekly"}
    page = send_wrong(hana, "/en/campaigns/new", wrong)
    assert {"#title", "#closes_on", "#units", "#threshold"} <= set(page.links)
    assert "Line 1" in page.text
    kept = read_values(page)
    for name in ("inviter", "opens_on", "closes_on", "cap", "units", "threshold", "split_from"):
        assert kept[name].strip() == wrong[name], name
    assert list_ticked(page, "statistics") == ["lean", "strongest"]
    assert list_ticked(page, "sealing") == ["weekly"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_as_it_stands_on_every_page(
    app: Flask, hana: StaffMember, mallory: Respondent, name: str
) -> None:
    unit = name.replace(">", "").replace(";", "")
    send(hana, "/en/campaigns/new", fill(title=name, inviter=name, units=unit))
    (campaign,) = read_campaigns(hana)
    assert campaign.title == name

    base = f"/en/campaigns/{campaign.id}"
    assert hana.open(base).h1 == name
    addresses = [f"{base}/{each}" for each in ("edit", "units", "links", "close", "delete")]
    for address in ["/en/campaigns", *addresses]:
        page = hana.open(address)
        assert page.find_all("img") == []
        assert "alert(1)" not in "".join(page.list_texts("script"))
    page = mallory.open(f"/en/invitations/{open_link(app, campaign)}")
    assert page.h1 == name


def test_everything_may_be_changed_before_the_first_day(hana: StaffMember) -> None:
    campaign = hana.create(opens_on=today() + timedelta(1))
    hana.open(f"/en/campaigns/{campaign.id}/edit")
    new = edit(
        campaign,
        title="Autumn",
        threshold="9",
        statistics=["lean", "suggestion"],
        languages=["en"],
        cap="70",
        opens_on=str(today() + timedelta(2)),
    )
    send(hana, f"/en/campaigns/{campaign.id}/edit", new)
    changed = see(hana, campaign)
    assert changed.title == "Autumn"
    assert changed.threshold == 9
    assert changed.languages == ("en",)
    assert changed.cap == 70
    assert changed.opens_on == today() + timedelta(2)
    assert changed.statistics == "lean:1/3 suggestion:1/2"


def test_frozen_settings_are_shown_as_text_and_the_others_may_change(hana: StaffMember) -> None:
    campaign = hana.create(threshold=7)
    page = hana.open(f"/en/campaigns/{campaign.id}/edit")
    assert "The campaign has opened" in page.text
    assert "7" in page.list_texts("dd")
    assert page.find_all("input", name="threshold") == []
    assert page.find_all("input", name="statistics") == []
    assert page.find_all("input", name="opens_on") == []

    fields = edit(campaign, title="Autumn")
    for frozen in ("opens_on", "statistics", "threshold", "sealing", "split_from"):
        del fields[frozen]
    send(hana, f"/en/campaigns/{campaign.id}/edit", fields)
    changed = see(hana, campaign)
    assert changed.title == "Autumn"
    assert changed.threshold == 7


def test_the_pages_say_the_same_before_and_after_the_first_response(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    campaign = hana.create(cap=5)
    addresses = [f"/en/campaigns/{campaign.id}{end}" for end in ("", "/edit", "/units")]
    before = [hana.open(address).text for address in addresses]
    take(alice, open_link(app, campaign))
    assert [hana.open(address).text for address in addresses] == before


@pytest.mark.parametrize(
    "change",
    [
        {"opens_on": str(today() + timedelta(1))},
        {"threshold": "8"},
        {"statistics": ["lean", "high"]},
        {"sealing": "weekly"},
        {"split_from": "50"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_old_page_that_changes_frozen_settings_is_refused(
    app: Flask, hana: StaffMember, change: dict[str, Any]
) -> None:
    campaign = hana.create()
    before = read_records(app)
    fields = edit(campaign, title="Autumn", **change)
    page = send_wrong(hana, f"/en/campaigns/{campaign.id}/edit", fields)
    assert "You can no longer change this, because the survey has opened" in page.text
    assert read_values(page)["title"] == "Autumn"
    assert read_records(app)["campaign"] == before["campaign"]


def test_an_old_page_that_changes_no_frozen_setting_is_accepted(
    hana: StaffMember,
) -> None:
    campaign = hana.create()
    send(hana, f"/en/campaigns/{campaign.id}/edit", edit(campaign, title="Autumn"))
    assert see(hana, campaign).title == "Autumn"


def test_a_campaign_that_is_over_keeps_its_days_and_may_get_another_name(hana: StaffMember) -> None:
    campaign = hana.create()
    with hana.app.app_context(), writing() as session:
        close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
    address = f"/en/campaigns/{campaign.id}/edit"
    assert hana.open(address).find_all("input", name="closes_on") == []
    later = str(today() + timedelta(90))
    page = send_wrong(hana, address, edit(campaign, closes_on=later))
    assert "because the survey is over" in page.text
    names = {"title": "Autumn", "inviter": "HR", "languages": ["nb"]}
    send(hana, address, {**names, "version": edit(campaign)["version"]})
    changed = see(hana, campaign)
    assert changed.title == "Autumn"
    assert changed.closes_on == campaign.closes_on


def test_a_last_day_that_is_far_away_is_refused(hana: StaffMember) -> None:
    page = send_wrong(hana, "/en/campaigns/new", fill(closes_on="9999-12-31"))
    assert "at most five years from now" in page.text


def test_a_campaign_past_its_last_day_may_get_another_name(hana: StaffMember) -> None:
    first_day = today() - timedelta(9)
    last_day = today() - timedelta(2)
    campaign = hana.create(opens_on=first_day, closes_on=last_day)
    address = f"/en/campaigns/{campaign.id}/edit"
    send(hana, address, edit(campaign, title="Autumn"))

    yesterday = str(today() - timedelta(1))
    page = send_wrong(hana, address, edit(campaign, closes_on=yesterday))
    assert "cannot be in the past" in page.text
