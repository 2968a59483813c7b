"""Hana creates a campaign and changes what may change; nothing that is typed gets lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from fitquiz.store.campaigns.campaign_lifecycle import close_campaign
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import list_open_links
from fitquiz.store.campaigns.units import list_units
from fitquiz.web.hr.privacy_costs import list_prices, multiply_factors
from fitquiz.web.site.db import get_session, writing
from tests.web.support.answering import PACK
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
    assert (list_ticked(hana.page, "statistics"), list_ticked(hana.page, "sealing")) == (
        ["lean", "strongest"],
        ["close"],
    )
    send(hana, "/en/campaigns/new", fill(cap="90", threshold="8"))
    (campaign,) = read_campaigns(hana)
    assert (campaign.title, campaign.cap, campaign.threshold) == ("Spring round", 90, 8)
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
    with hana.app.app_context():
        assert (campaign.is_personal, list_open_links(get_session(), campaign.id)) == (True, [])


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("title", "", "Please fill this in"),
        ("title", " \u200b\u00a0", "Please fill this in"),
        ("title", "x" * 121, "too long"),
        ("title", "Spring\x07", "a character"),
        ("inviter", "\u202e", "Please fill this in"),
        ("languages", [], "at least one"),
        ("languages", ["fr"], "not as it should be"),
        ("opens_on", "tomorrow", "A date is needed"),
        ("closes_on", "", "Please fill this in"),
        ("closes_on", "2026-02-30", "A date is needed"),
        ("closes_on", "2020-01-01", "cannot come before the first"),
        ("cap", "many", "A whole number"),
        ("cap", "0", "outside what is possible"),
        ("cap", "9" * 5000, "A whole number"),
        ("pack", "another", "not as it should be"),
        ("kind", "", "at least one"),
        ("units", "A > B > C > D", "more than three levels"),
        ("statistics", [], "at least one"),
        ("statistics", ["names"], "not as it should be"),
        ("threshold", "4", "outside what is possible"),
        ("threshold", "51", "outside what is possible"),
        ("sealing", "daily", "not as it should be"),
        ("split_from", "-1", "outside what is possible"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_created(
    hana: StaffMember, name: str, value: str | list[str], words: str
) -> None:
    page = send_wrong(hana, "/en/campaigns/new", fill(**{name: value}))
    assert words in page.text
    (link,) = [each for each in page.find_all("a") if each.get("href") == f"#{name}"]
    assert name == "units" or ": " in "".join(link.itertext())
    assert read_campaigns(hana) == []


def test_a_last_day_that_is_past_is_refused(hana: StaffMember) -> None:
    days = {"opens_on": str(today() - timedelta(9)), "closes_on": str(today() - timedelta(1))}
    assert "cannot be in the past" in send_wrong(hana, "/en/campaigns/new", fill(**days)).text
    send(hana, "/en/campaigns/new", fill(opens_on=days["opens_on"], closes_on=str(today())))


def test_all_faults_are_shown_at_once_and_all_that_was_typed_is_kept(hana: StaffMember) -> None:
    wrong = fill(
        title="",
        closes_on="2020-01-01",
        units="A > a\nB > C",
        threshold="3",
        cap="40",
        sealing="weekly",
    )
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
    send(
        hana,
        "/en/campaigns/new",
        fill(title=name, inviter=name, units=name.replace(">", "").replace(";", "")),
    )
    (campaign,) = read_campaigns(hana)
    base = f"/en/campaigns/{campaign.id}"
    assert (campaign.title, hana.open(base).h1) == (name, name)
    for address in (
        "/en/campaigns",
        *(f"{base}/{each}" for each in ("edit", "units", "links", "close", "delete")),
    ):
        assert hana.open(address).find_all("img") == []
        assert "alert(1)" not in "".join(hana.page.list_texts("script"))
    assert mallory.open(f"/en/invitations/{open_link(app, campaign)}").h1 == name


def test_the_page_tells_what_the_figures_cost(hana: StaffMember) -> None:
    words = hana.open("/en/campaigns/new").text
    product = multiply_factors(list_prices(PACK), ("lean", "strongest"))
    assert f"by a factor of {float(product):.1f} at most" in words
    assert hana.page.list_texts("th", scope="col")[2:] == ["10", "25", "50", "100", "400"]
    rows = [[*row.itertext()] for row in hana.page.find_all("tr")]
    assert len(rows) == 1 + len(list_prices(PACK))


def test_the_factors_of_the_chosen_figures_are_multiplied() -> None:
    prices = list_prices(PACK)
    assert multiply_factors(prices, ()) == 1
    assert multiply_factors(prices, ("lean",)) == 3
    assert multiply_factors(prices, ("lean", "suggestion")) == 12


def test_a_figure_has_no_width_where_it_is_not_published_and_less_in_larger_groups() -> None:
    for price in list_prices(PACK):
        shown = [width for width in price.widths if width is not None]
        assert shown == sorted(shown, reverse=True)
    by_name = {price.name: price.widths for price in list_prices(PACK)}
    assert [width is None for width in by_name["lean"]] == [False] * 5
    assert [width is None for width in by_name["strongest"]] == [True, False, False, False, False]
    assert [width is None for width in by_name["high"]] == [True, True, False, False, False]


def test_everything_may_be_changed_before_the_first_response(hana: StaffMember) -> None:
    campaign = hana.create()
    hana.open(f"/en/campaigns/{campaign.id}/edit")
    new = edit(
        campaign,
        title="Autumn",
        threshold="9",
        statistics=["lean", "high"],
        languages=["en"],
        cap="70",
    )
    send(hana, f"/en/campaigns/{campaign.id}/edit", new)
    changed = see(hana, campaign)
    assert (changed.title, changed.threshold, changed.languages, changed.cap) == (
        "Autumn",
        9,
        ("en",),
        70,
    )
    assert changed.statistics == "lean:1/3 high:3/4"


def test_what_is_frozen_is_shown_as_text_and_the_rest_may_be_changed(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    campaign = hana.create(threshold=7)
    take(alice, open_link(app, campaign))
    page = hana.open(f"/en/campaigns/{campaign.id}/edit")
    assert "Answers have been counted" in page.text
    assert "7" in page.list_texts("dd")
    assert (
        page.find_all("input", name="threshold") == page.find_all("input", name="statistics") == []
    )
    form = {
        name: value
        for name, value in edit(campaign, title="Autumn").items()
        if name not in read_frozen(campaign)
    }
    send(hana, f"/en/campaigns/{campaign.id}/edit", form)
    assert (see(hana, campaign).title, see(hana, campaign).threshold) == ("Autumn", 7)


def read_frozen(campaign: Campaign) -> tuple[str, ...]:
    """The names of the fields that a counted response freezes."""
    assert campaign.threshold
    return ("statistics", "threshold", "sealing", "split_from")


@pytest.mark.parametrize(
    "change",
    [
        {"threshold": "8"},
        {"statistics": ["lean", "high"]},
        {"sealing": "weekly"},
        {"split_from": "50"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_old_tab_that_would_change_what_is_frozen_is_refused(
    app: Flask, alice: Respondent, hana: StaffMember, change: dict[str, Any]
) -> None:
    campaign = hana.create()
    take(alice, open_link(app, campaign))
    before = read_records(app)
    page = send_wrong(
        hana, f"/en/campaigns/{campaign.id}/edit", edit(campaign, title="Autumn", **change)
    )
    assert "can no longer be changed, since answers have been counted" in page.text
    assert read_values(page)["title"] == "Autumn"
    assert read_records(app)["campaign"] == before["campaign"]


def test_an_old_tab_that_changes_nothing_frozen_is_taken(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    campaign = hana.create()
    take(alice, open_link(app, campaign))
    send(hana, f"/en/campaigns/{campaign.id}/edit", edit(campaign, title="Autumn"))
    assert see(hana, campaign).title == "Autumn"


def test_a_campaign_that_is_over_keeps_its_days_and_may_get_another_name(hana: StaffMember) -> None:
    campaign = hana.create()
    with hana.app.app_context(), writing() as session:
        close_campaign(session, campaign.id, datetime.now(UTC))
    address = f"/en/campaigns/{campaign.id}/edit"
    assert hana.open(address).find_all("input", name="closes_on") == []
    later = str(today() + timedelta(90))
    assert (
        "since the campaign is over"
        in send_wrong(hana, address, edit(campaign, closes_on=later)).text
    )
    send(hana, address, {"title": "Autumn", "inviter": "HR", "languages": ["nb"]})
    assert (see(hana, campaign).title, see(hana, campaign).closes_on) == (
        "Autumn",
        campaign.closes_on,
    )


def test_a_campaign_past_its_last_day_may_get_another_name(hana: StaffMember) -> None:
    campaign = hana.create(opens_on=today() - timedelta(9), closes_on=today() - timedelta(2))
    send(hana, f"/en/campaigns/{campaign.id}/edit", edit(campaign, title="Autumn"))
    wrong = edit(campaign, closes_on=str(today() - timedelta(1)))
    assert (
        "cannot be in the past" in send_wrong(hana, f"/en/campaigns/{campaign.id}/edit", wrong).text
    )
