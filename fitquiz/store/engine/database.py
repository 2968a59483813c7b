"""Opens the database, and decides when it is written: one writer at a time, durable before anything is acknowledged."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from fitquiz.store.engine.autocommit import ALONE, Alone
from fitquiz.store.engine.postgresql import make_options, watch

try:
    import fcntl
except (
    ImportError
):  # Windows has no flock; SQLite's own busy timeout then is all that orders the writers.
    fcntl = None  # type: ignore[assignment]  # the module is absent, and that is what None says

BUSY_SECONDS = 10
CONNECTIONS = 16
WRITES = {"fitquiz_writes": True}
_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
_PASSING = ("25006", "25P03")
"""PostgreSQL's states of a server that is a read-only copy, and of a transaction that stood still for too long."""

_REMEDIES = {
    "is locked": "another program holds it, end that or try again later",
    "is full": "make room on the disk",
    "unable to open": "set FITQUIZ_DATABASE_URL to a file in a folder that is there and can be written",
    "readonly": "make the file and its folder writable",
    "malformed": "the file is damaged, restore a backup into a new one",
    "not a database": "name another file, or restore a backup into a new one",
    "password authentication failed": "mend the password in FITQUIZ_DATABASE_URL",
    "Connection refused": "start PostgreSQL, or mend FITQUIZ_DATABASE_URL",
    "does not exist": "make it, or mend FITQUIZ_DATABASE_URL",
}


class DatabaseUnusableError(Exception):
    """The database cannot be used as it is set; the message is a sentence for whoever runs the server."""


@dataclass(frozen=True)
class Database:
    """An engine and its sessions. `lock_file` orders the writers on SQLite; there is none elsewhere."""

    engine: Engine
    sessions: sessionmaker[Session]
    lock_file: Path | None

    @property
    def address(self) -> str:
        """The URL to show: without its password, and without its query, which may hold one too."""
        return self.engine.url.set(query={}).render_as_string(hide_password=True)

    @cached_property
    def alone(self) -> Alone:
        """Connections for one statement that is a transaction of its own."""
        return Alone(self.engine)

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        """Hold the right to write. Waiting here, not in SQLite's growing sleeps, keeps the slowest writer quick."""
        if self.lock_file is None or fcntl is None:
            yield
            return
        try:
            lock = os.open(
                self.lock_file, os.O_WRONLY | os.O_CREAT, 0o666
            )  # A file object took twice as long.
        except OSError as error:
            says = f"The folder of the database, {self.lock_file.parent}, cannot be written ({error.strerror});"
            raise DatabaseUnusableError(f"{says} make it writable, or use another.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    @contextmanager
    def sole(self, name: str) -> Iterator[bool]:
        """Whether this process alone may do what is named so, now; it may until the block ends."""
        if self.lock_file is not None and fcntl is not None:
            with Path(f"{self.lock_file}.{name}").open("ab") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    yield False
                    return
                yield True
            return
        if self.engine.dialect.name != "postgresql":
            yield True
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            key = {"key": int.from_bytes(name.encode()[:7])}
            try:
                yield bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key))
            finally:
                with suppress(DBAPIError):  # At once, if the server is there.
                    connection.execute(text("SELECT pg_advisory_unlock_all()"))
                connection.invalidate()  # Else the lock ends with its connection, whatever has happened meanwhile.

    @contextmanager
    def write_transaction(self) -> Iterator[Session]:
        """Open the one write transaction of a command or a job; it is committed if the block ends well.

        A request writes by `writing` of the pages, in the session that it reads from.
        """
        with self.write_lock(), self.sessions.begin() as session:
            session.connection(execution_options=WRITES)
            yield session

    def begin_write(self, session: Session) -> None:
        """Start a write transaction on a session; what was read before is let go, so read it again if it matters."""
        session.rollback()
        session.connection(execution_options=WRITES)


def open_database(url: str, statement_seconds: int | None = None) -> Database:
    """Return the database at a URL; raise DatabaseUnusableError with a sentence if the URL cannot be one.

    On PostgreSQL no statement lasts longer than `statement_seconds`, if they are given.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _open_sqlite(parsed)
        in_memory = parsed.database in (None, "", ":memory:")
        lock_file = None if in_memory else Path(f"{parsed.database}.lock")
    else:
        engine = create_engine(
            parsed,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=BUSY_SECONDS,
            hide_parameters=True,  # A failing statement tells no values: they may be answers.
            connect_args=make_options(parsed),
        )
        watch(engine, statement_seconds)
        lock_file = None
    return Database(engine, sessionmaker(engine, expire_on_commit=False), lock_file)


def is_passing(error: DBAPIError) -> bool:
    """Whether the database itself is in trouble (out of reach, restarting, full, read-only), not our statement."""
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or isinstance(error, OperationalError) or state in _PASSING


def close_quietly(session: Session) -> None:
    """Close a session; if its connection turns out to be gone, there is nothing left to close."""
    try:
        session.close()
    except SQLAlchemyError:
        session.invalidate()


def say(error: DBAPIError) -> str:
    """Return what the database's driver said, as part of a sentence, with what to do where that is plain."""
    said = str(error.orig).strip().splitlines()[0].rstrip(".")
    return said + next((f"; {remedy}" for sign, remedy in _REMEDIES.items() if sign in said), "")


def parse_url(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend not in _DRIVERS:
            raise DatabaseUnusableError(f"The database is {backend}; use sqlite or postgresql.")
        parsed = parsed.set(drivername=_DRIVERS[backend])
        parsed.get_dialect().import_dbapi()
    except (ArgumentError, ValueError):
        raise DatabaseUnusableError(
            "The database URL cannot be read; write sqlite:///file.db or postgresql://user:password@host/name."
        ) from None
    except ImportError:
        raise DatabaseUnusableError(
            "PostgreSQL needs its driver; install fitquiz[postgres]."
        ) from None
    return parsed


def _open_sqlite(url: URL) -> Engine:
    options: dict[str, Any] = {
        "pool_size": CONNECTIONS,
        "max_overflow": 0,
        "pool_timeout": BUSY_SECONDS,
    }
    if url.database in (None, "", ":memory:"):
        options = {"poolclass": StaticPool}
    connect = {"check_same_thread": False, "timeout": BUSY_SECONDS}
    engine = create_engine(url, connect_args=connect, hide_parameters=True, **options)
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", set_up_connection)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _end_transaction)
    return engine


def _make_private(
    _dialect: object, _record: object, arguments: list[str], _options: object
) -> None:
    """Let a new file be its owner's alone, whatever its folder is; SQLite gives what it puts beside it the same mode.

    A file that is there is not opened: to close it here would take away the locks that SQLite has on it.
    """
    if arguments[0] != ":memory:":
        with suppress(OSError):  # SQLite meets the same, and says it.
            os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL, 0o600))


def set_up_connection(connection: sqlite3.Connection, _record: object) -> None:
    """Durable after every commit, foreign keys kept, deleted bytes overwritten; the driver begins nothing by itself."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if ALONE not in options:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if "fitquiz_writes" in options else "BEGIN")


def _end_transaction(connection: sqlite3.Connection | None, _record: object) -> None:
    """SQLAlchemy takes a COMMIT that failed for the end of its transaction; SQLite may keep it open, and its lock."""
    if connection is not None:
        connection.rollback()
