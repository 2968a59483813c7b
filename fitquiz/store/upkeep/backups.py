"""Backups: all rows of one moment in one SQLite file, from either database and into either.

A backup reads one snapshot of the database, in chunks. Meanwhile everybody can go on writing.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from alembic import command
from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from fitquiz.store.engine.database import (
    WRITES,
    Database,
    DatabaseUnusableError,
    describe_error,
)
from fitquiz.store.tables.key_tables import KeyFingerprintRow
from fitquiz.store.tables.staff_tables import StaffLinkRow
from fitquiz.store.upkeep.copying import (
    VERSION_TABLE,
    copy_rows,
    count_rows,
    list_tables,
)
from fitquiz.store.upkeep.erasure import checkpoint
from fitquiz.store.upkeep.restoring import RestoreSummary, apply_restore_rules
from fitquiz.store.upkeep.schema import find_revision, make_config, upgrade_connection

FILLED_BY_START = (KeyFingerprintRow.__tablename__, StaffLinkRow.__tablename__)
"""The tables that a first start fills: the key's fingerprint and the set-up link."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did. `fingerprint` is that of the secret key of the backup."""

    rows: dict[str, int]
    fingerprint: bytes | None
    summary: RestoreSummary


def write_backup(
    database: Database,
    path: Path,
    pause: Callable[[], None] | None = None,
) -> dict[str, int]:
    """Fill an empty file with all rows, and return how many rows each table has.

    `pause` is called between chunks. Raise DatabaseUnusableError if the backup is not possible.
    """
    file = database.engine.url.database
    # Without this check, SQLite would create an empty database.
    if database.lock_file and not Path(str(file)).exists():
        raise DatabaseUnusableError(
            f"There is no database {file}; set FITQUIZ_DATABASE_URL or FITQUIZ_INSTANCE."
        )
    try:
        with _read_snapshot(database) as source, _open_file(path).begin() as target:
            revision = find_revision(source)
            if revision is None:
                raise DatabaseUnusableError(
                    f"The database {database.address} is empty; there is nothing to back up."
                )
            command.upgrade(make_config(target), revision)
            return copy_rows(source, target, pause)
    except DBAPIError as error:
        raise DatabaseUnusableError(
            f"The backup cannot be made: {describe_error(error)}."
        ) from error
    finally:
        # While the snapshot was open, SQLite's write-ahead log could only grow.
        checkpoint(database)


def restore_backup(
    database: Database,
    path: Path,
    now: datetime,
    keeps_waiting: bool,
) -> Restored:
    """Fill an empty database from a backup, and migrate it. All of this happens, or nothing.

    With `keeps_waiting`, responses that wait to be sealed are kept. Otherwise they are deleted,
    because they may have been published after the backup.
    """
    try:
        with _open_file(path, is_new=False).begin() as source:
            revision = find_revision(source)
            if revision is None:
                raise DatabaseUnusableError(
                    f"{path} holds no tables of fitquiz; name a backup."
                )

            writing = database.engine.execution_options(**WRITES)
            with database.write_lock(), writing.begin() as target:
                _drop_empty_tables(target, database.address)
                command.upgrade(make_config(target), revision)
                rows = copy_rows(source, target)
                upgrade_connection(target)
                with Session(target) as session:
                    summary = apply_restore_rules(session, now, keeps_waiting)
                    fingerprint = session.scalar(select(KeyFingerprintRow.fingerprint))
            return Restored(rows, fingerprint, summary)
    except DBAPIError as error:
        raise DatabaseUnusableError(
            f"Nothing was restored into {database.address}: {describe_error(error)}."
        ) from error


@contextmanager
def _read_snapshot(database: Database) -> Iterator[Connection]:
    """Open a transaction that sees one moment. On SQLite every read transaction does."""
    options: dict[str, Any] = {}
    if database.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    engine = database.engine.execution_options(**options)
    with engine.begin() as connection:
        yield connection


def _open_file(path: Path, is_new: bool = True) -> Engine:
    """Return the engine of a backup file, to write a new one or to read an existing one.

    A new file has no journal: the caller makes it durable, and deletes it after a failure.
    """
    mode = "rw" if is_new else "ro&immutable=1"
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(address, uri=True, isolation_level=None),
        poolclass=NullPool,
    )

    @event.listens_for(engine, "connect")
    def set_up_connection(connection: sqlite3.Connection, _record: object) -> None:
        if is_new:
            connection.execute("PRAGMA journal_mode=OFF")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _drop_empty_tables(target: Connection, address: str) -> None:
    """Drop the tables of a database that is empty or was only started. Refuse any other."""
    is_ours = find_revision(target) is not None
    tables = list_tables(target)
    is_foreign = bool(tables) and not is_ours
    filled = {name for name, rows in count_rows(target).items() if rows}
    if is_foreign or not filled.issubset(FILLED_BY_START):
        raise DatabaseUnusableError(
            f"The database {address} is not empty; "
            "restore into a new one, so that nothing is overwritten."
        )

    names = [table.name for table in reversed(tables)]
    if is_ours:
        names.append(VERSION_TABLE)
    for name in names:
        target.execute(text(f'DROP TABLE "{name}"'))
    if target.dialect.name == "postgresql":
        target.execute(text("DROP FUNCTION IF EXISTS refuse_change()"))
