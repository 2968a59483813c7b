"""An upgrade from a released schema keeps each row, each result and each link."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Boolean, column, select, table, text

from fitquiz.store.campaigns.factor_account import list_charges
from fitquiz.store.engine.database import Database, open_database
from fitquiz.store.upkeep.schema import find_revision, list_revisions, make_config, upgrade_schema
from fitquiz.web.site.database_session import dispose_database
from tests.released.keeping import (
    FIRST,
    ROWS,
    list_statements,
    load_kept,
    read_statements,
    read_tables,
)
from tests.released.opening import list_links, open_app, read_results, read_statuses
from tests.store.support.cast import NewUrl
from tests.store.support.reading_all import (
    SAID,
    find_said_statuses,
    keep_released_fields,
    read_all,
)

MOMENT = "2026-11-30 09:00:00.000000"
MESSAGES = (
    """INSERT INTO mailing (campaign_id, site, own_words, people, created_at)
    SELECT min(id), 'https://quiz.example.org', '', 1, :now FROM campaign""",
    """INSERT INTO outbox (mailing_id, number, stop_hash, recipient, state, tries, next_try_at)
    SELECT id, 0, :blob, :blob, 'waiting', 0, :now FROM mailing""",
)
on_sqlite_at_once = pytest.mark.parametrize(
    "backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)]
)
"""For slow tests of code that is the same for both databases."""


@pytest.fixture
def kept(new_url: NewUrl) -> Iterator[Database]:
    """A database of the first released schema."""
    database = open_database(new_url())
    load_kept(database)
    yield database
    database.engine.dispose()


@pytest.fixture
def upgraded(kept: Database, tmp_path: Path) -> Iterator[Flask]:
    """The app, started on that database."""
    app = open_app(kept.engine.url.render_as_string(hide_password=False), tmp_path)
    yield app
    dispose_database(app)


def test_the_kept_database_is_small_and_has_rows_of_every_kind() -> None:
    rows = {name: len(rows) for name, _, rows in read_tables()}
    assert rows["attempt"] >= 1000
    tables = {
        each.split()[2].strip('"') for each in list_statements() if each.startswith("CREATE TABLE")
    }
    assert set(rows) == tables - {"alembic_version"}
    assert ROWS.stat().st_size <= 300_000


def test_the_first_migrations_still_make_the_schema_that_was_released(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/first.db")
    with database.engine.begin() as connection:
        command.upgrade(make_config(connection), FIRST)
    database.engine.dispose()
    with closing(sqlite3.connect(tmp_path / "first.db")) as file:
        assert read_statements(file) == list_statements()


def test_an_upgrade_keeps_every_row_and_every_owner_and_makes_no_kiosk(kept: Database) -> None:
    before = read_all(kept)
    assert {name: len(rows) for name, rows in before.items()} == {
        name: len(rows) for name, _, rows in read_tables()
    }
    upgrade_schema(kept)
    assert read_all(kept) == before
    with kept.engine.connect() as connection:
        kiosks = select(column("is_kiosk", Boolean)).select_from(table("invitation"))
        assert set(connection.scalars(kiosks)) == {False}
        owners = text("SELECT id, owner_id, 'owner' FROM campaign ORDER BY id")
        members = text("SELECT campaign_id, staff_id, role FROM campaign_member ORDER BY 1")
        assert connection.execute(members).all() == connection.execute(owners).all() != []


def test_messages_that_wait_are_kept_by_the_upgrade_of_the_outbox(kept: Database) -> None:
    with kept.engine.begin() as connection:
        command.upgrade(make_config(connection), "0008")
        for statement in MESSAGES:
            connection.execute(text(statement), {"blob": b"s" * 32, "now": MOMENT})
        read = text("SELECT id, mailing_id, number, stop_hash, recipient, state FROM outbox")
        before = connection.execute(read).all()
    upgrade_schema(kept)
    with kept.engine.begin() as connection:
        assert connection.execute(read).all() == before != []
        connection.execute(text(MESSAGES[1]), {"blob": b"s" * 32, "now": MOMENT})
        assert len(connection.execute(read).all()) == 2


def test_an_upgrade_puts_stored_and_deleted_campaigns_into_the_account(kept: Database) -> None:
    """A deleted campaign is known from its published counts. The upgrade finds what the pack says of a stored one."""
    with kept.engine.begin() as connection:
        stored = connection.execute(text("SELECT id FROM campaign ORDER BY id")).scalars().all()
        for table_name in ("invitation", "unit", "campaign"):
            column_name = "id" if table_name == "campaign" else "campaign_id"
            statement = f"DELETE FROM {table_name} WHERE {column_name} = :id"
            connection.execute(text(statement), {"id": stored[0]})
    upgrade_schema(kept)
    with kept.sessions() as session:
        rows = session.execute(text("SELECT campaign_id, factor FROM campaign_factor ORDER BY 1"))
        factors = {row.campaign_id: Fraction(row.factor) for row in rows}
        charges = list_charges(session, date(2026, 9, 1))
    assert list(factors) == stored
    assert [round(factor) for factor in factors.values()] == [3592, 3, 3, 3]
    assert len(charges) == len(factors)
    assert all(charge.first_day <= charge.last_day for charge in charges)


@on_sqlite_at_once
def test_every_old_result_is_the_same_and_every_old_link_opens(upgraded: Flask) -> None:
    """Newer files may have more fields. Each field of the release must keep its name and its value."""
    assert keep_released_fields(read_results(upgraded)) == SAID["results"]
    assert read_statuses(upgraded, list_links()) == find_said_statuses(list_links())


@pytest.mark.parametrize(
    ("backend", "commits_at_once"),
    [
        ("sqlite", False),
        ("sqlite", True),
        pytest.param("postgresql", False, marks=pytest.mark.long),
        ("postgresql", True),
    ],
)
def test_an_upgrade_that_is_killed_at_any_statement_goes_on_at_the_next_start(
    kept: Database, commits_at_once: bool
) -> None:
    before = read_all(kept)
    url = kept.engine.url.render_as_string(hide_password=False)
    kept.engine.dispose()
    arguments = ["-m", "tests.released.killing", url, *(["commit"] if commits_at_once else [])]
    done = subprocess.run(
        [sys.executable, *arguments],
        check=True,
        cwd=Path(__file__).parents[3],
        capture_output=True,
        timeout=120,
    )
    assert int(done.stdout) >= (2 if commits_at_once else 3)
    with kept.engine.connect() as connection:
        assert find_revision(connection) == list_revisions()[0]
    assert read_all(kept) == before
