"""Examines a database without changing anything, not even its schema or its journal mode."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from fitquiz.store.engine.database import Database, DatabaseUnusableError
from fitquiz.store.engine.sqlite import set_up_connection
from fitquiz.store.tables.attempt_tables import AttemptRow, DeletedAttemptRow
from fitquiz.store.tables.staff_tables import AuditRow
from fitquiz.store.upkeep.schema import find_revision, list_revisions

REQUIRED_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
}
"""Every SQLite connection needs these: no answer may be lost, and no deleted byte may stay."""


@contextmanager
def look_at(database: Database) -> Iterator[Session]:
    """Open a session that cannot write. Raise DatabaseUnusableError if there is no database."""
    path = database.engine.url.database
    if database.engine.dialect.name != "sqlite":
        engine: Engine = database.engine.execution_options(postgresql_readonly=True)
    elif Path(str(path)).is_file():
        engine = _open_read_only(str(path))
    else:
        raise DatabaseUnusableError(
            f"there is no file {path} yet; the first start makes it"
        )
    with Session(engine) as session:
        yield session


def find_schema(connection: Connection) -> tuple[str | None, str]:
    """Return the schema of a database (None if it has no tables), and the newest known schema."""
    current = find_revision(connection)
    newest = list_revisions(connection)[0]
    return current, newest


def check_file(session: Session) -> str:
    """Return the result of SQLite's own check; "ok" if the file is not damaged."""
    result = session.connection().exec_driver_sql("PRAGMA quick_check(1)")
    return str(result.scalar_one())


def list_wrong_pragmas(path: str) -> list[str]:
    """Return the names of REQUIRED_PRAGMAS that a connection of the server does not get.

    The file is opened read-only. A connection that can write would, as it closes, checkpoint the
    write-ahead log that a killed server has left.
    """
    engine = _open_read_only(path)
    event.listen(engine, "connect", set_up_connection)
    wrong = []
    with engine.connect() as connection:
        for name, required in REQUIRED_PRAGMAS.items():
            value = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            if value != required:
                wrong.append(name)
    return wrong


def find_newest_moment(session: Session) -> datetime | None:
    """Return the latest moment stored in an indexed column; None in an empty database."""
    columns = (
        AttemptRow.started_at,
        AttemptRow.finished_at,
        DeletedAttemptRow.deleted_at,
        AuditRow.at,
    )
    latest = [session.scalar(select(func.max(each))) for each in columns]
    return max((moment for moment in latest if moment is not None), default=None)


def count_overdue(
    session: Session, unfinished_days: int, finished_days: int, now: datetime
) -> int:
    """Return how many attempts should have been deleted by now."""
    unfinished_before = now - timedelta(unfinished_days)
    finished_before = now - timedelta(finished_days)

    never_sent = AttemptRow.finished_at.is_(None)
    is_abandoned = never_sent & (AttemptRow.started_at < unfinished_before)
    is_old = AttemptRow.finished_at < finished_before

    counted = select(func.count()).select_from(AttemptRow)
    return session.scalar(counted.where(is_abandoned | is_old)) or 0


def _open_read_only(path: str) -> Engine:
    address = f"file:{quote(str(Path(path).absolute()))}?mode=ro"
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(address, uri=True),
        poolclass=NullPool,
    )
