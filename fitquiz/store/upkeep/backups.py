"""A backup: all rows at one moment, in one SQLite file of the same schema, from either database and into either.

It is read through the database, in one snapshot, while everybody goes on writing; chunk by chunk, in flat memory.
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

from fitquiz.store.engine.database import WRITES, Database, DatabaseUnusableError, describe_error
from fitquiz.store.tables.key_tables import KeyFingerprintRow
from fitquiz.store.tables.staff_tables import StaffLinkRow
from fitquiz.store.upkeep.copying import VERSION, copy_rows, count_rows, list_tables
from fitquiz.store.upkeep.erasure import checkpoint
from fitquiz.store.upkeep.restoring import Kept, keep_promises
from fitquiz.store.upkeep.schema import find_revision, make_config, upgrade_connection

MADE_BY_A_START = (KeyFingerprintRow.__tablename__, StaffLinkRow.__tablename__)
"""What a server that has only been started leaves in a database: its key's fingerprint and the set-up link."""


@dataclass(frozen=True, slots=True)
class Restored:
    """How many rows each table got, whose key the backup has, and what was done to keep what was promised."""

    rows: dict[str, int]
    fingerprint: bytes | None
    kept: Kept


def write_backup(
    database: Database, path: Path, rest: Callable[[], object] = int
) -> dict[str, int]:
    """Fill an empty file with all rows as they are now, with a rest after each lot; return how many each table has.

    DatabaseUnusableError with a sentence if there is nothing to back up, or no way to read or to write.
    """
    file = database.engine.url.database
    if database.lock_file and not Path(str(file)).exists():  # Else SQLite would make it.
        raise DatabaseUnusableError(
            f"There is no database {file}; set FITQUIZ_DATABASE_URL or FITQUIZ_INSTANCE."
        )
    try:
        with _read_at_one_moment(database) as source, _open_file(path).begin() as target:
            revision = find_revision(source)
            if revision is None:
                raise DatabaseUnusableError(
                    f"The database {database.address} is empty; there is nothing to back up."
                )
            command.upgrade(make_config(target), revision)
            return copy_rows(source, target, rest)
    except DBAPIError as error:
        raise DatabaseUnusableError(
            f"The backup cannot be made: {describe_error(error)}."
        ) from error
    finally:
        checkpoint(database)  # It could not shrink while it was read.


def restore_backup(database: Database, path: Path, now: datetime, keeps_waiting: bool) -> Restored:
    """Fill an empty database with a backup's rows, and bring it up to date: all of it or nothing.

    What had waited to be sealed is forgotten, since it may have been published meanwhile, unless `keeps_waiting`.
    """
    try:
        with _open_file(path, is_new=False).begin() as source:
            revision = find_revision(source)
            if revision is None:
                raise DatabaseUnusableError(f"{path} holds no tables of fitquiz; name a backup.")
            writing = database.engine.execution_options(**WRITES)
            with database.write_lock(), writing.begin() as target:
                _empty(target, database.address)
                command.upgrade(make_config(target), revision)
                rows = copy_rows(source, target)
                upgrade_connection(target)
                with Session(target) as session:
                    kept = keep_promises(session, now, keeps_waiting)
                    fingerprint = session.scalar(select(KeyFingerprintRow.fingerprint))
            return Restored(rows, fingerprint, kept)
    except DBAPIError as error:
        raise DatabaseUnusableError(
            f"Nothing was restored into {database.address}: {describe_error(error)}."
        ) from error


@contextmanager
def _read_at_one_moment(database: Database) -> Iterator[Connection]:
    """On SQLite a read sees one moment anyway."""
    is_postgresql = database.engine.dialect.name == "postgresql"
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with database.engine.execution_options(
        **(options if is_postgresql else {})
    ).begin() as connection:
        yield connection


def _open_file(path: Path, is_new: bool = True) -> Engine:
    """A backup's file: written in one go, by nobody else and made durable by the caller, or only read."""
    address = f"file:{quote(str(path.absolute()))}?mode={'rw' if is_new else 'ro&immutable=1'}"
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(address, uri=True, isolation_level=None),
        poolclass=NullPool,
    )
    if is_new:
        event.listen(
            engine,
            "connect",
            lambda connection, _record: connection.execute("PRAGMA journal_mode=OFF"),
        )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _empty(target: Connection, address: str) -> None:
    """Take away the tables of a database that holds nothing but what a start has made; refuse any other."""
    is_ours = find_revision(target) is not None
    tables = list_tables(target)
    full = [
        name
        for name, rows in count_rows(target).items()
        if rows and not (is_ours and name in MADE_BY_A_START)
    ]
    if full or (tables and not is_ours):
        raise DatabaseUnusableError(
            f"The database {address} is not empty; restore into a new one, so that nothing is written over."
        )
    names = [each.name for each in reversed(tables)] + ([VERSION] if is_ours else [])
    for name in names:
        target.execute(text(f'DROP TABLE "{name}"'))
    if target.dialect.name == "postgresql":
        target.execute(text("DROP FUNCTION IF EXISTS refuse_change()"))
