"""Wipes what deleted rows leave in the database's files. SQLite overwrites them in the file itself as it deletes
(`secure_delete`), but its write-ahead log keeps the pages as they were until it is emptied; PostgreSQL keeps dead rows.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from fitquiz.store.engine.database import Database, DatabaseUnusableError
from fitquiz.store.engine.pool_limits import BUSY_SECONDS
from fitquiz.store.tables.attempt_tables import AnswerRow, AttemptRow, DeletedAttemptRow
from fitquiz.store.tables.ledger_tables import PendingRow
from fitquiz.store.tables.sharing_tables import OfferRow, ShareRow

PERSONAL = tuple(
    each.__tablename__
    for each in (AttemptRow, AnswerRow, DeletedAttemptRow, OfferRow, ShareRow, PendingRow)
)


def truncate_wal(database: Database, wait_seconds: float) -> bool:
    """Empty SQLite's write-ahead log; False if somebody reads what is in it for longer than that. Elsewhere do nothing.

    Writers wait meanwhile, so the wait is short, and what is in the log goes into the database before. Nothing hangs on
    it: what was refused is done by the next who asks.
    """
    if database.engine.dialect.name != "sqlite":
        return True
    checkpoint(database)
    _forget_log(database)
    with suppress(sqlite3.Error, DBAPIError, DatabaseUnusableError), database.write_lock():
        return _checkpoint(database, "TRUNCATE", wait_seconds)
    return False


def checkpoint(database: Database) -> None:
    """Take SQLite's write-ahead log into the database as far as readers let it, while everybody goes on writing.

    Else the next answer that is stored finds the log too long, and does it with all others waiting.
    """
    if database.engine.dialect.name == "sqlite":
        with suppress(sqlite3.Error, DBAPIError, DatabaseUnusableError):
            _checkpoint(database, "PASSIVE", 0)


def _forget_log(database: Database) -> None:
    """Let the system drop what it holds of the log's file in memory, where it lets us say so.

    After a long backup the log is long, and to cut a file short takes most of its time for that: 96 ms for 300 MB, 41
    if it has been dropped before. SQLite has no lock on this file, so it may be opened and closed.
    """
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError), Path(f"{database.engine.url.database}-wal").open("rb") as log:
            os.posix_fadvise(log.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def without_checkpoint(connection: Connection) -> Iterator[None]:
    """Let this connection's commits leave SQLite's log as it is: taking it in, they would hold the right to write.

    Only for who keeps house, who takes it in afterwards; whoever has the connection next does so again.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    (usual,) = cursor.execute("PRAGMA wal_autocheckpoint").fetchone()
    cursor.execute("PRAGMA wal_autocheckpoint=0")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA wal_autocheckpoint={usual}")
        cursor.close()


def _checkpoint(database: Database, mode: str, wait_seconds: float) -> bool:
    connection = database.engine.raw_connection()
    try:
        connection.cursor().execute(f"PRAGMA busy_timeout={int(wait_seconds * 1000)}")
        is_busy, *_ = connection.cursor().execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        return not is_busy
    finally:
        connection.cursor().execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        connection.close()


def vacuum_personal_tables(database: Database) -> None:
    """Let PostgreSQL take dead rows of the personal tables out of its pages, as far as nobody is in its way."""
    if database.engine.dialect.name != "postgresql":
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text("SET vacuum_cost_delay = 2")
        )  # Else the disk is kept from who answers, for moments.
        connection.execute(text(f"VACUUM (SKIP_LOCKED) {', '.join(PERSONAL)}"))
