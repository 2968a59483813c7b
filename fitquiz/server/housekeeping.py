"""Keeps promises while the server runs: what is past its days is deleted, what is due is sealed, unasked."""

import logging
import multiprocessing
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial

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
WIPE_SECONDS, WIPE_TRIES = 0.05, 20
"""How long the log is waited for, with all who write, and how often."""
MIN_ROWS, BLOCKED_SECONDS, REST = 50, 0.02, 2
"""The purge takes as many rows at a time as take so long, never fewer, and rests twice as long."""
_log = logging.getLogger(__name__)


def purge_once(database: Database, settings: Settings, now: datetime) -> Purged:
    """Delete what is past its days, some of it at a time; any number of processes may do so at once.

    Between two transactions whoever answers has the database for longer than each of them took. If the process ends
    there, what is left is whole, and goes with the next round.
    """
    gone, most = Purged(), MIN_ROWS
    while True:
        some, others, took = _purge_some(database, settings, now, most)
        gone += some
        if max(some.rows, others) < most:
            return gone
        checkpoint(database)
        time.sleep(took * REST)
        most = max(MIN_ROWS, min(MAX_ROWS, int(most * min(2, BLOCKED_SECONDS / took))))


def _purge_some(
    database: Database, settings: Settings, now: datetime, most: int
) -> tuple[Purged, int, float]:
    """Return what went, how much else, and for how long everybody who writes had to wait for it."""
    writing = database.engine.execution_options(**WRITES)
    with (
        database.write_lock(),
        writing.connect() as connection,
        without_checkpoint(connection),
        Session(connection) as session,
    ):
        began = time.monotonic()
        some = purge(session, settings.unfinished_days, settings.finished_days, now, most)
        others = purge_staff(session, now, most)
        session.commit()
        return some, others, max(time.monotonic() - began, 0.001)


def seal_due(database: Database, now: datetime) -> list[Sealed]:
    """Seal every campaign that is due, each in a transaction of its own; twice at once does no harm.

    One that fails keeps none of the others waiting; its failure is raised when all have been tried.
    """
    with database.sessions() as session:
        due = list_due(session, now.date())
    sealed, failures = [], []
    for campaign_id in due:
        try:
            sealed.append(_seal(database, campaign_id, now))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one campaign is no fault of the next one
            _log.error("campaign %d could not be sealed: %s", campaign_id, type(error).__name__)
            failures.append(error)
    if failures:
        raise failures[0]
    return [each for each in sealed if each]


def keep_house_once(database: Database, settings: Settings, now: datetime) -> bool:
    """Do all that is due, each part even if another fails; False, and nothing is done, if another process is at it."""
    with database.try_lock("housekeeping") as is_locked, ExitStack() as rest:
        if is_locked:
            rest.callback(wipe_traces, database)  # The last that is done.
            rest.callback(purge_once, database, settings, now)  # It may take minutes.
            seal_due(database, now)
    return is_locked


def wipe_traces(database: Database) -> None:
    """Leave nothing of what has been deleted in the database's files, as far as the database can promise it."""
    for _ in range(WIPE_TRIES):
        if truncate_wal(database, WIPE_SECONDS):
            break
        time.sleep(WIPE_SECONDS)
    vacuum_personal_tables(database)


def start_housekeeping(keep: Callable[[], object]) -> threading.Event:
    """Start the loop in a thread of its own; set the event that is returned to end it."""
    stop = threading.Event()
    threading.Thread(
        target=_keep_house, args=(keep, stop), name="housekeeping", daemon=True
    ).start()
    return stop


def keep_house_apart(settings: Settings) -> None:
    """Do one round in a process of its own, and wait for it; it ends with this one.

    Whoever starts workers may hold neither a connection nor a lock at that moment: one that is started meanwhile would
    inherit both, hold the lock for ever, and take SQLite's locks of its parent for its own.
    """
    is_forked = multiprocessing.get_start_method() == "fork"
    context = (
        multiprocessing.get_context("fork") if is_forked else multiprocessing.get_context("spawn")
    )
    process = context.Process(
        target=_keep_house_alone, args=(settings,), name="housekeeping", daemon=True
    )
    process.start()
    process.join()
    if process.exitcode:
        _log.error("housekeeping was cut short: exit code %d", process.exitcode)


def _seal(database: Database, campaign_id: int, now: datetime) -> Sealed | None:
    with database.write_transaction() as session:
        return seal_campaign(session, campaign_id, now, secrets.randbelow)


def _keep_house_alone(settings: Settings) -> None:
    start_logging(settings)
    database = open_database(settings.database_url)
    _try(partial(keep_house_once, database, settings, datetime.now(UTC)))
    database.engine.dispose()


def _keep_house(keep: Callable[[], object], stop: threading.Event) -> None:
    wait = FIRST_AFTER_SECONDS
    while not stop.wait(wait):
        _try(keep)
        wait = EVERY_SECONDS


def _try(keep: Callable[[], object]) -> None:
    try:
        keep()
    except Exception as error:  # noqa: BLE001 - ended by one failure, it would never purge or seal again
        _log.error("housekeeping will try again in ten minutes: %s", type(error).__name__)
