"""No page, no form and no round of the housekeeping goes through a table that grows: each has an index to take."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from fitquiz.config.settings import read_settings
from fitquiz.server.housekeeping import run_housekeeping_once
from fitquiz.store.engine.database import Database
from tests.store.support.plans import Executor, list_scans, noting_asked
from tests.web.support.calls import list_calls
from tests.web.support.records import read_database
from tests.web.support.stage import Stage


def databases(stage: Stage) -> tuple[Database, Database]:
    """The app's own, and the ledger as HR reads it."""
    own = read_database(stage.app)
    return own, replace(own, engine=stage.app.extensions["fitquiz_ledger"].kw["bind"])


def note_all(stage: Stage, method: str) -> tuple[set[str], list[Executor]]:
    """Make every call as somebody who may; return which did what they do, and what was asked of the databases."""
    done = set()
    with ExitStack() as noted:
        lists = [noted.enter_context(noting_asked(each)) for each in databases(stage)]
        for call in list_calls(stage, method):
            if method == "POST":
                stage.restore()
            if stage.ask(call.doer, method, call.address, call.fields(stage)).status_code < 400:
                done.add(call.endpoint)
    return done, [each for asked in lists for each in asked]


def test_no_page_reads_a_growing_table_through(stage: Stage) -> None:
    done, asked = note_all(stage, "GET")
    assert {
        "answering.item",
        "result.result",
        "campaigns.campaign",
        "reports.report",
        "clients.clients",
    } <= done
    assert list_scans(read_database(stage.app), asked) == set()


def test_no_form_reads_a_growing_table_through(stage: Stage) -> None:
    done, asked = note_all(stage, "POST")
    assert {
        "answering.begin",
        "answering.item",
        "check.check",
        "keeping.delete",
        "manage_shares.share",
        "campaigns.new",
    } <= done
    assert list_scans(read_database(stage.app), asked) == set()


def test_no_round_of_the_housekeeping_reads_a_growing_table_through(stage: Stage) -> None:
    with noting_asked(read_database(stage.app)) as asked:
        for days in (0, 40, 400):
            assert run_housekeeping_once(
                read_database(stage.app), read_settings({}), datetime.now(UTC) + timedelta(days)
            )
    assert any("DELETE FROM attempt" in statement for statement, _values in asked)
    assert list_scans(read_database(stage.app), asked) == set()


def test_a_scan_would_be_found(stage: Stage) -> None:
    with (
        noting_asked(read_database(stage.app)) as asked,
        read_database(stage.app).engine.connect() as connection,
    ):
        connection.execute(
            text("SELECT count(*) FROM attempt WHERE ticket = :ticket"), {"ticket": b""}
        )
    assert len(list_scans(read_database(stage.app), asked)) == 1
