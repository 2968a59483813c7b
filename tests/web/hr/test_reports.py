"""HR's report shows what is sealed and nothing that waits; its files hold exactly what it shows."""

import csv
import io
import json
from dataclasses import replace

import pytest
from flask import Flask

from fitquiz.core.groups.counting import make_plan, write_plan
from fitquiz.store.campaigns.campaigns import Campaign
from tests.web.support.records import listing_statements
from tests.web.support.sealing import fill, seal
from tests.web.support.staff_member import StaffMember

HOSTILE = "=cmd()|<script>alert(1)</script>"


@pytest.fixture
def sealed(app: Flask, hana: StaffMember) -> Campaign:
    campaign = hana.create(
        HOSTILE,
        units=f"{HOSTILE.replace('>', ' ')}; 50\nIT; 40",
        statistics="lean:1/3 strongest:1/2",
    )
    fill(app, campaign, cells="1100000")
    seal(app, campaign)
    return campaign


def test_before_the_seal_nothing_is_shown_of_what_waits(app: Flask, hana: StaffMember) -> None:
    campaign = hana.create()
    empty = hana.open(f"/en/reports/{campaign.id}").text
    fill(app, campaign, 17)
    assert hana.open(f"/en/reports/{campaign.id}").text == empty
    assert "There are no figures yet" in empty


def test_too_few_is_told_apart_from_nothing_yet(app: Flask, hana: StaffMember) -> None:
    campaign = hana.create(units="")
    fill(app, campaign, 4)
    seal(app, campaign)
    assert "Too few answered" in hana.open(f"/en/reports/{campaign.id}").text
    assert "Too few answered" in hana.open("/en/reports").text


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_report_shows_the_groups_figures(
    hana: StaffMember, sealed: Campaign, language: str
) -> None:
    page = hana.open(f"/{language}/reports/{sealed.id}")
    assert "90" in page.text
    assert "<script>alert" not in page.response.text
    assert page.h1 == HOSTILE


def test_a_unit_has_a_report_of_its_own_and_a_foreign_one_none(
    app: Flask, hana: StaffMember, sealed: Campaign
) -> None:
    hana.open(f"/en/reports/{sealed.id}")
    assert hana.open(hana.page.find_link("unit=")).h1
    for wrong in ("unit=4711", "unit=x", "compare=4711", f"compare={sealed.id}"):
        hana.open(f"/en/reports/{sealed.id}?{wrong}", 404)


def test_an_earlier_campaign_can_be_compared(
    app: Flask, hana: StaffMember, sealed: Campaign
) -> None:
    later = hana.create("Autumn", statistics=write_plan(make_plan(["lean"])))
    fill(app, later)
    seal(app, later)
    assert "no clear difference" in hana.open(f"/en/reports/{later.id}?compare={sealed.id}").text


def test_the_files_hold_the_same_and_no_formula(hana: StaffMember, sealed: Campaign) -> None:
    hana.open(f"/en/reports/{sealed.id}")
    sent = {
        kind: hana.post(form.action, form.fields).data
        for kind in ("csv", "json", "xlsx")
        for form in hana.page.forms
        if form.action.endswith(f"report.{kind}")
    }
    rows = list(csv.DictReader(io.StringIO(sent["csv"].decode("utf-8-sig"))))
    lines = json.loads(sent["json"])
    assert [row["percent"] for row in rows] == [
        "" if line["percent"] is None else str(line["percent"]) for line in lines
    ]
    assert {row["unit"][0] for row in rows} == {"'", "I"}
    assert sent["xlsx"][:2] == b"PK"
    assert len(rows) == 3 * 7


def test_a_download_is_logged_and_of_nothing_leads_to_the_page_that_says_so(
    hana: StaffMember, sealed: Campaign, ada: StaffMember
) -> None:
    form = next(
        form
        for form in hana.open(f"/en/reports/{sealed.id}").forms
        if form.action.endswith("report.csv")
    )
    hana.post(form.action, form.fields)
    assert "downloaded a report" in ada.open("/en/staff/log").text
    empty = hana.create("Empty")
    hana.send(replace(form, action=f"/en/reports/{empty.id}/report.csv"))
    assert "There are no figures yet" in hana.page.text
    assert hana.post(f"/en/reports/{empty.id}/report.doc", form.fields).status_code == 404


def test_the_page_asks_little_of_the_database(
    app: Flask, hana: StaffMember, sealed: Campaign
) -> None:
    with listing_statements(app) as statements:
        hana.open(f"/en/reports/{sealed.id}")
    assert len(statements) <= 6
    assert not [each for each in statements if "pending" in each or "answer" in each]
