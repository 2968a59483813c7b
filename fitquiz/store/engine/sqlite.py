"""Creates the engine for SQLite: durable commits, foreign keys and explicit transactions.

The engine itself sends BEGIN, because Python's driver would begin transactions by other rules.
"""

import os
import sqlite3
from contextlib import suppress

from sqlalchemy import URL, Connection, Engine, create_engine, event

from fitquiz.store.engine.pool_limits import BUSY_SECONDS, MAX_CONNECTIONS

WRITE_OPTION = "fitquiz_writes"
AUTOCOMMIT_OPTION = "fitquiz_autocommit"

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
)


def create_sqlite_engine(url: URL) -> Engine:
    """Return the engine for a SQLite file."""
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        hide_parameters=True,  # Error messages must not contain answers.
        pool_size=MAX_CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
    )
    event.listen(engine, "do_connect", _create_private_file)
    event.listen(engine, "connect", set_up_connection)
    event.listen(engine, "begin", _begin_transaction)
    event.listen(engine, "checkin", _end_transaction)
    return engine


def _create_private_file(
    _dialect: object,
    _record: object,
    arguments: list[str],
    _options: object,
) -> None:
    """Create a missing database file that only its owner can read and write.

    SQLite creates its write-ahead log and its shared-memory file with the mode of the database
    file.

    Do not open an existing file, because closing the file here would remove SQLite's locks on the
    file.
    """
    path = arguments[0]
    with suppress(OSError):  # SQLite itself reports a file that cannot be created.
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL, 0o600)
        os.close(descriptor)


def set_up_connection(connection: sqlite3.Connection, _record: object) -> None:
    """Set the pragmas. Stop the driver from beginning transactions."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_transaction(connection: Connection) -> None:
    """Send BEGIN, except for autocommit connections.

    A write transaction takes the write lock with BEGIN IMMEDIATE. With BEGIN, a later statement of
    the transaction could fail because another transaction has the write lock.
    """
    options = connection.get_execution_options()
    if AUTOCOMMIT_OPTION in options:
        return
    if WRITE_OPTION in options:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def _end_transaction(connection: sqlite3.Connection | None, _record: object) -> None:
    """Roll back when a connection returns to the pool.

    After a failed COMMIT, SQLAlchemy treats the transaction as ended. In SQLite, the same
    transaction may still be open, and may still have the write lock.
    """
    if connection is not None:
        connection.rollback()
