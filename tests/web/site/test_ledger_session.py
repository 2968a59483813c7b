"""HR's reports when the copy that they are read from lags behind or is out of reach; respondents notice nothing."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.config.settings import read_settings
from fitquiz.server.housekeeping import seal_due
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.engine.database import open_database
from fitquiz.store.ledger.hr_connection import open_ledger
from fitquiz.web.site.database_session import writing
from tests.web.support.page_checks import check_page
from tests.web.support.records import read_database
from tests.web.support.respondent import Respondent
from tests.web.support.sealing import fill
from tests.web.support.staff_member import StaffMember

ARRIVING = "The figures have been sealed and are on their way here."


@pytest.fixture
def campaign(app: Flask, hana: StaffMember) -> Campaign:
    """A campaign with nine answers that has just been closed."""
    made = hana.create()
    fill(app, made, 9)
    with app.app_context(), writing() as session:
        close_campaign(session, made.id, datetime.now(UTC), datetime.now(UTC).date())
    return made


def read_from_copy(app: Flask, folder: Path) -> Path:
    """Let HR read from a copy of the database as it is now, as a server would that follows it."""
    copy = folder / "copy.db"
    with closing(sqlite3.connect(str(read_database(app).engine.url.database))) as connection:
        connection.execute(f"VACUUM INTO '{copy}'")
    app.extensions["fitquiz_ledger"].kw["bind"].dispose()
    app.extensions["fitquiz_ledger"] = open_ledger(open_database(f"sqlite:///{copy}"))
    return copy


def test_figures_that_have_not_come_to_the_copy_yet_are_not_called_too_few(
    app: Flask, hana: StaffMember, campaign: Campaign, tmp_path: Path
) -> None:
    copy = read_from_copy(app, tmp_path)
    seal_due(read_database(app), read_settings({}), datetime.now(UTC))
    unit = f"/en/reports/{campaign.id}?unit=1"
    for address in ("/en/reports", f"/en/reports/{campaign.id}", unit):
        assert ARRIVING in hana.open(address).text
        assert "Too few" not in hana.page.text
    copy.unlink()
    read_from_copy(app, tmp_path)
    for address in ("/en/reports", f"/en/reports/{campaign.id}", unit):
        assert ARRIVING not in hana.open(address).text


def test_a_copy_that_is_gone_closes_the_reports_and_nothing_else(
    app: Flask, hana: StaffMember, alice: Respondent, campaign: Campaign, tmp_path: Path
) -> None:
    copy = read_from_copy(app, tmp_path)
    copy.unlink()
    app.extensions["fitquiz_ledger"].kw["bind"].dispose()
    for language, h1 in (
        ("en", "We cannot show the group figures right now"),
        ("nb", "Vi kan ikke vise gruppetallene"),
    ):
        for address in ("reports", f"reports/{campaign.id}"):
            page = check_page(hana.client.get(f"/{language}/{address}"), 503)
            assert page.h1.startswith(h1)
            assert page.response.headers["Retry-After"] == "60"
    hana.open(f"/en/campaigns/{campaign.id}")
    hana.open("/en/reports/anonymity")
    alice.start()
    alice.answer(3)


def test_a_copy_that_comes_back_is_read_again_by_itself(
    app: Flask, hana: StaffMember, campaign: Campaign, tmp_path: Path
) -> None:
    copy = read_from_copy(app, tmp_path)
    shutil.move(copy, tmp_path / "away.db")
    app.extensions["fitquiz_ledger"].kw["bind"].dispose()
    check_page(hana.client.get("/en/reports"), 503)
    shutil.move(tmp_path / "away.db", copy)
    hana.open("/en/reports")
