"""HR's connection reads the ledger's tables and nothing else. The database refuses to change a ledger."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from fitquiz.store.engine.database import Database, DatabaseUnusableError, open_database
from fitquiz.store.ledger.hr_connection import (
    LedgerUnreachableError,
    open_ledger,
    start_reading,
    try_rights,
)
from fitquiz.store.ledger.postgresql_rights import TABLES
from fitquiz.store.ledger.reading import list_published, read_figures
from fitquiz.store.tables.base import Row
from tests.store.conftest import migrate, opened, run_outside_transaction
from tests.store.support.cast import NewUrl, writing
from tests.store.support.ledger_cast import IT, respond_often, seal, start_campaign

REFUSED = r"prohibited|not authorized|permission denied|read-only"
OTHERS = sorted(set(Row.metadata.tables) - set(TABLES))
KINDS = [(table, kind) for table in OTHERS for kind in ("SELECT", "UPDATE (%s)")] + [
    (table, kind)
    for table in sorted(Row.metadata.tables)
    for kind in ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
]
MORE = [
    ("GRANT pg_monitor TO {}", "REVOKE pg_monitor FROM {}"),
    ("ALTER ROLE {} CREATEROLE", "ALTER ROLE {} NOCREATEROLE"),
    ("ALTER ROLE {} REPLICATION", "ALTER ROLE {} NOREPLICATION"),
    ("GRANT CREATE ON SCHEMA public TO {}", "REVOKE CREATE ON SCHEMA public FROM {}"),
    (
        "GRANT USAGE ON SEQUENCE attempt_id_seq TO {}",
        "REVOKE USAGE ON SEQUENCE attempt_id_seq FROM {}",
    ),
    ("GRANT SELECT ON answer TO PUBLIC", "REVOKE SELECT ON answer FROM PUBLIC"),
]
WRITES = [
    "INSERT INTO ledger (campaign_id, path, period_from, period_to, n) VALUES (1, '[]', '2026-01-01', '2026-01-01', 5)",
    "UPDATE ledger_rollup SET n = 1",
    "DELETE FROM ledger_rollup",
    "DROP TABLE ledger_rollup",
    "CREATE TABLE mine (id integer)",
]
BESIDES = {
    "sqlite": [
        "PRAGMA table_list",
        "ATTACH DATABASE ':memory:' AS other",
        "SELECT sql FROM sqlite_master",
    ],
    "postgresql": [
        "SELECT passwd FROM pg_shadow",
        "COPY ledger TO '/tmp/ledger'",
        "SELECT pg_read_file('/etc/hostname')",
    ],
}


@pytest.fixture
def hana(database: Database) -> Iterator[sessionmaker[Session]]:
    sessions = open_ledger(database)
    yield sessions
    sessions.kw["bind"].dispose()


def test_hana_reads_what_is_published(database: Database, hana: sessionmaker[Session]) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)
        respond_often(session, campaign, {IT: 6}, "1")
        seal(session, campaign)
    with hana() as ledger:
        assert read_figures(ledger, campaign.id, ())[IT]["answers", ""].n == 6
        assert list_published(ledger, [campaign.id, campaign.id + 1]) == {campaign.id}


@pytest.mark.parametrize("table", OTHERS)
def test_hana_cannot_read_any_other_table(hana: sessionmaker[Session], table: str) -> None:
    with hana() as ledger, pytest.raises(DBAPIError, match=REFUSED):
        ledger.execute(text(f"SELECT * FROM {table}"))


def test_hana_cannot_reach_another_table_through_the_ledger(hana: sessionmaker[Session]) -> None:
    queries = [
        "SELECT n FROM ledger WHERE n IN (SELECT unit_id FROM pending)",
        "SELECT n FROM ledger, answer",
    ]
    for query in queries:
        with hana() as ledger, pytest.raises(DBAPIError, match=REFUSED):
            ledger.execute(text(query))


@pytest.mark.parametrize("statement", WRITES)
def test_hana_cannot_write_anything(hana: sessionmaker[Session], statement: str) -> None:
    with hana() as ledger, pytest.raises(DBAPIError, match=REFUSED):
        ledger.execute(text(statement))


def test_hana_finds_no_way_around(hana: sessionmaker[Session], backend: str) -> None:
    for statement in BESIDES[backend]:
        with hana() as ledger, pytest.raises(DBAPIError, match=REFUSED):
            ledger.execute(text(statement))


@pytest.mark.parametrize("table", ["ledger", "ledger_statistic"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_ledger(
    database: Database, table: str, deed: str
) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)
        respond_often(session, campaign, {IT: 6})
        seal(session, campaign)
    column = "n = n" if table == "ledger" else "count = count"
    with pytest.raises(DBAPIError, match=f"{table} is append-only"), writing(database) as session:
        session.execute(text(deed.format(table, column)))


def test_a_ledger_login_that_could_read_answers_stops_the_start(new_postgres_url: NewUrl) -> None:
    url = new_postgres_url()
    migrate(url)
    with (
        opened(url) as database,
        pytest.raises(DatabaseUnusableError, match="could do more than read the ledger"),
    ):
        open_ledger(database, url)


def test_every_connection_is_tried_before_it_reads_not_only_the_first(
    new_postgres_url: NewUrl,
) -> None:
    url = new_postgres_url()
    migrate(url)
    hana = open_ledger(open_database(url))
    start_reading(hana).close()
    run_outside_transaction(make_url(url), "GRANT SELECT ON answer TO fitquiz_ledger")
    hana.kw["bind"].dispose()
    with pytest.raises(LedgerUnreachableError, match="could do more than read the ledger"):
        start_reading(hana)


def test_a_server_of_hrs_own_that_is_out_of_reach_stops_no_start_and_is_tried_when_it_comes(
    new_postgres_url: NewUrl, caplog: pytest.LogCaptureFixture
) -> None:
    main, name = new_postgres_url(), "copy_that_comes_later"
    migrate(main)
    later = make_url(main).set(database=name).render_as_string(hide_password=False)
    hana = open_ledger(open_database(main), later)
    assert "HR's reports do not work until" in caplog.text
    with pytest.raises(LedgerUnreachableError, match="does not exist"):
        start_reading(hana)
    run_outside_transaction(make_url(main), f"CREATE DATABASE {name} TEMPLATE template0")
    migrate(later)
    with pytest.raises(LedgerUnreachableError, match="could do more than read the ledger"):
        start_reading(hana)


@pytest.fixture(scope="module")
def own_login(new_postgres_url: NewUrl) -> Iterator[URL]:
    """A login of HR's own on a migrated database, created as the documentation says.

    It can open the ledger before and after the tests, which each give it one right for a while.
    """
    url = make_url(new_postgres_url())
    migrate(url.render_as_string(hide_password=False))
    login = f"hr_{url.database}"
    run_outside_transaction(url, f"CREATE ROLE {login} LOGIN", f"GRANT fitquiz_ledger TO {login}")
    open_by(url)
    yield url
    open_by(url)


def open_by(url: URL) -> None:
    """Open the ledger by HR's own login, as a server does when it starts."""
    main = open_database(url.render_as_string(hide_password=False))
    own = url.set(username=f"hr_{url.database}").render_as_string(hide_password=False)
    try:
        open_ledger(main, own).kw["bind"].dispose()
    finally:
        main.engine.dispose()


