"""Checks a database for `fitquiz doctor`.

The checks do not change the database, its schema or its journal mode.
"""

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
"""The pragmas that every SQLite connection of the server needs.

With other values, answers could be lost, or deleted answers could remain in the file.
"""


@contextmanager
def look_at(database: Database) -> Iterator[Session]:
    """Open a session that cannot write.

    Raise DatabaseUnusableError if the path of a SQLite database does not exist or is not a file.
    """
    path = Path(str(database.engine.url.database))
    if database.engine.dialect.name != "sqlite":
        engine: Engine = database.engine.execution_options(postgresql_readonly=True)
    elif path.is_file():
        engine = _open_read_only(str(path))
    elif path.exists():
        raise DatabaseUnusableError(
            f"{path} is not a file; rename {path}, or set FITQUIZ_DATABASE_URL to a file"
        )
    else:
        raise DatabaseUnusableError(
            f"there is no file {path} yet; the first start of the server creates the file"
        )
    with Session(engine) as session:
        yield session


def find_revisions(connection: Connection) -> tuple[str | None, str]:
    """Return the revision id of a database, and the newest revision id that fitquiz knows.

    The first id is None if the database has no fitquiz tables.
    """
    current = find_revision(connection)
    newest = list_revisions()[0]
    return current, newest


def check_file(session: Session) -> str:
    """Return the result of SQLite's `quick_check`. The result is "ok" for an undamaged file."""
    result = session.connection().exec_driver_sql("PRAGMA quick_check(1)")
    return str(result.scalar_one())


def list_wrong_pragmas(path: str) -> list[str]:
    """Return the names of the REQUIRED_PRAGMAS that have a wrong value.

    The connection is set up like a connection of the server, but read-only. If a server was killed,
    its write-ahead log is still there. Closing a connection that can write would change this log.
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
    """Return the latest moment of all attempts, receipts and audit entries.

    Return None if the database contains no attempt, no receipt and no audit entry.
    """
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
    """Return the number of attempts that a purge should have deleted before `now`."""
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
