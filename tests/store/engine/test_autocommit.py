"""Connections for one statement: kept open, given up after a failure and when the server has gone, never too many."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import SupportsIndex

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from fitquiz.store.engine.autocommit import MAX_KEPT
from fitquiz.store.engine.database import Database
from fitquiz.store.engine.pool_limits import MAX_CONNECTIONS
from fitquiz.store.upkeep.erasure import truncate_wal
from tests.store.support.cast import ALICE, see, start, writing


class Raced(list[Connection]):
    """Kept connections that another thread takes and ends, all of them, when this one is about to take one."""

    def pop(self, _at: SupportsIndex = -1) -> Connection:
        """Take the last one, of none by now."""
        for connection in self:
            connection.invalidate()
            connection.close()
        self.clear()
        return super().pop()


def ask(database: Database) -> object:
    with database.autocommit.connect() as connection:
        return connection.execute(text("SELECT 1")).scalar_one()


def count_out(database: Database) -> int:
    """How many connections the pool has given out."""
    return int(database.engine.pool.checkedout())  # type: ignore[attr-defined]  # a QueuePool counts them


def test_one_connection_serves_one_statement_after_another(database: Database) -> None:
    for _ in range(5):
        assert ask(database) == 1
        assert count_out(database) == 1


def test_a_connection_is_given_up_after_a_failure(database: Database) -> None:
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


def test_two_threads_give_up_what_is_kept_at_once(database: Database) -> None:
    assert ask(database) == 1
    database.autocommit._kept = Raced(database.autocommit._kept)
    database.engine.dispose()
    assert count_out(database) == 0
    assert ask(database) == 1


def test_none_is_left_when_the_engine_is_disposed(database: Database) -> None:
    with database.autocommit.connect() as kept:
        raw = kept.connection.driver_connection
    database.engine.dispose()
    with pytest.raises(Exception, match="closed"):
        raw.execute("SELECT 1")  # type: ignore[union-attr]  # it was open
    assert ask(database) == 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_kept_connection_holds_no_deleted_bytes_in_the_log(database: Database) -> None:
    with writing(database) as session:
        start(session, ALICE)
    with database.autocommit.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM attempt")).scalar_one() == 1
    assert truncate_wal(database, 0)


def test_what_it_reads_is_what_has_been_stored_meanwhile(database: Database) -> None:
    assert ask(database) == 1
    with writing(database) as session:
        start(session, ALICE)
    with database.autocommit.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM attempt")).scalar_one() == 1
    with writing(database) as session:
        assert see(session, ALICE).answers == {}