def refuse_with(url: URL, more: str, less: str, named: str = "") -> None:
    run_outside_transaction(url, more)
    try:
        with pytest.raises(
            DatabaseUnusableError, match=f"could do more than read the ledger.*{named}"
        ):
            open_by(url)
    finally:
        run_outside_transaction(url, less)


@pytest.mark.parametrize(("table", "kind"), KINDS)
def test_a_login_with_any_right_on_any_other_table_is_refused(
    own_login: URL, table: str, kind: str
) -> None:
    first = next(iter(Row.metadata.tables[table].columns)).name
    right = kind.replace("%s", first)
    login = f"hr_{own_login.database}"
    refuse_with(
        own_login,
        more=f"GRANT {right} ON {table} TO {login}",
        less=f"REVOKE {right} ON {table} FROM {login}",
        named=rf"excess rights: public\.{table}\.",
    )


@pytest.mark.parametrize(("more", "less"), MORE)
def test_a_login_with_other_rights_is_refused(own_login: URL, more: str, less: str) -> None:
    login = f"hr_{own_login.database}"
    refuse_with(own_login, more.format(login), less.format(login))


class FailingConnection:
    """A connection that reads the ledger, and then fails with a disk error."""

    Error = sqlite3.Error

    def execute(self, statement: str) -> None:
        if "FROM ledger LIMIT" not in statement:
            raise sqlite3.OperationalError("disk I/O error")

    def rollback(self) -> None:
        """Do nothing: the connection has no transaction."""


def test_a_failure_that_is_no_refusal_proves_nothing() -> None:
    with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
        try_rights(FailingConnection(), None)


@pytest.mark.parametrize("url", ["", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_sqlite_file_without_a_ledger_stops_the_start_whatever_url_is_set(
    tmp_path: Path, url: str
) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    with database.engine.connect():  # Creates the file.
        pass
    with pytest.raises(DatabaseUnusableError, match="ledger cannot be read"):
        open_ledger(database, url)
    database.engine.dispose()
