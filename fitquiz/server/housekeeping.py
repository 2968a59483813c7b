"""Deletes expired data and seals campaigns that are due, while the server runs."""

import logging
import multiprocessing
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from fitquiz.config.logs import start_logging
from fitquiz.config.settings import Settings
from fitquiz.store.accounts.sign_ins import purge_staff
from fitquiz.store.engine.database import WRITES, Database, open_database
from fitquiz.store.ledger.sealing import Sealed, list_due, seal_campaign
from fitquiz.store.upkeep.erasure import (
    checkpoint,
    truncate_wal,
    vacuum_personal_tables,
    without_checkpoint,
)
from fitquiz.store.upkeep.retention import MAX_ROWS, Purged, purge

FIRST_AFTER_SECONDS = 10
EVERY_SECONDS = 600

WIPE_SECONDS = 0.05
"""How long all writers may wait while the write-ahead log is truncated."""
MAX_WIPE_TRIES = 20

BLOCKED_SECONDS = 0.02
"""The time that one purge transaction should take. Its number of rows is adapted to this."""
MIN_ROWS = 50
"""A purge transaction is allowed at least this many rows, even if it then takes longer."""
PAUSE_FACTOR = 2
"""After each purge transaction the purge pauses for twice the time that it took."""

_log = logging.getLogger(__name__)


def purge_once(database: Database, settings: Settings, now: datetime) -> Purged:
    """Delete everything that is past its days, in small transactions.

    Several processes may do so at once.

    Requests are served between two transactions. If the process ends there, the next purge deletes
    the rest.
    """
    total = Purged()
    max_rows = MIN_ROWS
    while True:
        purged, staff_rows, seconds = _purge_some(database, settings, now, max_rows)
        total += purged
        if purged.rows < max_rows and staff_rows < max_rows:
            return total

        checkpoint(database)
        time.sleep(seconds * PAUSE_FACTOR)

        growth = min(2, BLOCKED_SECONDS / seconds)
        wanted_rows = int(max_rows * growth)
        max_rows = max(MIN_ROWS, min(MAX_ROWS, wanted_rows))


def _purge_some(
    database: Database,
    settings: Settings,
    now: datetime,
    max_rows: int,
) -> tuple[Purged, int, float]:
    """Return what was deleted, the number of staff rows, and how long other writers waited."""
    engine = database.engine.execution_options(**WRITES)
    with (
        database.write_lock(),
        engine.connect() as connection,
        without_checkpoint(connection),
        Session(connection) as session,
    ):
        began = time.monotonic()
        purged = purge(
            session,
            settings.unfinished_days,
            settings.finished_days,
            now,
            max_rows,
        )
        staff_rows = purge_staff(session, now, max_rows)
        session.commit()
        seconds = time.monotonic() - began
        return purged, staff_rows, max(seconds, 0.001)


def seal_due(database: Database, now: datetime) -> list[Sealed]:
    """Seal every campaign that is due, each in its own transaction.

    Several processes may do so at once.

    If one campaign fails, the others are still sealed, and then the first error is raised.
    """
    with database.sessions() as session:
        due = list_due(session, now.date())

    sealed: list[Sealed] = []
    failures: list[Exception] = []
    for campaign_id in due:
        try:
            result = _seal(database, campaign_id, now)
        except Exception as error:  # noqa: BLE001 - an error of one campaign must not stop the others
            _log.error(
                "campaign %d could not be sealed: %s", campaign_id, type(error).__name__
            )
            failures.append(error)
        else:
            if result:
                sealed.append(result)

    if failures:
        raise failures[0]
    return sealed


def run_housekeeping_once(
    database: Database, settings: Settings, now: datetime
) -> bool:
    """Seal, purge and wipe; a step runs even if an earlier one fails.

    Return False, without doing anything, if another process is doing the same.
    """
    with database.try_lock("housekeeping") as has_lock:
        if not has_lock:
            return False
        try:
            # Seal first, because a purge may take minutes.
            try:
                seal_due(database, now)
            finally:
                purge_once(database, settings, now)
        finally:
            wipe_traces(database)
    return True


def wipe_traces(database: Database) -> None:
    """Remove deleted data from the files of the database, as far as the database allows."""
    for _ in range(MAX_WIPE_TRIES):
        if truncate_wal(database, WIPE_SECONDS):
            break
        time.sleep(WIPE_SECONDS)
    vacuum_personal_tables(database)


def start_housekeeping(run: Callable[[], object]) -> threading.Event:
    """Start a thread that calls `run` every ten minutes; set the returned event to end it."""
    stop = threading.Event()
    thread = threading.Thread(
        target=_run_in_loop,
        args=(run, stop),
        name="housekeeping",
        daemon=True,
    )
    thread.start()
    return stop


def run_housekeeping_in_process(settings: Settings) -> None:
    """Run housekeeping once in a child process, and wait for its end.

    The server process forks workers at any time, so it must not hold a connection or a lock: a
    worker would inherit both, and keep the lock for ever.
    """
    if multiprocessing.get_start_method() == "fork":
        process_class: Any = multiprocessing.get_context("fork").Process
    else:
        process_class = multiprocessing.get_context("spawn").Process

    process = process_class(
        target=_run_as_child,
        args=(settings,),
        name="housekeeping",
        daemon=True,
    )
    process.start()
    process.join()
    if process.exitcode:
        _log.error("the housekeeping process ended with exit code %d", process.exitcode)


def _seal(database: Database, campaign_id: int, now: datetime) -> Sealed | None:
    with database.write_transaction() as session:
        return seal_campaign(session, campaign_id, now, secrets.randbelow)


def _run_as_child(settings: Settings) -> None:
    start_logging(settings)
    database = open_database(settings.database_url)
    now = datetime.now(UTC)
    _run_and_log(partial(run_housekeeping_once, database, settings, now))
    database.engine.dispose()


def _run_in_loop(run: Callable[[], object], stop: threading.Event) -> None:
    seconds = FIRST_AFTER_SECONDS
    while not stop.wait(seconds):
        _run_and_log(run)
        seconds = EVERY_SECONDS


def _run_and_log(run: Callable[[], object]) -> None:
    try:
        run()
    except Exception as error:  # noqa: BLE001 - one error must not end housekeeping for ever
        _log.error(
            "housekeeping will try again in ten minutes: %s", type(error).__name__
        )
