"""A purge goes in small transactions: between them everybody else writes, and a process may end."""

import fcntl
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from fitquiz.config.settings import read_settings
from fitquiz.server import housekeeping
from fitquiz.server.housekeeping import (
    BLOCKED_SECONDS,
    MIN_ROWS,
    PAUSE_FACTOR,
    purge_once,
    run_housekeeping_once,
)
from fitquiz.store.engine.pool_limits import MAX_CONNECTIONS
from fitquiz.store.upkeep.retention import MAX_ROWS, Purged
from tests.store.support.masses import store_attempts
from tests.web.support.records import read_database, read_records

ATTEMPTS, ANSWERS, AT_A_TIME = 43, 2, 5
LATER = datetime.now(UTC) + timedelta(400)


@pytest.fixture
def between(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Some attempts that are past their days, of which few go at a time; what is done between."""
    store_attempts(read_database(app), ATTEMPTS, ANSWERS)
    monkeypatch.setattr(housekeeping, "MIN_ROWS", AT_A_TIME)
    monkeypatch.setattr(housekeeping, "MAX_ROWS", AT_A_TIME)
    return lambda does: monkeypatch.setattr(housekeeping, "checkpoint", lambda _database: does())


def test_everybody_may_write_between_two_lots(
    app: Flask, between: Callable[[Callable[[], None]], None]
) -> None:
    left = []

    def write() -> None:
        lock_file = read_database(app).lock_file
        assert lock_file is not None
        with lock_file.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        left.append(len(read_records(app)["attempt"]))

    between(write)
    gone = purge_once(read_database(app), read_settings({}), LATER)
    assert left == [38, 33, 28, 23, 18, 13, 8, 3]
    assert gone == Purged(unfinished=4, finished=39, packs=1)


def test_what_ends_between_two_lots_leaves_whole_attempts_and_the_next_round_goes_on(
    app: Flask, between: Callable[[Callable[[], None]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    between(lambda: pytest.fail("killed"))
    with pytest.raises(pytest.fail.Exception, match="killed"):
        purge_once(read_database(app), read_settings({}), LATER)
    records = read_records(app)
    assert (len(records["attempt"]), len(records["answer"])) == (
        ATTEMPTS - 5,
        (ATTEMPTS - 5) * ANSWERS,
    )
    between(lambda: None)
    assert run_housekeeping_once(read_database(app), read_settings({}), LATER)
    assert (read_records(app)["attempt"], read_records(app)["answer"]) == ([], [])


def test_more_go_at_a_time_where_it_is_quick_and_fewer_where_it_is_slow(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    lots, slept = list[int](), list[float]()

    def purge_some(
        _database: object, _settings: object, _now: object, most: int
    ) -> tuple[Purged, int, float]:
        lots.append(most)
        took = (
            BLOCKED_SECONDS * most / 200
        )  # A machine that deletes 200 rows in the time that is wanted.
        return Purged(finished=most if len(lots) < 9 else 0), 0, took

    monkeypatch.setattr(housekeeping, "_purge_some", purge_some)
    monkeypatch.setattr(time, "sleep", slept.append)
    purge_once(read_database(app), read_settings({}), LATER)
    assert MIN_ROWS == lots[0] < lots[1] < 200 == lots[-1] < MAX_ROWS
    assert slept[-1] == PAUSE_FACTOR * BLOCKED_SECONDS


def test_a_machine_that_is_slow_throughout_still_purges(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    lots: list[int] = []

    def purge_some(
        _database: object, _settings: object, _now: object, most: int
    ) -> tuple[Purged, int, float]:
        lots.append(most)
        return Purged(finished=most if len(lots) < 5 else 0), 0, 60.0

    monkeypatch.setattr(housekeeping, "_purge_some", purge_some)
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    purge_once(read_database(app), read_settings({}), LATER)
    assert lots == [MIN_ROWS] * 5


def test_a_round_leaves_every_connection_as_it_was(app: Flask) -> None:
    engine = read_database(app).engine
    for _ in range(3):
        assert run_housekeeping_once(read_database(app), read_settings({}), LATER)
    with ExitStack() as held:
        connections = [held.enter_context(engine.connect()) for _ in range(MAX_CONNECTIONS)]
        kept = {
            each.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one() for each in connections
        }
    assert kept == {1000}


def test_what_is_due_is_sealed_before_a_purge_that_may_take_long(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("seal_due", "purge_once", "wipe_traces"):
        monkeypatch.setattr(housekeeping, name, lambda *_arguments, name=name: done.append(name))
    assert run_housekeeping_once(read_database(app), read_settings({}), LATER)
    assert done == ["seal_due", "purge_once", "wipe_traces"]
