"""What the server does unasked: deletes what is past its days, and seals what is due, in one process at a time."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from fitquiz.config.settings import read_settings
from fitquiz.server import housekeeping
from fitquiz.server.housekeeping import run_housekeeping_in_process, run_housekeeping_once
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign
from fitquiz.store.ledger.sealing import seal_campaign
from fitquiz.store.upkeep.retention import purge
from fitquiz.web.site.database_session import dispose_database, writing
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.records import read_database, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.sealing import fill
from tests.web.support.staff_member import StaffMember

SETTINGS = read_settings({})


def keep_house(app: Flask) -> bool:
    return run_housekeeping_once(read_database(app), SETTINGS, datetime.now(UTC))


def test_a_campaign_that_is_over_is_sealed(app: Flask, hana: StaffMember) -> None:
    campaign = hana.create()
    fill(app, campaign, 8)
    assert keep_house(app)
    assert read_records(app)["ledger"] == []
    with app.app_context(), writing() as session:
        close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
    assert keep_house(app)
    assert len(read_records(app)["ledger"]) == 1 + 4
    assert read_records(app)["pending"] == []


def fail_for(broken: int, does: Callable[..., Any]) -> Callable[..., Any]:
    def seal(session: Any, campaign_id: int, *rest: Any) -> Any:
        if campaign_id == broken:
            raise ValueError("a plan that nobody can read")
        return does(session, campaign_id, *rest)

    return seal


def test_a_campaign_that_cannot_be_sealed_stops_neither_the_others_nor_the_wiping(
    app: Flask, hana: StaffMember, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = hana.create(), hana.create("Autumn")
    wiped: list[object] = []
    for campaign in (broken, whole):
        fill(app, campaign, 9)
        with app.app_context(), writing() as session:
            close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
    monkeypatch.setattr(housekeeping, "seal_campaign", fail_for(broken.id, seal_campaign))
    monkeypatch.setattr(housekeeping, "wipe_traces", wiped.append)
    with pytest.raises(ValueError, match="nobody can read"):
        keep_house(app)
    assert {row[1] for row in read_records(app)["ledger"]} == {whole.id}
    assert wiped == [read_database(app)]
    assert f"campaign {broken.id} could not be sealed: ValueError" in caplog.text


def test_campaigns_are_sealed_even_if_the_purge_fails(
    app: Flask, hana: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = hana.create()
    fill(app, campaign, 9)
    with app.app_context(), writing() as session:
        close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
    monkeypatch.setattr(housekeeping, "purge", fail_for(SETTINGS.unfinished_days, purge))
    with pytest.raises(ValueError, match="nobody can read"):
        keep_house(app)
    assert read_records(app)["pending"] == []


def test_whatever_fails_the_loop_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds, again = [], threading.Event()

    def fail() -> None:
        rounds.append(1)
        if len(rounds) == 2:
            again.set()
        raise ValueError

    monkeypatch.setattr(housekeeping, "FIRST_AFTER_SECONDS", 0)
    monkeypatch.setattr(housekeeping, "EVERY_SECONDS", 0)
    stop = housekeeping.start_housekeeping(fail)
    assert again.wait(5)
    stop.set()


def test_a_round_apart_does_the_same_and_leaves_nothing_open_here(
    app: Flask, hana: StaffMember, tmp_path: Path
) -> None:
    campaign = hana.create()
    fill(app, campaign, 9)
    with app.app_context(), writing() as session:
        close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
    dispose_database(app)
    run_housekeeping_in_process(app.extensions["fitquiz_settings"])
    assert [link for link in list_open() if link.is_relative_to(tmp_path)] == []
    assert read_records(app)["ledger"] != []


def list_open() -> list[Path]:
    """The files that this process has open."""
    return [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]


def test_a_round_apart_that_fails_tells_the_kind_of_failure_alone(
    make_app: MakeApp, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = make_app().extensions["fitquiz_settings"]
    run_housekeeping_in_process(replace(settings, database_url="sqlite:////no/such/secret/x.db"))
    said = capfd.readouterr().err
    assert "housekeeping failed and will run again in ten minutes: " in said
    assert "secret" not in said
    assert said.count("\n") == 1


def test_nothing_is_done_while_another_process_is_at_it(app: Flask, hana: StaffMember) -> None:
    campaign = hana.create()
    fill(app, campaign, 9)
    with app.app_context(), writing() as session:
        close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
    with read_database(app).try_lock("housekeeping") as is_locked:
        assert is_locked
        assert not keep_house(app)
        assert read_records(app)["ledger"] == []
    assert keep_house(app)
    assert read_records(app)["ledger"] != []


def test_what_is_over_of_staffs_goes_and_what_is_not_stays(
    app: Flask, hana: StaffMember, ada: StaffMember
) -> None:
    ada.open("/en/staff/new")
    ada.send(
        ada.page.find_form("/staff/new"), name="Eva", email="eva@example.org", permissions="hr"
    )
    ada.open(f"/en/staff/{hana.staff.id}")
    mallory = Respondent(app.test_client())
    mallory.open("/en/code")
    mallory.send(mallory.page.find_form("/code"), 400, code="ABCDE-FGHJK")
    past = datetime.now(UTC) - timedelta(days=8)
    keep_house(app)
    assert [len(read_records(app)[table]) for table in ("sign_in", "staff_link", "throttle")] == [
        2,
        1,
        1,
    ]
    with app.app_context(), writing() as session:
        for statement in (
            "UPDATE sign_in SET seen_at = :past WHERE staff_id = 1",
            "UPDATE staff_link SET expires_at = :past",
            "UPDATE throttle SET full_at = 1",
        ):
            session.execute(text(statement), {"past": past} if ":past" in statement else {})
    keep_house(app)
    assert [len(read_records(app)[table]) for table in ("sign_in", "staff_link", "throttle")] == [
        1,
        0,
        0,
    ]
