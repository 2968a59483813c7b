"""Opening the database, and the order of its writers."""

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from fitquiz.store.attempts.attempts import find_attempt
from fitquiz.store.engine.database import (
    Database,
    open_database,
)
from fitquiz.store.engine.pool_limits import MAX_CONNECTIONS
from fitquiz.store.upkeep.schema import upgrade_schema
from tests.store.support.cast import (
    ALICE,
    NewUrl,
    assert_waits,
    noting_statements,
    reading,
    start,
    writing,
)
from tests.store.support.crowds import PROCESSES, ROUNDS, run_crowd


class PlannedError(Exception):
    """An error that a test raises on purpose."""


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/fitquiz.db")
    upgrade_schema(database)
    yield database
    database.engine.dispose()


def test_only_the_owner_can_open_the_files_of_a_new_database(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o755)
    before = os.umask(0o022)
    try:
        database = open_database(f"sqlite:///{tmp_path}/fitquiz.db")
        upgrade_schema(database)
    finally:
        os.umask(before)
    modes = {
        each.name: each.stat().st_mode & 0o777
        for each in tmp_path.glob("fitquiz.db*")
        if each.suffix != ".lock"
    }
    database.engine.dispose()
    assert modes == dict.fromkeys(("fitquiz.db", "fitquiz.db-wal", "fitquiz.db-shm"), 0o600)


@pytest.fixture(autouse=True)
def quick_writes() -> None:
    """Leave the pragmas as they are."""


def read_pragmas(database: Database, name: str) -> set[object]:
    """Return the values of a pragma on all connections of the pool."""
    sessions = [database.sessions() for _ in range(MAX_CONNECTIONS)]
    values = {session.execute(text(f"PRAGMA {name}")).scalar_one() for session in sessions}
    for session in sessions:
        session.close()
    return values


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 10_000),
    ],
)
def test_every_sqlite_connection_has_its_pragmas(
    sqlite: Database, pragma: str, value: object
) -> None:
    assert read_pragmas(sqlite, pragma) == {value}


def test_connections_opened_again_are_set_up_again(sqlite: Database) -> None:
    sqlite.engine.dispose()
    assert read_pragmas(sqlite, "synchronous") == {2}


def test_the_sqlite_driver_begins_and_commits_nothing_by_itself(sqlite: Database) -> None:
    with sqlite.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        assert (driver.isolation_level, driver.in_transaction) == (None, False)
        connection.execute(text("SELECT 1"))
        assert driver.in_transaction


def test_a_read_begins_plainly(sqlite: Database) -> None:
    with noting_statements(sqlite) as statements, reading(sqlite) as session:
        find_attempt(session, ALICE)
    assert [statement for statement in statements if "BEGIN" in statement] == ["BEGIN"]


def test_a_write_takes_the_lock_as_it_begins(sqlite: Database) -> None:
    with noting_statements(sqlite) as statements, writing(sqlite) as session:
        start(session)
    assert [statement for statement in statements if "BEGIN" in statement] == ["BEGIN IMMEDIATE"]


def test_a_connection_that_wrote_reads_plainly_afterwards(sqlite: Database) -> None:
    test_a_write_takes_the_lock_as_it_begins(sqlite)
    test_a_read_begins_plainly(sqlite)


def test_begin_write_forgets_what_the_session_has_read(database: Database) -> None:
    with reading(database) as session:
        assert find_attempt(session, ALICE) is None
        with writing(database) as other:
            start(other)
        database.begin_write(session)
        assert find_attempt(session, ALICE) is not None


def test_nobody_sees_a_write_before_its_commit(database: Database) -> None:
    with writing(database) as session:
        start(session)
        with reading(database) as other:
            assert find_attempt(other, ALICE) is None
    with reading(database) as other:
        assert find_attempt(other, ALICE) is not None


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(PlannedError), writing(database) as session:
        fail_half_way(session)
    with reading(database) as session:
        assert find_attempt(session, ALICE) is None


def test_readers_do_not_wait_for_a_writer(sqlite: Database) -> None:
    with writing(sqlite) as session, ThreadPoolExecutor(1) as pool:
        start(session)
        with reading(sqlite) as other:
            assert pool.submit(find_attempt, other, ALICE).result(timeout=5) is None


def test_a_second_writer_waits_for_the_first(sqlite: Database) -> None:
    with ThreadPoolExecutor(1) as pool:
        with writing(sqlite) as session:
            start(session)
            second = pool.submit(take_write_lock, sqlite)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.3)
        assert second.result(timeout=5)


def test_a_writer_waits_for_our_lock_before_sqlites(sqlite: Database) -> None:
    with ThreadPoolExecutor(1) as pool:
        with sqlite.write_lock():
            second = pool.submit(take_write_lock, sqlite)
            assert_waits(second)
        assert second.result(timeout=5)


def test_the_lock_file_has_the_usual_mode(sqlite: Database, tmp_path: Path) -> None:
    assert take_write_lock(sqlite)
    assert sqlite.lock_file is not None
    (tmp_path / "other").touch()
    assert sqlite.lock_file.stat().st_mode == (tmp_path / "other").stat().st_mode


def test_the_lock_is_released_when_a_write_fails(sqlite: Database) -> None:
    test_a_write_that_fails_leaves_nothing(sqlite)
    assert take_write_lock(sqlite)


def test_a_commit_that_fails_keeps_no_lock(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sqlite.engine.dialect, "do_commit", fail_to_commit)
        with pytest.raises(OperationalError, match="disk I/O error"):
            take_write_lock(sqlite)
    impatient = sqlite3.connect(str(sqlite.engine.url.database), timeout=0)
    impatient.execute("BEGIN IMMEDIATE")
    impatient.close()


def test_four_processes_counting_together_lose_nothing(new_url: NewUrl, backend: str) -> None:
    url = new_url()
    database = open_database(url)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (number INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    assert run_crowd("count", url, "FOR UPDATE" if backend == "postgresql" else "") == ""
    with reading(database) as session:
        assert (
            session.execute(text("SELECT number FROM counter")).scalar_one() == PROCESSES * ROUNDS
        )
    database.engine.dispose()


def test_sqlite_alone_orders_the_writers_too(sqlite: Database) -> None:
    impatient = sqlite3.connect(str(sqlite.engine.url.database), timeout=0)
    with writing(sqlite), pytest.raises(sqlite3.OperationalError, match="locked"):
        impatient.execute("BEGIN IMMEDIATE")
    impatient.close()


def fail_to_commit(_connection: object) -> None:
    raise sqlite3.OperationalError("disk I/O error")


def fail_half_way(session: Session) -> None:
    start(session)
    raise PlannedError


def take_write_lock(database: Database) -> bool:
    with writing(database):
        return True
