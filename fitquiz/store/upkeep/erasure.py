"""Removes the data of deleted rows from the files of the database.

SQLite overwrites deleted rows in its main file (`secure_delete`). SQLite's write-ahead log (WAL)
contains old pages until the log is truncated. PostgreSQL keeps deleted rows as dead rows until
VACUUM removes the dead rows.
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
from fitquiz.store.tables.mail_tables import OutboxRow
from fitquiz.store.tables.sharing_tables import OfferRow, ShareRow

_PERSONAL_ROWS = (
    AttemptRow,
    AnswerRow,
    DeletedAttemptRow,
    OfferRow,
    ShareRow,
    PendingRow,
    OutboxRow,
)
PERSONAL_TABLES = tuple(row.__tablename__ for row in _PERSONAL_ROWS)


def truncate_wal(database: Database, wait_seconds: float) -> bool:
    """Empty SQLite's write-ahead log, and return whether the log is empty.

    Return False if a reader uses the log for longer than `wait_seconds`. Also return False after a
    database error. If this function returns False, call the function again later.

    Writers wait while this function waits for readers. Therefore `wait_seconds` must be short.

    On PostgreSQL, do nothing and return True.
    """
    if database.engine.dialect.name != "sqlite":
        return True

    # Copy most of the log before taking the write lock, so that writers do not wait for long.
    checkpoint(database)
    _drop_wal_from_memory(database)

    with (
        suppress(sqlite3.Error, DBAPIError, DatabaseUnusableError),
        database.write_lock(),
    ):
        return _run_checkpoint(database, "TRUNCATE", wait_seconds)
    return False


def checkpoint(database: Database) -> None:
    """Copy SQLite's write-ahead log into the main file, as far as readers allow.

    Readers and writers do not wait during this call. Without this call, the next write would copy a
    long log, and all other writers would wait.

    On PostgreSQL, do nothing.
    """
    if database.engine.dialect.name == "sqlite":
        with suppress(sqlite3.Error, DBAPIError, DatabaseUnusableError):
            _run_checkpoint(database, "PASSIVE", wait_seconds=0)


def vacuum_personal_tables(database: Database) -> None:
    """Remove dead rows from PostgreSQL's tables of personal data. Skip locked tables.

    On SQLite, do nothing.
    """
    if database.engine.dialect.name != "postgresql":
        return
    connection = database.engine.connect()
    with connection.execution_options(isolation_level="AUTOCOMMIT"):
        # Slow VACUUM down. A fast VACUUM would keep the disk busy and delay new answers.
        connection.execute(text("SET vacuum_cost_delay = 2"))
        connection.execute(text(f"VACUUM (SKIP_LOCKED) {', '.join(PERSONAL_TABLES)}"))


@contextmanager
def without_checkpoint(connection: Connection) -> Iterator[None]:
    """Turn off SQLite's automatic checkpoints on `connection` for the `with` block.

    Without this function, a commit could run a checkpoint while other writers wait for the write
    lock.

    Only housekeeping uses this function, because housekeeping calls `checkpoint` later.
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


def _drop_wal_from_memory(database: Database) -> None:
    """Ask the operating system to remove the write-ahead log from the page cache.

    Truncating a log of 300 MB takes 96 ms without this call, and 41 ms after this call.

    Closing a file removes all locks that the process has on this file. Closing the log is safe,
    because SQLite has no locks on the log.
    """
    if not hasattr(os, "posix_fadvise"):
        return
    path = Path(f"{database.engine.url.database}-wal")
    with suppress(OSError), path.open("rb") as wal:
        os.posix_fadvise(wal.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _run_checkpoint(database: Database, mode: str, wait_seconds: float) -> bool:
    """Run a checkpoint in the mode PASSIVE or TRUNCATE. Return False if SQLite reports "busy"."""
    connection = database.engine.raw_connection()
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={int(wait_seconds * 1000)}")
        is_busy, *_ = cursor.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        return not is_busy
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        connection.close()
