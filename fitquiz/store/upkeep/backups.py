"""Writes backups, and restores databases from backups. A backup is one SQLite file.

A database on SQLite or PostgreSQL can be backed up. Each backup can be restored into SQLite and
into PostgreSQL.

A backup reads one snapshot of the database in chunks. Other connections can write during the
backup.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
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
"""The tables that the first start of the server fills: the key fingerprint and the set-up link."""


@dataclass(frozen=True, slots=True)
class Restored:
    """The result of a restore.

    `rows` is the number of restored rows of each table. `fingerprint` is the key fingerprint from
    the backup.
    """

    rows: dict[str, int]
    fingerprint: bytes | None
    summary: RestoreSummary


def write_backup(
    database: Database,
    path: Path,
    pause: Callable[[], None] | None = None,
) -> dict[str, int]:
    """Back up a database into the empty file `path`.

    Return the number of copied rows of each table. The tables in NOT_COPIED are left out.
    Call `pause` several times during the copy of a large table.

    Raise DatabaseUnusableError if the backup is not possible.
    """
    file = database.engine.url.database
    # Without this check, SQLite would create an empty database.
    if database.lock_file and not Path(str(file)).exists():
        raise DatabaseUnusableError(
            f"The database {file} does not exist; set FITQUIZ_DATABASE_URL or FITQUIZ_INSTANCE."
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
        # The write-ahead log may be long, because the log cannot shrink during a snapshot.
        checkpoint(database)


def restore_backup(
    database: Database,
    path: Path,
    now: datetime,
    today: date,
    keeps_pending: bool,
) -> Restored:
    """Fill an empty database from the backup `path`, and run the missing migrations.

    All changes happen in one transaction. After an error, the database is unchanged.

    If `keeps_pending` is true, keep the pending responses of the backup. If `keeps_pending` is
    false, delete the pending responses, because some of these responses may have been published
    after the backup.

    Raise DatabaseUnusableError if the restore is not possible.
    """
    try:
        with _open_file(path, is_new=False).begin() as source:
            revision = find_revision(source)
            if revision is None:
                raise DatabaseUnusableError(
                    f"{path} contains no tables of fitquiz; name a backup file."
                )

            writing = database.engine.execution_options(**WRITES)
            with database.write_lock(), writing.begin() as target:
                _drop_empty_tables(target, database.address)
                command.upgrade(make_config(target), revision)
                rows = copy_rows(source, target)
                upgrade_connection(target)
                with Session(target) as session:
                    summary = apply_restore_rules(session, now, today, keeps_pending)
                    fingerprint = session.scalar(select(KeyFingerprintRow.fingerprint))
            return Restored(rows, fingerprint, summary)
    except DBAPIError as error:
        raise DatabaseUnusableError(
            f"Nothing was restored into {database.address}: {describe_error(error)}."
        ) from error


@contextmanager
def _read_snapshot(database: Database) -> Iterator[Connection]:
    """Open a read transaction that sees one snapshot of the database.

    PostgreSQL needs REPEATABLE READ for a snapshot. In SQLite, every read transaction has a
    snapshot.
    """
    options: dict[str, Any] = {}
    if database.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    engine = database.engine.execution_options(**options)
    with engine.begin() as connection:
        yield connection


def _open_file(path: Path, is_new: bool = True) -> Engine:
    """Return an engine that writes a backup file. If `is_new` is false, the engine only reads.

    SQLite writes no journal for a new file. Therefore the caller of `write_backup` must call fsync
    for the file, and must delete the file after a failure.
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
    """Drop all tables, if only the tables in FILLED_BY_START contain rows.

    Raise DatabaseUnusableError if other tables contain rows, or if another program made the tables.
    """
    is_ours = find_revision(target) is not None
    tables = list_tables(target)
    is_foreign = bool(tables) and not is_ours
    filled = {name for name, rows in count_rows(target).items() if rows}
    if is_foreign or not filled.issubset(FILLED_BY_START):
        raise DatabaseUnusableError(
            f"The database {address} is not empty; "
            "restore into an empty database, so that no data is overwritten."
        )

    names = [table.name for table in reversed(tables)]
    if is_ours:
        names.append(VERSION_TABLE)
    for name in names:
        target.execute(text(f'DROP TABLE "{name}"'))
    if target.dialect.name == "postgresql":
        target.execute(text("DROP FUNCTION IF EXISTS refuse_change()"))
