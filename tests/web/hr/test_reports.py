"""HR's reports show only sealed figures, and their files contain the same figures."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from fitquiz.core.groups.counting import make_plan, write_plan
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.web.site.database_session import writing
from tests.web.support.page import Form, Page
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


def test_pending_responses_are_not_shown_before_the_seal(app: Flask, hana: StaffMember) -> None:
    campaign = hana.create()
    empty = hana.open(f"/en/reports/{campaign.id}").text
    fill(app, campaign, 17)
    assert hana.open(f"/en/reports/{campaign.id}").text == empty
    assert "There are no figures yet" in empty


def test_too_few_answers_differ_from_no_figures_yet(app: Flask, hana: StaffMember) -> None:
    campaign = hana.create(units="")
    fill(app, campaign, 4)
    seal(app, campaign)
    for address in (f"/en/reports/{campaign.id}", "/en/reports"):
        page = hana.open(address)
        assert "Too few answered" in page.text


def test_a_campaign_closed_early_has_figures_soon_and_not_after_its_last_day(
    hana: StaffMember,
) -> None:
    campaign = hana.create(sealing="close")
    with hana.app.app_context(), writing() as session:
        close_campaign(session, campaign.id, datetime.now(UTC))
    for address in (f"/en/reports/{campaign.id}", "/en/reports"):
        words = hana.open(address).text
        assert "The campaign is closed. Its answers are sealed within ten minutes." in words
        assert "Figures come after" not in words
        assert "after the last day" not in words


def find_download(page: Page, ending: str) -> Form:
    """Return the form that downloads a report as a file with this ending."""
    (form,) = [form for form in page.forms if form.action.endswith(f"report.{ending}")]
    return form


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_report_shows_the_groups_figures(
    hana: StaffMember, sealed: Campaign, language: str
) -> None:
    page = hana.open(f"/{language}/reports/{sealed.id}")
    says = {"en": "at least 90%", "nb": "minst 90 %"}
    assert says[language] in page.text.replace("\u00a0", " ")
    assert "±" not in page.text
    assert "<script>alert" not in page.response.text
    assert page.h1 == HOSTILE


def test_a_unit_has_its_own_report_and_a_foreign_unit_has_none(
    app: Flask, hana: StaffMember, sealed: Campaign
) -> None:
    page = hana.open(f"/en/reports/{sealed.id}")
    page = hana.open(page.find_link("unit="))
    assert page.h1
    for wrong in ("unit=4711", "unit=x", "compare=4711", f"compare={sealed.id}"):
        hana.open(f"/en/reports/{sealed.id}?{wrong}", 404)


def test_an_earlier_campaign_can_be_compared(
    app: Flask, hana: StaffMember, sealed: Campaign
) -> None:
    later = hana.create("Autumn", statistics=write_plan(make_plan(["lean"])))
    fill(app, later)
    seal(app, later)
    page = hana.open(f"/en/reports/{later.id}?compare={sealed.id}")
    assert "no clear difference" in page.text


def test_the_files_have_the_same_figures_and_no_formula(
    hana: StaffMember, sealed: Campaign
) -> None:
    page = hana.open(f"/en/reports/{sealed.id}")
    files = {}
    for ending in ("csv", "json", "xlsx"):
        form = find_download(page, ending)
        files[ending] = hana.post(form.action, form.fields).data

    text = files["csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 3 * 7
    assert {row["unit"][0] for row in rows} == {"'", "I"}

    lines = json.loads(files["json"])
    for row, line in zip(rows, lines, strict=True):
        percent = "" if line["percent"] is None else str(line["percent"])
        assert row["percent"] == percent
    assert files["xlsx"].startswith(b"PK")


def test_a_download_is_logged_and_needs_figures(
    hana: StaffMember, sealed: Campaign, ada: StaffMember
) -> None:
    page = hana.open(f"/en/reports/{sealed.id}")
    form = find_download(page, "csv")
    hana.post(form.action, form.fields)
    log = ada.open("/en/staff/log")
    assert "downloaded a report" in log.text

    empty = hana.create("Empty")
    hana.send(replace(form, action=f"/en/reports/{empty.id}/report.csv"))
    assert "There are no figures yet" in hana.page.text
    unknown = hana.post(f"/en/reports/{empty.id}/report.doc", form.fields)
    assert unknown.status_code == 404


def test_the_page_needs_few_statements_and_reads_no_responses(
    app: Flask, hana: StaffMember, sealed: Campaign
) -> None:
    with listing_statements(app) as statements:
        hana.open(f"/en/reports/{sealed.id}")
    assert len(statements) <= 6
    for statement in statements:
        assert "pending" not in statement
        assert "answer" not in statement
