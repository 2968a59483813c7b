"""The database with its engine, its sessions and its locks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import URL, Engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from fitquiz.store.engine.autocommit import AutocommitConnections
from fitquiz.store.engine.postgresql import create_postgresql_engine
from fitquiz.store.engine.sqlite import WRITE_OPTION, create_sqlite_engine

try:
    import fcntl
except ImportError:
    # Windows has no flock. On Windows, writers wait for SQLite's own lock.
    fcntl = None  # type: ignore[assignment]  # None replaces the missing module

WRITES = {WRITE_OPTION: True}
"""The execution options of a write transaction."""

_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
_IN_MEMORY = (None, "", ":memory:")
"""The names of SQLite databases that are not in a file."""

_READ_ONLY_SERVER = "25006"
_IDLE_IN_TRANSACTION = "25P03"
_SERVER_TROUBLE = (_READ_ONLY_SERVER, _IDLE_IN_TRANSACTION)

_REMEDIES = {
    "is locked": "end the program that has locked the database, or try again later",
    "is full": "delete other files from the disk",
    "unable to open": "set FITQUIZ_DATABASE_URL to a file in a folder that exists and can be "
    "written",
    "readonly": "make the database file and its folder writable",
    "malformed": "the file is damaged; restore a backup into a new file",
    "not a database": "name another file, or restore a backup into a new file",
    "password authentication failed": "correct the password in FITQUIZ_DATABASE_URL",
    "Connection refused": "start PostgreSQL, or correct FITQUIZ_DATABASE_URL",
    "does not exist": "create what is missing, or correct FITQUIZ_DATABASE_URL",
}
"""Remedies for the operator. Each key is a part of a message from the driver."""


class DatabaseUnusableError(Exception):
    """The database cannot be used. The message is a sentence for the operator."""


@dataclass(frozen=True)
class Database:
    """An engine, the factory of its sessions, and the lock file.

    Writers on SQLite wait for a lock on `lock_file`. PostgreSQL has no lock file.
    """

    engine: Engine
    sessions: sessionmaker[Session]
    lock_file: Path | None

    @property
    def address(self) -> str:
        """Return the URL without its password and without the options after the question mark.

        The options of a URL may also contain a password.
        """
        return self.engine.url.set(query={}).render_as_string(hide_password=True)

    @cached_property
    def autocommit(self) -> AutocommitConnections:
        return AutocommitConnections(self.engine)

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        """Lock the lock file for the `with` block. Do nothing if there is no lock file or no flock.

        Without the lock file, SQLite would try to lock the database again and again, and sleep
        longer after each try. Waiting for a lock on a file is faster.
        """
        if self.lock_file is None or fcntl is None:
            yield
            return
        descriptor = self._open_lock_file(self.lock_file)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @staticmethod
    def _open_lock_file(path: Path) -> int:
        """Return a file descriptor of the lock file. Create the lock file if it is missing.

        Raise DatabaseUnusableError if the lock file cannot be opened.

        `os.open` is used because `Path.open` takes twice as long.
        """
        try:
            return os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)
        except OSError as error:
            raise DatabaseUnusableError(
                f"The database's folder {path.parent} cannot be written ({error.strerror}); "
                "make the folder writable, or use another folder."
            ) from error

    @contextmanager
    def try_lock(self, name: str) -> Iterator[bool]:
        """Try to take the lock `name` for the `with` block. Yield True if this call gets the lock.

        Yield False if another call has the lock, for example in another process.

        Always yield True for SQLite on Windows.
        """
        if self.lock_file is not None and fcntl is not None:
            with self._try_file_lock(Path(f"{self.lock_file}.{name}")) as is_locked:
                yield is_locked
        elif self.engine.dialect.name == "postgresql":
            with self._try_advisory_lock(name) as is_locked:
                yield is_locked
        else:
            yield True

    @contextmanager
    def _try_file_lock(self, path: Path) -> Iterator[bool]:
        with path.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    @contextmanager
    def _try_advisory_lock(self, name: str) -> Iterator[bool]:
        key = int.from_bytes(name.encode()[:7])
        connection = self.engine.connect()
        with connection.execution_options(isolation_level="AUTOCOMMIT"):
            try:
                take_lock = text("SELECT pg_try_advisory_lock(:key)")
                yield bool(connection.scalar(take_lock, {"key": key}))
            finally:
                # If the server answers, unlock at once.
                with suppress(DBAPIError):
                    connection.execute(text("SELECT pg_advisory_unlock_all()"))
                # If the server does not answer, closing the connection ends the lock.
                connection.invalidate()

    @contextmanager
    def write_transaction(self) -> Iterator[Session]:
        """Open a write transaction for a command or a background job.

        Commit after the `with` block. After an error in the block, roll back.

        In a request, use `writing` from `fitquiz.web.site.database_session` instead.
        """
        with self.write_lock(), self.sessions.begin() as session:
            session.connection(execution_options=WRITES)
            yield session

    def begin_write(self, session: Session) -> None:
        """Roll back `session`, and begin a write transaction.

        The session forgets all rows that were read. Read again each row on which the write depends,
        because another transaction may have changed the row.
        """
        session.rollback()
        session.connection(execution_options=WRITES)


def open_database(url: str, statement_seconds: int | None = None) -> Database:
    """Return the database at a URL. Raise DatabaseUnusableError if the URL is not valid.

    PostgreSQL ends each statement that takes longer than `statement_seconds`. None means no time
    limit.
    """
    parsed = parse_url(url)
    lock_file = None
    if parsed.get_backend_name() == "postgresql":
        engine = create_postgresql_engine(parsed, statement_seconds)
    else:
        engine = create_sqlite_engine(parsed)
        lock_file = Path(f"{parsed.database}.lock")
    return Database(engine, sessionmaker(engine, expire_on_commit=False), lock_file)


def parse_url(url: str) -> URL:
    """Return the URL with the name of the driver that fitquiz uses.

    Raise DatabaseUnusableError if the URL is not valid, or if the driver is not installed. Also
    raise DatabaseUnusableError for a database in memory, because each process would have another
    database.
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend not in _DRIVERS:
            raise DatabaseUnusableError(
                f"The database is {backend}; use sqlite or postgresql."
            )
        parsed = parsed.set(drivername=_DRIVERS[backend])
        parsed.get_dialect().import_dbapi()
    except (ArgumentError, ValueError):
        raise DatabaseUnusableError(
            "The database URL cannot be read; "
            "write sqlite:///file.db or postgresql://user:password@host/name."
        ) from None
    except ImportError:
        raise DatabaseUnusableError(
            "PostgreSQL needs its driver; install fitquiz[postgres]."
        ) from None
    if backend == "sqlite" and parsed.database in _IN_MEMORY:
        raise DatabaseUnusableError(
            "The database URL names no file, but fitquiz needs a database in a file; "
            "write sqlite:///file.db, or unset FITQUIZ_DATABASE_URL."
        )
    return parsed


def is_database_fault(error: DBAPIError) -> bool:
    """Return whether the database caused the error, for example because its disk is full.

    Return False if the statement caused the error.
    """
    if error.connection_invalidated or isinstance(error, OperationalError):
        return True
    return getattr(error.orig, "sqlstate", None) in _SERVER_TROUBLE


def describe_error(error: DBAPIError) -> str:
    """Return the first line of the driver's message, and the remedy if `_REMEDIES` contains one.

    The text has no full stop, because callers use the text inside a sentence.
    """
    message = str(error.orig).strip().splitlines()[0].rstrip(".")
    for sign, remedy in _REMEDIES.items():
        if sign in message:
            return f"{message}; {remedy}"
    return message


def close_quietly(session: Session) -> None:
    """Close a session. Raise no error if the connection of the session is dead."""
    try:
        session.close()
    except SQLAlchemyError:
        session.invalidate()
