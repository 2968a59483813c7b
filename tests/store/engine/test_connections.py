"""How connections are set up: durable for writing, and without the right to write for reading."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from fitquiz.store.engine.database import Database, open_database
from fitquiz.store.engine.pool_limits import MAX_CONNECTIONS
from fitquiz.store.ledger.hr_connection import open_ledger
from fitquiz.store.ledger.postgresql_rights import ROLE
from fitquiz.store.upkeep.diagnosis import REQUIRED_PRAGMAS, list_wrong_pragmas, look_at
from fitquiz.store.upkeep.erasure import PERSONAL_TABLES, truncate_wal, vacuum_personal_tables
from tests.store.support.cast import ALICE, NOW, noting_statements, start, writing


@pytest.fixture(autouse=True)
def quick_writes() -> None:
    """In this module, SQLite waits for the disk as on a server."""


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_writing_connection_is_durable_too(database: Database) -> None:
    with writing(database) as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one() for name in REQUIRED_PRAGMAS
        }
    assert found == REQUIRED_PRAGMAS


@pytest.mark.parametrize("backend", ["sqlite"])
def test_truncating_the_wal_keeps_the_settings_of_a_connection(database: Database) -> None:
    for _ in range(MAX_CONNECTIONS + 1):
        assert truncate_wal(database, 0.1)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 10_000
    assert list_wrong_pragmas(str(database.engine.url.database)) == []


def test_each_of_hanas_connections_can_only_read(database: Database, backend: str) -> None:
    ledger = open_ledger(database)
    sessions = [ledger() for _ in range(MAX_CONNECTIONS)]
    for session in sessions:
        read_mode(session, backend)
        with pytest.raises(DBAPIError):
            session.execute(text("DELETE FROM ledger_rollup"))
    for session in sessions:
        session.close()
    ledger.kw["bind"].dispose()


def read_mode(session: Session, backend: str) -> None:
    if backend == "postgresql":
        assert session.execute(text("SHOW transaction_read_only")).scalar_one() == "on"
        assert session.execute(text("SELECT current_user")).scalar_one() == ROLE
    else:
        connection = session.connection().connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        connection.set_authorizer(None)
        with pytest.raises(sqlite3.OperationalError, match="readonly database"):
            connection.execute("DELETE FROM ledger_rollup")


def test_a_diagnosis_cannot_write(database: Database) -> None:
    with look_at(database) as session, pytest.raises(DBAPIError, match=r"read-?only"):
        session.execute(text("DELETE FROM throttle"))


def test_a_diagnosis_does_not_change_the_journal_mode(tmp_path: Path) -> None:
    path = tmp_path / "plain.db"
    sqlite3.connect(path).execute("CREATE TABLE mine (id integer)").connection.close()
    before = path.read_bytes()
    with look_at(open_database(f"sqlite:///{path}")) as session:
        session.execute(text("SELECT * FROM mine"))
    assert path.read_bytes() == before


@pytest.mark.parametrize("backend", ["postgresql"])
def test_housekeeping_removes_dead_rows_from_postgresql(database: Database) -> None:
    with writing(database) as session:
        start(session)
        session.execute(text("DELETE FROM attempt"))
    with noting_statements(database) as statements:
        vacuum_personal_tables(database)
    assert [each for each in statements if each.startswith("VACUUM")]
    with writing(database) as session:
        start(session, ALICE, NOW)
        place = session.execute(text("SELECT ctid::text FROM attempt")).scalar_one()
    assert place == "(0,1)", "the place of a dead row was not free"


def test_the_tables_with_answers_are_vacuumed() -> None:
    tables = {"attempt", "answer", "offer", "share", "pending", "deleted_attempt", "outbox"}
    assert set(PERSONAL_TABLES) == tables
