"""Keeps promises while the server runs: what is past its days is deleted, what is due is sealed, unasked."""

import logging
import secrets
import threading
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from fitquiz.store.database import Database, DatabaseUnusableError
from fitquiz.store.retention import Purged, purge
from fitquiz.store.sealing import Sealed, list_due, seal_campaign
from fitquiz.store.sign_ins import purge_staff
from fitquiz.store.traces import empty_log, sweep
from fitquiz.web.settings import Settings

FIRST_AFTER_SECONDS = 10
EVERY_SECONDS = 600
WIPE_SECONDS = 1
_log = logging.getLogger(__name__)


def purge_once(database: Database, settings: Settings, now: datetime) -> Purged:
    """Delete what is past its days, in one transaction; any number of processes may do so at once."""
    with database.write_lock(), database.sessions() as session:
        database.begin_write(session)
        gone = purge(session, settings.unfinished_days, settings.finished_days, now)
        purge_staff(session, now)
        session.commit()
    return gone


def seal_due(database: Database, now: datetime) -> list[Sealed]:
    """Seal every campaign that is due, each in a transaction of its own; twice at once does no harm."""
    with database.sessions() as session:
        due = list_due(session, now.date())
    return [sealed for campaign_id in due if (sealed := _seal(database, campaign_id, now))]


def keep_house_once(database: Database, settings: Settings, now: datetime) -> bool:
    """Do all that is due; False, and nothing is done, if another process is at it."""
    with database.sole("housekeeping") as is_sole:
        if is_sole:
            purge_once(database, settings, now)
            seal_due(database, now)
            wipe_traces(database)
        return is_sole


def wipe_traces(database: Database) -> None:
    """Leave nothing of what has been deleted in the database's files, as far as the database can promise it."""
    empty_log(database, WIPE_SECONDS)
    sweep(database)


def start_housekeeping(database: Database, settings: Settings) -> threading.Event:
    """Start the loop in a thread of its own; set the event that is returned to end it.

    The first round waits until the server has forked its workers, so that none of them inherits a connection.
    """
    stop = threading.Event()
    threading.Thread(target=_keep_house, args=(database, settings, stop), name="housekeeping", daemon=True).start()
    return stop


def _seal(database: Database, campaign_id: int, now: datetime) -> Sealed | None:
    with database.write_lock(), database.sessions() as session:
        database.begin_write(session)
        sealed = seal_campaign(session, campaign_id, now, secrets.randbelow)
        session.commit()
    return sealed


def _keep_house(database: Database, settings: Settings, stop: threading.Event) -> None:
    wait = FIRST_AFTER_SECONDS
    while not stop.wait(wait):
        try:
            keep_house_once(database, settings, datetime.now(UTC))
        except (SQLAlchemyError, DatabaseUnusableError, OSError) as error:
            _log.error("housekeeping will try again in ten minutes: %s", type(error).__name__)
        wait = EVERY_SECONDS
