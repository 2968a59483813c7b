"""Connections to PostgreSQL that die, hang or are not durable by default."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from fitquiz.store.engine.database import Database, close_quietly, is_database_fault, open_database
from fitquiz.store.engine.paging import LARGEST_ID
from fitquiz.store.engine.postgresql import CONNECT_SECONDS, make_connect_args
from tests.store.conftest import opened, run_outside_transaction
from tests.store.support.cast import NewUrl

LIMIT = 1


class PlannedError(Exception):
    """An error that a test raises on purpose."""


@pytest.fixture(scope="module")
def url(new_postgres_url: NewUrl) -> str:
    return new_postgres_url()


@pytest.fixture
def hasty(url: str) -> Iterator[Database]:
    """A database with a statement limit of one second."""
    database = open_database(url, LIMIT)
    yield database
    database.engine.dispose()


def ask(database: Database, question: str) -> object:
    with database.sessions() as session:
        return session.execute(text(question)).scalar_one()


def find_process(database: Database) -> int:
    process = ask(database, "SELECT pg_backend_pid()")
    assert isinstance(process, int)
    return process


def end(url: str, process: int) -> None:
    """End a connection from outside, and wait until it is gone."""
    run_outside_transaction(make_url(url), f"SELECT pg_terminate_backend({process}, 5000)")


@contextmanager
def standing_still(process: int) -> Iterator[None]:
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def test_a_connection_that_the_server_has_ended_is_replaced_unnoticed(
    hasty: Database, url: str
) -> None:
    process = find_process(hasty)
    end(url, process)
    assert find_process(hasty) != process


def test_a_kept_connection_that_the_server_has_ended_is_replaced_unnoticed(
    hasty: Database, url: str
) -> None:
    process = find_autocommit_process(hasty)
    assert find_autocommit_process(hasty) == process
    end(url, process)
    assert find_autocommit_process(hasty) != process


def find_autocommit_process(database: Database) -> int:
    with database.autocommit.connect() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_a_working_connection_is_used_again(hasty: Database) -> None:
    assert len({find_process(hasty) for _ in range(5)}) == 1


def test_a_statement_that_takes_too_long_is_ended(hasty: Database) -> None:
    with pytest.raises(OperationalError, match="statement timeout") as ended:
        ask(hasty, "SELECT pg_sleep(5)")
    assert is_database_fault(ended.value)
    assert ask(hasty, "SELECT 1") == 1


def test_housekeeping_has_no_statement_limit(url: str) -> None:
    with opened(url) as patient:
        assert ask(patient, "SHOW statement_timeout") == "0"


def test_a_stopped_server_process_delays_its_own_statement_only(hasty: Database) -> None:
    process = find_process(hasty)
    with ThreadPoolExecutor(1) as pool:
        with standing_still(process):
            stopped = pool.submit(find_process, hasty)
            with pytest.raises(TimeoutError):
                stopped.result(timeout=LIMIT + 1)
            assert find_process(hasty) != process
        assert stopped.result(timeout=5) == process


def test_after_one_slow_failed_connect_the_next_fails_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = open_database(f"postgresql://alice@127.0.0.1:{silent.getsockname()[1]}/x", LIMIT)
        seconds = []
        for _ in range(2):
            began = time.monotonic()
            with pytest.raises(OperationalError):
                ask(database, "SELECT 1")
            seconds.append(time.monotonic() - began)
    assert seconds[0] >= CONNECT_SECONDS - 1
    assert seconds[1] < 0.5


@pytest.mark.parametrize(
    ("default", "kept"), [("off", "on"), ("local", "local"), ("remote_apply", "remote_apply")]
)
def test_a_commit_is_durable_whatever_the_servers_default(
    new_postgres_url: NewUrl, default: str, kept: str
) -> None:
    url = new_postgres_url()
    address = make_url(url)
    run_outside_transaction(
        address, f"ALTER DATABASE {address.database} SET synchronous_commit = {default}"
    )
    with opened(url) as database:
        assert ask(database, "SHOW synchronous_commit") == kept


def test_time_limits_in_the_url_win() -> None:
    options = make_connect_args(make_url("postgresql://alice@host/x?connect_timeout=9"))
    assert "connect_timeout" not in options
    assert options["tcp_user_timeout"] == 10_000
    assert (
        make_connect_args(make_url("postgresql://alice@host/x"))["connect_timeout"]
        == CONNECT_SECONDS
    )


def test_a_named_lock_ends_when_the_block_fails(url: str) -> None:
    with opened(url) as first, opened(url) as second:
        with pytest.raises(PlannedError), first.try_lock("housekeeping"):
            raise PlannedError
        assert can_lock(second)


def test_a_named_lock_ends_with_its_connection(url: str) -> None:
    with opened(url) as first, opened(url) as second, first.try_lock("housekeeping"):
        assert not can_lock(second)
        end(url, find_holder(second))
        assert can_lock(second)


def test_a_session_with_a_dead_connection_closes_without_an_error(
    hasty: Database, url: str
) -> None:
    session = hasty.sessions()
    end(url, read_process(session))
    close_quietly(session)
    assert ask(hasty, "SELECT 1") == 1


def test_a_read_only_server_counts_as_trouble_of_the_database(
    hasty: Database,
) -> None:
    with hasty.sessions() as session:
        session.execute(text("SET TRANSACTION READ ONLY"))
        with pytest.raises(DBAPIError) as refused:
            session.execute(text("CREATE TABLE mine (id integer)"))
    assert is_database_fault(refused.value)


def test_a_wrong_statement_does_not_count_as_trouble_of_the_database(hasty: Database) -> None:
    with pytest.raises(DBAPIError) as refused:
        ask(hasty, "SELECT nothing FROM nowhere")
    assert not is_database_fault(refused.value)


def can_lock(database: Database) -> bool:
    """Try for two seconds: PostgreSQL takes a moment to notice a closed connection."""
    for _ in range(40):
        with database.try_lock("housekeeping") as is_locked:
            if is_locked:
                return True
        time.sleep(0.05)
    return False


def find_holder(database: Database) -> int:
    locks = (
        "FROM pg_locks JOIN pg_database ON pg_database.oid = database "
        "WHERE datname = current_database()"
    )
    process = ask(database, f"SELECT pid {locks} AND locktype = 'advisory' AND granted")
    assert isinstance(process, int)
    return process


def read_process(session: Session) -> int:
    process: int = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    return process


def test_the_largest_id_is_the_largest_that_an_id_column_takes(url: str) -> None:
    with opened(url) as database:
        assert ask(database, f"SELECT {LARGEST_ID}::integer") == LARGEST_ID
        with pytest.raises(DBAPIError, match="out of range"):
            ask(database, f"SELECT {LARGEST_ID + 1}::integer")
