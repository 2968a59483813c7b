"""Keeps the promise of deletion while the server runs: what is past its days goes once an hour, without being asked."""

import logging
import threading
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from fitquiz.store.database import Database, DatabaseUnusableError
from fitquiz.store.retention import Purged, purge
from fitquiz.web.settings import Settings

FIRST_AFTER_SECONDS = 10
EVERY_SECONDS = 3600
_log = logging.getLogger(__name__)


def purge_once(database: Database, settings: Settings) -> Purged:
    """Delete what is past its days, in one transaction; any number of processes may do so at once."""
    with database.write_lock(), database.sessions() as session:
        database.begin_write(session)
        gone = purge(session, settings.unfinished_days, settings.finished_days, datetime.now(UTC))
        session.commit()
    return gone


def start_housekeeping(database: Database, settings: Settings) -> threading.Event:
    """Start the loop in a thread of its own; set the event that is returned to end it.

    The first round waits until the server has forked its workers, so that none of them inherits a connection.
    """
    stop = threading.Event()
    threading.Thread(target=_keep_house, args=(database, settings, stop), name="housekeeping", daemon=True).start()
    return stop


def _keep_house(database: Database, settings: Settings, stop: threading.Event) -> None:
    wait = FIRST_AFTER_SECONDS
    while not stop.wait(wait):
        try:
            purge_once(database, settings)
        except (SQLAlchemyError, DatabaseUnusableError) as error:
            _log.error("housekeeping will try again in an hour: %s", type(error).__name__)
        wait = EVERY_SECONDS
