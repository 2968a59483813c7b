"""Connections to PostgreSQL that die, hang or lie about durability, and what comes of them."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from fitquiz.store.engine.database import Database, close_quietly, is_passing, open_database
from fitquiz.store.engine.postgresql import CONNECT_SECONDS, GRACE_SECONDS, make_options
from tests.store.conftest import opened, run_outside_transaction
from tests.store.support.cast import NewUrl

LIMIT = 1


class PlannedError(Exception):
    """What goes wrong in a test."""


@pytest.fixture(scope="module")
def url(new_postgres_url: NewUrl) -> str:
    return new_postgres_url()


@pytest.fixture
def hasty(url: str) -> Iterator[Database]:
    """A database whose statements last a second at most."""
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
    processes = [ask_alone(hasty), ask_alone(hasty)]
    assert len(set(processes)) == 1
    end(url, processes[0])
    assert ask_alone(hasty) not in processes


def test_when_one_connection_was_waited_on_in_vain_no_kept_one_is(hasty: Database) -> None:
    with hasty.alone.connect() as first, hasty.alone.connect() as second:
        kept = [
            int(each.execute(text("SELECT pg_backend_pid()")).scalar_one())
            for each in (first, second)
        ]
    next_one = ask_alone(hasty)
    with standing_still(next_one), pytest.raises(DBAPIError):
        ask_alone(hasty)
    assert ask_alone(hasty) not in kept


def ask_alone(database: Database) -> int:
    with database.alone.connect() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_a_connection_that_is_well_is_kept(hasty: Database) -> None:
    assert len({find_process(hasty) for _ in range(5)}) == 1


def test_a_statement_that_takes_too_long_is_ended(hasty: Database) -> None:
    with pytest.raises(OperationalError, match="statement timeout") as ended:
        ask(hasty, "SELECT pg_sleep(5)")
    assert is_passing(ended.value)
    assert ask(hasty, "SELECT 1") == 1


def test_whoever_keeps_house_may_take_time(url: str) -> None:
    with opened(url) as patient:
        assert ask(patient, "SHOW statement_timeout") == "0"


def test_a_server_that_stands_still_is_given_up(hasty: Database) -> None:
    process = find_process(hasty)
    with standing_still(process):
        began = time.monotonic()
        with pytest.raises(OperationalError) as given_up:
            ask(hasty, "SELECT 1")
        assert LIMIT <= time.monotonic() - began < LIMIT + GRACE_SECONDS + 2
        assert is_passing(given_up.value)
        assert find_process(hasty) != process


def test_after_one_has_waited_in_vain_for_a_server_the_next_is_told_at_once() -> None:
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


def test_what_the_address_says_about_waiting_counts() -> None:
    options = make_options(make_url("postgresql://alice@host/x?connect_timeout=9"))
    assert "connect_timeout" not in options
    assert options["tcp_user_timeout"] == 10_000
    assert make_options(make_url("postgresql://alice@host/x"))["connect_timeout"] == CONNECT_SECONDS


def test_the_right_to_act_alone_ends_when_the_deed_fails(url: str) -> None:
    with opened(url) as first, opened(url) as second:
        with pytest.raises(PlannedError), first.sole("housekeeping"):
            raise PlannedError
        assert become_sole(second)


def test_the_right_to_act_alone_ends_with_its_connection(url: str) -> None:
    with opened(url) as first, opened(url) as second, first.sole("housekeeping"):
        assert not become_sole(second)
        end(url, find_holder(second))
        assert become_sole(second)


def test_a_session_whose_server_has_gone_is_closed_without_a_word(
    hasty: Database, url: str
) -> None:
    session = hasty.sessions()
    end(url, read_process(session))
    close_quietly(session)
    assert ask(hasty, "SELECT 1") == 1


def test_a_copy_that_can_only_be_read_is_the_databases_trouble_and_not_ours(
    hasty: Database,
) -> None:
    with hasty.sessions() as session:
        session.execute(text("SET TRANSACTION READ ONLY"))
        with pytest.raises(DBAPIError) as refused:
            session.execute(text("CREATE TABLE mine (id integer)"))
    assert is_passing(refused.value)


def test_a_mistake_of_ours_is_no_trouble_of_the_databases(hasty: Database) -> None:
    with pytest.raises(DBAPIError) as refused:
        ask(hasty, "SELECT nothing FROM nowhere")
    assert not is_passing(refused.value)


def become_sole(database: Database) -> bool:
    """Try for a little while: PostgreSQL takes a moment to see that a connection has gone."""
    for _ in range(40):
        with database.sole("housekeeping") as is_sole:
            if is_sole:
                return True
        time.sleep(0.05)
    return False


def find_holder(database: Database) -> int:
    locks = "FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE datname = current_database()"
    process = ask(database, f"SELECT pid {locks} AND locktype = 'advisory' AND granted")
    assert isinstance(process, int)
    return process


def read_process(session: Session) -> int:
    process: int = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    return process
