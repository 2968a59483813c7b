"""Housekeeping: seals the campaigns that are due and deletes expired data, every ten minutes."""

import logging
import multiprocessing
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from fitquiz.config.logs import start_logging
from fitquiz.config.settings import Settings
from fitquiz.core.days import find_day
from fitquiz.server.seal_notices import SealNotices, make_seal_notices
from fitquiz.store.engine.database import WRITES, Database, open_database
from fitquiz.store.ledger.sealing import Sealed, list_due, seal_campaign
from fitquiz.store.upkeep.erasure import (
    checkpoint,
    truncate_wal,
    vacuum_personal_tables,
    without_checkpoint,
)
from fitquiz.store.upkeep.retention import (
    MAX_ROWS,
    Purged,
    purge,
    purge_sign_ins_and_limits,
)

FIRST_AFTER_SECONDS = 10
"""The number of seconds from the start of the server to the first housekeeping."""
EVERY_SECONDS = 600

WIPE_SECONDS = 0.05
"""The longest time in seconds that one try to empty SQLite's write-ahead log waits for readers.

During one try, other writers wait.
"""
MAX_WIPE_TRIES = 20

BLOCKED_SECONDS = 0.02
"""The time in seconds that one purge transaction should take.

If a transaction takes longer, `purge_once` lowers the maximum number of rows of the next
transaction. If a transaction takes less time, `purge_once` raises this maximum.
"""
MIN_ROWS = 50
"""`purge_once` never lowers the maximum number of rows of a transaction below this number."""
PAUSE_FACTOR = 2
"""The pause after a purge transaction, as a multiple of the duration of the transaction."""

_log = logging.getLogger(__name__)


def purge_once(database: Database, settings: Settings, now: datetime) -> Purged:
    """Delete all expired data in small transactions, and return the numbers of deleted rows.

    Several processes may call this function at the same time.

    Between two of these transactions, requests can write. If the process ends before all expired
    data is deleted, the next purge deletes the remaining data.
    """
    total = Purged()
    max_rows = MIN_ROWS
    while True:
        purged, deleted_limits, seconds = _purge_some(database, settings, now, max_rows)
        total += purged
        if purged.rows < max_rows and deleted_limits < max_rows:
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
    """Run one transaction of a purge.

    Delete at most `max_rows` of the rows that `Purged` counts, and at most `max_rows` rate limits.
    Also delete all expired sign-ins and all expired one-time links.

    Return the numbers of deleted rows, the number of deleted rate limits, and the duration of the
    transaction in seconds. On SQLite, other writers wait during the transaction.
    """
    idle = timedelta(minutes=settings.staff_idle_minutes)
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
            find_day(now, settings.timezone),
            max_rows,
        )
        deleted_limits = purge_sign_ins_and_limits(session, now, idle, max_rows)
        session.commit()
        seconds = time.monotonic() - began
        return purged, deleted_limits, max(seconds, 0.001)


def seal_due(
    database: Database,
    settings: Settings,
    now: datetime,
    notices: SealNotices | None = None,
) -> list[Sealed]:
    """Seal all campaigns that are due. Seal each campaign in its own transaction.

    After the final seal of a campaign, `notices` tells the owners in the same transaction.

    Several processes may call this function at the same time.

    If a campaign cannot be sealed, log the error and seal the remaining campaigns. After the last
    campaign, raise the first error.
    """
    today = find_day(now, settings.timezone)
    with database.sessions() as session:
        due = list_due(session, today)

    sealed: list[Sealed] = []
    failures: list[Exception] = []
    for campaign_id in due:
        try:
            result = _seal(database, campaign_id, now, today, notices)
        except Exception as error:  # noqa: BLE001 - the other campaigns must still be sealed
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
    """Seal campaigns, delete expired data, and wipe traces of deleted data. Return True.

    Each of the three steps runs even if an earlier step raises an error.

    If another process is running housekeeping, change nothing and return False.
    """
    with database.try_lock("housekeeping") as has_lock:
        if not has_lock:
            return False
        try:
            # Seal before the purge, because a purge may take minutes.
            try:
                seal_due(database, settings, now, make_seal_notices(settings))
            finally:
                purge_once(database, settings, now)
        finally:
            wipe_traces(database)
    return True


def wipe_traces(database: Database) -> None:
    """Remove the remains of deleted rows from the files of the database.

    On SQLite, empty the write-ahead log. If readers are using the log, try at most MAX_WIPE_TRIES
    times. On PostgreSQL, vacuum the tables of personal data, except tables that are locked.
    """
    for _ in range(MAX_WIPE_TRIES):
        if truncate_wal(database, WIPE_SECONDS):
            break
        time.sleep(WIPE_SECONDS)
    vacuum_personal_tables(database)


def start_housekeeping(run: Callable[[], object]) -> threading.Event:
    """Start a thread that calls `run` every ten minutes.

    Return an event. If the caller sets the event, the thread ends.
    """
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
    """Run housekeeping once in a child process, and wait until the child process ends.

    The server process may fork a worker at any time. If housekeeping ran in the server process, a
    new worker could inherit the lock of housekeeping. The worker would keep this lock for ever.
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


def _seal(
    database: Database,
    campaign_id: int,
    now: datetime,
    today: date,
    notices: SealNotices | None,
) -> Sealed | None:
    with database.write_transaction() as session:
        sealed = seal_campaign(session, campaign_id, now, today, secrets.randbelow)
        if sealed is not None and sealed.is_last and notices is not None:
            notices.add(session, campaign_id, now)
    return sealed


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
            "housekeeping failed and will run again in ten minutes: %s",
            type(error).__name__,
        )
