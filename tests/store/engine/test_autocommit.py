"""Autocommit connections: a few are kept open, and one that has failed is closed."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import SupportsIndex

import pytest
from sqlalchemy import Connection, QueuePool, text
from sqlalchemy.exc import DBAPIError

from fitquiz.store.engine.autocommit import MAX_KEPT
from fitquiz.store.engine.database import Database
from fitquiz.store.engine.pool_limits import MAX_CONNECTIONS
from fitquiz.store.upkeep.erasure import truncate_wal
from tests.store.support.cast import ALICE, see, start, writing


class Raced(list[Connection]):
    """A list that another thread empties just before this thread takes a connection."""

    def pop(self, _at: SupportsIndex = -1) -> Connection:
        """Close all, then take the last of an empty list."""
        for connection in self:
            connection.invalidate()
            connection.close()
        self.clear()
        return super().pop()


def ask(database: Database) -> object:
    with database.autocommit.connect() as connection:
        return connection.execute(text("SELECT 1")).scalar_one()


def count_out(database: Database) -> int:
    """Return how many connections of the pool are in use."""
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def test_one_connection_serves_one_statement_after_another(database: Database) -> None:
    for _ in range(5):
        assert ask(database) == 1
        assert count_out(database) == 1


def test_a_connection_is_not_kept_after_a_failure(database: Database) -> None:
    with pytest.raises(DBAPIError), database.autocommit.connect() as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))
    assert count_out(database) == 0
    assert ask(database) == 1


def test_few_are_kept_however_many_were_used(database: Database) -> None:
    with ExitStack() as stack:
        for _ in range(MAX_CONNECTIONS):
            stack.enter_context(database.autocommit.connect())
    assert count_out(database) == MAX_KEPT < MAX_CONNECTIONS


def test_many_threads_get_through(database: Database) -> None:
    with ThreadPoolExecutor(3 * MAX_CONNECTIONS) as pool:
        assert (
            list(pool.map(lambda _: ask(database), range(20 * MAX_CONNECTIONS)))
            == [1] * 20 * MAX_CONNECTIONS
        )
    assert 1 <= count_out(database) <= MAX_KEPT


def test_two_threads_may_close_the_kept_connections_at_once(database: Database) -> None:
    assert ask(database) == 1
    database.autocommit._kept = Raced(database.autocommit._kept)
    database.engine.dispose()
    assert count_out(database) == 0
    assert ask(database) == 1


def test_no_connection_stays_open_when_the_engine_is_disposed(database: Database) -> None:
    with database.autocommit.connect() as kept:
        raw = kept.connection.driver_connection
    assert raw is not None
    database.engine.dispose()
    with pytest.raises(Exception, match="closed"):
        raw.execute("SELECT 1")
    assert ask(database) == 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_kept_connection_does_not_keep_the_wal_from_being_truncated(database: Database) -> None:
    with writing(database) as session:
        start(session, ALICE)
    with database.autocommit.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM attempt")).scalar_one() == 1
    assert truncate_wal(database, 0)


def test_a_kept_connection_reads_what_others_have_stored_meanwhile(database: Database) -> None:
    assert ask(database) == 1
    with writing(database) as session:
        start(session, ALICE)
    with database.autocommit.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM attempt")).scalar_one() == 1
    with writing(database) as session:
        assert see(session, ALICE).answers == {}
