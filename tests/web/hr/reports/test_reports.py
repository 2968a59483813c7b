"""HR's reports show only sealed figures, and their files contain the same figures."""

import codecs
import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask

from fitquiz.config.settings import read_settings
from fitquiz.core.groups.counting import make_plan, write_plan
from fitquiz.server.housekeeping import seal_due
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.web.site.database_session import writing
from tests.web.support.clock import find_today
from tests.web.support.page import Form, Page
from tests.web.support.records import listing_statements, read_database
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
        close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
    for address in (f"/en/reports/{campaign.id}", "/en/reports"):
        words = hana.open(address).text
        assert "The survey is closed. The figures come within ten minutes." in words
        assert "Figures come after" not in words
        assert "after the last day" not in words


def test_after_its_last_day_a_campaign_has_figures_soon(app: Flask, hana: StaffMember) -> None:
    today = datetime.now(UTC).date()
    first, last = today - timedelta(9), today - timedelta(1)
    campaign = hana.create(sealing="close", opens_on=first, closes_on=last)
    for address in (f"/en/reports/{campaign.id}", "/en/reports"):
        assert "The figures come within ten minutes." in hana.open(address).text


def test_an_open_campaign_names_the_day_of_its_next_figures(app: Flask, hana: StaffMember) -> None:
    today = find_today()
    campaign = hana.create(
        sealing="weekly", opens_on=today - timedelta(7), closes_on=today + timedelta(20)
    )
    expected = f"The next figures come on {today:%-d %B %Y}"
    assert expected in hana.open(f"/en/reports/{campaign.id}").text
    fill(app, campaign)
    seal_due(read_database(app), read_settings({}), datetime.now(UTC))
    expected = f"More figures come on {today + timedelta(7):%-d %B %Y}"
    assert expected in hana.open(f"/en/reports/{campaign.id}").text


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
    assert "No figure has clearly changed." in page.text
    assert "Figures without a clear change" in page.text


def test_a_clear_change_is_a_sentence(app: Flask, hana: StaffMember) -> None:
    campaigns = []
    for title, cells in (("Spring", "0"), ("Autumn", "1")):
        campaign = hana.create(title, units="", statistics=write_plan(make_plan(["lean"])))
        fill(app, campaign, 100, cells)
        seal(app, campaign)
        campaigns.append(campaign.id)
    page = hana.open(f"/en/reports/{campaigns[1]}?compare={campaigns[0]}")
    assert "Changes since Spring Lean, front office: up 80 percentage points, at least" in page.text
    assert "Figures without a clear change" not in page.text


def test_the_report_begins_with_two_sentences(
    app: Flask, hana: StaffMember, sealed: Campaign
) -> None:
    page = hana.open(f"/en/reports/{sealed.id}")
    first = "At least three in four of those who answered lean to the front office ("
    second = "more than half lean to the front office, and in no unit is it certain that fewer do."
    head = page.response.text.partition("<dl")[0]
    assert first in page.text
    assert second in page.text
    assert "three in four" in head
    assert "Strong" in page.text


def test_the_summary_to_copy_is_plain_text(hana: StaffMember, sealed: Campaign) -> None:
    page = hana.open(f"/en/reports/{sealed.id}")
    html = page.response.text
    summary = unescape(
        html.partition('id="summary"')[2].partition(">")[2].partition("</textarea>")[0]
    )
    lines = summary.splitlines()
    assert lines[0] == HOSTILE
    assert lines[2].startswith("At least three in four")
    assert "Answers: 90" in lines
    assert "Anonymity: Strong" in lines
    assert "<span" not in summary


def test_each_figure_has_the_heading_of_its_column(hana: StaffMember, sealed: Campaign) -> None:
    tree = hana.open(f"/en/reports/{sealed.id}").tree
    for table in tree.iter("table"):
        columns = table.findall("thead/tr/th")
        assert [each.get("scope") for each in columns] == ["col"] * len(columns)
        for row in table.findall("tbody/tr"):
            heading, *cells = list(row)
            assert (heading.tag, heading.get("scope")) == ("th", "row")
            spans = sum(int(cell.get("colspan", "1")) for cell in cells)
            assert spans == len(columns) - 1


HEADINGS = {
    "en": ("Unit", "Figure", "Share (%)", "Strongest area"),
    "nb": ("Avdeling", "Tall", "Andel (%)", "Sterkeste område"),
    "nn": ("Avdeling", "Tal", "Del (%)", "Det sterkaste området"),
}


@pytest.mark.parametrize("language", HEADINGS)
def test_the_files_have_the_same_figures_and_no_formula(
    hana: StaffMember, sealed: Campaign, language: str
) -> None:
    page = hana.open(f"/{language}/reports/{sealed.id}")
    files = {}
    for ending in ("csv", "json", "xlsx"):
        form = find_download(page, ending)
        files[ending] = hana.post(form.action, form.fields).data

    assert files["csv"].startswith(codecs.BOM_UTF8)
    text = files["csv"].decode("utf-8-sig")
    separator = "," if language == "en" else ";"
    rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    assert len(rows) == 3 * 7
    unit, figure, share, strongest = HEADINGS[language]
    assert {row[unit][0] for row in rows} == {"A", "'", "I"}
    assert {line["unit"] for line in json.loads(files["json"])} >= {HOSTILE, "IT"}
    rates = {(line["response_rate"], line["is_least_rate"]) for line in json.loads(files["json"])}
    assert rates == {(100, False), (60, True), (75, True)}
    assert [row[figure] for row in rows].count(strongest) == 3 * 6

    lines = json.loads(files["json"])
    for row, line in zip(rows, lines, strict=True):
        percent = "" if line["percent"] is None else str(line["percent"])
        assert row[share] == percent


def test_a_workbook_begins_with_a_sheet_for_people(hana: StaffMember, sealed: Campaign) -> None:
    page = hana.open(f"/nb/reports/{sealed.id}")
    form = find_download(page, "xlsx")
    file = zipfile.ZipFile(io.BytesIO(hana.post(form.action, form.fields).data))
    book = file.read("xl/workbook.xml").decode()
    assert re.findall(r'<sheet name="(.*?)"', book) == ["Sammendrag", "Tall"]

    strings = file.read("xl/sharedStrings.xml").decode()
    texts = [unescape(each) for each in re.findall(r"<t[^>]*>(.*?)</t>", strings)]
    assert texts[0] == HOSTILE
    assert "Minst tre av fire" in texts[2]
    assert "Slik leser du tallene" in texts
    sheets = [file.read(f"xl/worksheets/sheet{number}.xml") for number in (1, 2)]
    assert not any(b"<f>" in sheet for sheet in sheets)
    numbers = re.findall(rb'<c r="\w+"><v>', sheets[1])
    assert len(numbers) > 3 * 7


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
    assert len(statements) <= 7
    for statement in statements:
        assert "pending" not in statement
        assert "answer" not in statement
