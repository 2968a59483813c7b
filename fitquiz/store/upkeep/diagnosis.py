"""Looks at a database as it is and changes nothing: not even its schema, or SQLite's kind of journal."""

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

WANTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
"""What every connection must have on SQLite, so that nothing acknowledged is lost and nothing deleted is left."""


@contextmanager
def look_at(database: Database) -> Iterator[Session]:
    """A session that cannot write. DatabaseUnusableError with a sentence if there is no database to look at."""
    path = database.engine.url.database
    if database.engine.dialect.name != "sqlite":
        engine: Engine = database.engine.execution_options(postgresql_readonly=True)
    elif not Path(str(path)).is_file():
        raise DatabaseUnusableError(f"there is no file {path} yet; the first start makes it")
    else:
        engine = _open_to_read(str(path))
    with Session(engine) as session:
        yield session


def find_schema(connection: Connection) -> tuple[str | None, str]:
    """Return the schema that a database has, None if it has none, and the newest one that this fitquiz knows."""
    return find_revision(connection), list_revisions(connection)[0]


def check_file(session: Session) -> str:
    """Return what SQLite says of its file; "ok" if it is whole."""
    return str(session.connection().exec_driver_sql("PRAGMA quick_check(1)").scalar_one())


def list_wrong_pragmas(path: str) -> list[str]:
    """Return those of WANTED that a connection as the server sets it up does not have, to a file that is in WAL.

    It only reads: one that could write would take in, as it closes, the log that a killed server has left.
    """
    engine = _open_to_read(path)
    event.listen(engine, "connect", set_up_connection)
    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in WANTED}
    return [name for name, value in found.items() if value != WANTED[name]]


def find_newest_moment(session: Session) -> datetime | None:
    """Return the latest moment that has been stored, by columns that are cheap to ask."""
    columns = (
        AttemptRow.started_at,
        AttemptRow.finished_at,
        DeletedAttemptRow.deleted_at,
        AuditRow.at,
    )
    return max(
        (found for each in columns if (found := session.scalar(select(func.max(each))))),
        default=None,
    )


def count_overdue(session: Session, unfinished_days: int, finished_days: int, now: datetime) -> int:
    """Return how many attempts are past their days."""
    unfinished = AttemptRow.finished_at.is_(None) & (
        AttemptRow.started_at < now - timedelta(unfinished_days)
    )
    finished = AttemptRow.finished_at < now - timedelta(finished_days)
    return (
        session.scalar(select(func.count()).select_from(AttemptRow).where(unfinished | finished))
        or 0
    )


def _open_to_read(path: str) -> Engine:
    address = f"file:{quote(str(Path(path).absolute()))}?mode=ro"
    return create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool
    )
