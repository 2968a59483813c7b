"""Hana sees how exact the figures become before she saves, and gets what the year has left."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

import fitquiz.web.hr.form_costs
from fitquiz.core.groups.counting import STATISTICS, read_plan
from fitquiz.core.groups.factor_budgets import multiply_factors
from fitquiz.store.campaigns.campaign_lifecycle import delete_campaign
from fitquiz.web.hr.privacy_costs import GROUP_SIZES, Wish, Year, work_out_cost
from fitquiz.web.site.database_session import writing
from tests.core.support.shipped_packs import PACK
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
from tests.web.support.clock import find_today
from tests.web.support.inviting import open_link
from tests.web.support.page import Page
from tests.web.support.page_checks import check_page
from tests.web.support.respondent import Respondent
from tests.web.support.sealing import fill as fill_answers
from tests.web.support.sealing import seal
from tests.web.support.staff_member import StaffMember

ALL = [statistic.name for statistic in STATISTICS]
NEW = "/en/campaigns/new"
LATER = str(today() + timedelta(1))


def read_table(page: Page) -> dict[str, list[str]]:
    """Return the cells of the table of figures, by the name of the figure."""
    rows = {}
    for row in page.find_all("tr")[1:]:
        name, *cells = [" ".join("".join(cell.itertext()).split()) for cell in row]
        rows[name.partition(" not ticked")[0]] = cells
    return rows


def save_twice(hana: StaffMember, fields: dict[str, Any]) -> None:
    """Save what is first shown once more, because the figures become less exact."""
    page = send_wrong(hana, NEW, fields)
    assert "save again" in page.text
    send(hana, NEW, fields | {"seen": read_values(page)["seen"]})


def find_factor(statistics: str) -> Fraction:
    return multiply_factors(read_plan(statistics), PACK)


def work_out(*names: str, anonymity: str = "strong", people: int | None = None) -> Any:
    days = (today(), today())
    wish = Wish(names, anonymity, 5, days, people)
    return work_out_cost(wish, PACK, Year(Fraction(144), None))


def test_a_larger_group_has_a_smaller_width_and_a_small_one_none() -> None:
    for price in work_out(*ALL).prices:
        shown = [width for width in price.widths if width is not None]
        assert shown == sorted(shown, reverse=True)
        for size, width in zip(GROUP_SIZES, price.widths, strict=True):
            assert (width is None) == (size < price.least)


def test_the_page_shows_how_exact_the_figures_are(hana: StaffMember) -> None:
    page = hana.open(NEW)
    assert "The anonymity is strong" in page.text
    table = read_table(page)
    assert table["Lean"][:3] == ["7", "±30", "±12"]
    assert table["Strongest area"][:3] == ["20", "–", "±16"]
    assert len(table) == len(ALL)


def test_figures_beyond_the_budget_are_saved_only_after_their_price_was_seen(
    hana: StaffMember,
) -> None:
    page = send_wrong(hana, NEW, fill(units="", statistics=ALL))
    assert "save again" in page.text
    assert read_campaigns(hana) == []
    assert read_table(page)["Areas scored high"][0] == "175"

    send(hana, NEW, fill(units="", statistics=ALL, seen=read_values(page)["seen"]))
    (campaign,) = read_campaigns(hana)
    assert list(read_plan(campaign.statistics)) == ALL
    assert 11 < find_factor(campaign.statistics) <= 12
    assert "Strong" in hana.open(f"/en/campaigns/{campaign.id}").list_texts("dd")


def test_medium_anonymity_makes_the_figures_more_exact(hana: StaffMember) -> None:
    three = ["lean", "suggestion", "strongest"]
    send(hana, NEW, fill(statistics=three, anonymity="medium"))
    (campaign,) = read_campaigns(hana)
    assert campaign.statistics == "lean:1/3 suggestion:1/2 strongest:1/2"
    assert "Medium" in hana.open(f"/en/campaigns/{campaign.id}").list_texts("dd")


def test_another_anonymity_than_the_two_is_refused(hana: StaffMember) -> None:
    send_wrong(hana, NEW, fill(anonymity="weak"))
    assert read_campaigns(hana) == []


def test_the_script_asks_for_the_price_and_nothing_is_saved(hana: StaffMember) -> None:
    fields = fill(statistics=ALL, anonymity="medium", ask="yes")
    response = hana.post(NEW, {"csrf_token": hana.read_token(), **fields})
    page = check_page(response, 200)
    assert "The anonymity is medium" in page.text
    assert read_table(page)["Areas scored high"][0] == "110"
    assert page.find_all("div", role="alert") == []
    assert read_campaigns(hana) == []


@pytest.mark.parametrize(
    "changes",
    [{"units": "Sales; 20\nIT; 12"}, {"units": "", "cap": "32"}],
    ids=["units", "cap"],
)
def test_a_figure_that_would_be_useless_for_the_people_is_not_offered(
    hana: StaffMember, changes: dict[str, str]
) -> None:
    page = send_wrong(hana, NEW, fill(statistics=["lean", "high"], anonymity="medium", **changes))
    assert "needs more answers than you have people" in page.text
    assert "Useful from 50 answers. You have at most 32." in page.text
    closed = [
        each.get("value")
        for each in page.find_all("input", name="statistics")
        if each.get("disabled") is not None
    ]
    assert closed == ["conditions", "leading"]
    assert read_campaigns(hana) == []


def test_a_third_campaign_within_a_year_is_told_when_more_is_possible(hana: StaffMember) -> None:
    closes_on = today() + timedelta(20)
    send(hana, NEW, fill(title="One"))
    send(hana, NEW, fill(title="Two"))
    page = send_wrong(hana, NEW, fill(title="Three"))
    assert "used up the anonymity of a year" in page.text
    again = closes_on + timedelta(366)
    assert f"opens on {again.day} {again:%B %Y} or later" in page.text
    later = fill(title="Three", opens_on=str(again), closes_on=str(again))
    send(hana, NEW, later)


def test_a_campaign_gets_what_is_left(hana: StaffMember) -> None:
    three = ["lean", "suggestion", "strongest"]
    send(hana, NEW, fill(statistics=three, anonymity="medium"))
    assert "this survey gets the rest" in hana.open(NEW).text
    save_twice(hana, fill(title="Second"))
    second, _ = read_campaigns(hana)
    assert 2 < find_factor(second.statistics) <= Fraction(144, 48)


def test_a_double_click_takes_the_factor_once(hana: StaffMember) -> None:
    fields = fill(
        statistics=["lean", "suggestion", "strongest"], anonymity="medium", seed="ab" * 16
    )
    send(hana, NEW, fields)
    send(hana, NEW, fields)
    assert len(read_campaigns(hana)) == 1


def test_a_change_before_the_first_day_takes_another_factor(hana: StaffMember) -> None:
    send(hana, NEW, fill(title="One"))
    send(hana, NEW, fill(title="Two", opens_on=LATER))
    two, _ = read_campaigns(hana)
    address = f"/en/campaigns/{two.id}/edit"
    page = send_wrong(hana, address, edit(two, statistics=ALL, anonymity="medium"))
    assert "save again" in page.text
    fields = edit(two, statistics=ALL, anonymity="medium", seen=read_values(page)["seen"])
    send(hana, address, fields)
    assert 11 < find_factor(see(hana, two).statistics) <= 12

    send(hana, address, edit(see(hana, two), statistics=["lean"]))
    assert find_factor(see(hana, two).statistics) == 3
    send(hana, NEW, fill(title="Three", statistics=["suggestion"]))
    send_wrong(hana, NEW, fill(title="Four"))


def test_a_later_last_day_is_refused_if_the_year_has_no_room(hana: StaffMember) -> None:
    soon = hana.create("Soon", statistics="lean:1/3 strongest:1/2")
    far = soon.closes_on + timedelta(366)
    for title in ("One", "Two"):
        send(hana, NEW, fill(title=title, opens_on=str(far), closes_on=str(far)))

    address = f"/en/campaigns/{soon.id}/edit"
    fields = edit(soon, closes_on=str(soon.closes_on + timedelta(1)))
    for frozen in ("opens_on", "statistics", "threshold", "sealing", "split_from"):
        del fields[frozen]
    page = send_wrong(hana, address, fields)
    assert "Choose an earlier day" in page.text
    assert see(hana, soon).closes_on == soon.closes_on


def test_deleting_a_sealed_campaign_gives_nothing_back(app: Flask, hana: StaffMember) -> None:
    for title in ("One", "Two"):
        old = hana.create(title, statistics="lean:1/3 strongest:1/2")
        fill_answers(app, old, cells="1" * 7)
        seal(app, old)
    page = hana.open(f"/en/campaigns/{old.id}/delete")
    assert "stays used for a year" in page.text
    with app.app_context(), writing() as session:
        delete_campaign(session, old.id, find_today())
    send_wrong(hana, NEW, fill())


def test_a_closed_survey_that_nobody_answered_leaves_its_share(
    app: Flask, hana: StaffMember
) -> None:
    for title in ("One", "Two"):
        seal(app, hana.create(title, statistics="lean:1/3 strongest:1/2"))
    send(hana, NEW, fill())


def test_deleting_a_campaign_before_its_first_seal_gives_the_factor_back(
    app: Flask, hana: StaffMember
) -> None:
    for title in ("One", "Two"):
        mistaken = hana.create(title, statistics="lean:1/3 strongest:1/2")
    send_wrong(hana, NEW, fill())
    assert "stays used" not in hana.open(f"/en/campaigns/{mistaken.id}/delete").text
    with app.app_context(), writing() as session:
        delete_campaign(session, mistaken.id, find_today())
    send(hana, NEW, fill())


def test_respondents_are_told_the_anonymity_and_the_number_of_surveys(
    app: Flask, hana: StaffMember, alice: Respondent
) -> None:
    plans = {
        "strong": "lean:1/3 strongest:1/2",
        "medium": "lean:1/3 suggestion:1/2 strongest:1/2",
        "weak": "lean:1/3 suggestion:1/2 strongest:1/2 high:3/4",
    }
    for number, (anonymity, statistics) in enumerate(plans.items(), 1):
        campaign = hana.create(anonymity, statistics=statistics)
        page = alice.open(f"/en/invitations/{open_link(app, campaign)}")
        assert f"The anonymity is {anonymity}." in page.text
        assert f"Surveys here within a year, with this one: {number}." in page.text


def test_the_page_about_anonymity_tells_the_numbers(hana: StaffMember, alice: Respondent) -> None:
    hana.create("Spring")
    page = alice.open("/en/reports/anonymity")
    for words in (
        "at most 12",
        "at most 50",
        "at most 144",
        "within the last year: 1.",
        "2.48",
        "3.91",
        "4.97",
    ):
        assert words in page.text, words
    assert "have used more than that" not in page.text
    hana.create("Old", statistics="lean:1/3 suggestion:1/2 strongest:1/2 high:3/4")
    assert "have used more than that" in alice.open("/en/reports/anonymity").text


def test_another_yearly_factor_can_be_set(make_app: Any) -> None:
    hana = StaffMember(make_app(yearly_factor=12), "Hana", "hr")
    send(hana, NEW, fill(title="One"))
    send_wrong(hana, NEW, fill(title="Two"))
    assert "at most 12." in hana.open("/en/reports/anonymity").text


@pytest.mark.parametrize("is_new", [True, False])
def test_the_account_is_locked_before_a_plan_is_settled(
    hana: StaffMember, monkeypatch: pytest.MonkeyPatch, is_new: bool
) -> None:
    steps: list[str] = []

    def note(name: str) -> Callable[..., Any]:
        real = getattr(fitquiz.web.hr.form_costs, name)

        def call(*arguments: Any) -> Any:
            steps.append(name)
            return real(*arguments)

        return call

    for name in ("lock_account", "find_year"):
        monkeypatch.setattr(fitquiz.web.hr.form_costs, name, note(name))
    if is_new:
        send(hana, NEW, fill())
    else:
        campaign = hana.create()
        later = edit(campaign, closes_on=str(campaign.closes_on + timedelta(1)))
        send(hana, f"/en/campaigns/{campaign.id}/edit", later)
    assert steps == ["lock_account", "find_year"]
