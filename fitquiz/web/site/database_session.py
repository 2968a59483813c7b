"""The database session of a request, and connections for single SQL statements.

A view reads with `get_session`. A view writes in a short transaction with `writing`.

A request with only one SQL statement uses an autocommit connection instead of a session. Without
a session, showing an item and storing an answer are a third faster.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from fitquiz.store.engine.database import Database, close_quietly


class ReadingOnlyError(Exception):
    """The request must not store anything, because it only shows a form again."""


def init_database(app: Flask, database: Database) -> None:
    """Store `database` in the app, and close the session at the end of each request."""
    app.extensions["fitquiz_database"] = database
    app.teardown_appcontext(_close_session)


def dispose_database(app: Flask) -> Database:
    """Close all database connections of the app, and return the database.

    Call this function before the process is forked, because a child process must not inherit an
    open connection.
    """
    database: Database = app.extensions["fitquiz_database"]
    database.engine.dispose()

    ledger_engine = app.extensions["fitquiz_ledger"].kw["bind"]
    ledger_engine.dispose()
    return database


def get_database() -> Database:
    """Return the database of the current app."""
    database: Database = current_app.extensions["fitquiz_database"]
    return database


def get_session() -> Session:
    """Return the session of the request. The first call opens the session."""
    if "session" not in g:
        g.session = get_database().sessions()
    session: Session = g.session
    return session


@contextmanager
def writing() -> Iterator[Session]:
    """Open a write transaction on the request's session.

    Commit the transaction if the block ends without an error. Otherwise, roll the transaction back.

    Raise ReadingOnlyError if the request only shows a form again.
    """
    if g.get("is_given_back"):
        raise ReadingOnlyError
    database = get_database()
    session = get_session()

    # End the read transaction. Otherwise, the write could start from old data.
    session.rollback()
    with database.write_lock():
        try:
            database.begin_write(session)
            yield session
            session.commit()
        finally:
            # After a commit, this rollback does nothing. After an error, this rollback ends the
            # transaction before the lock is released.
            session.rollback()


@contextmanager
def autocommit_reading() -> Iterator[Connection]:
    """Open a connection for SQL statements that read.

    Each SQL statement runs in its own transaction.
    """
    with get_database().autocommit.connect() as connection:
        yield connection


@contextmanager
def autocommit_writing() -> Iterator[Connection]:
    """Open a connection for one SQL statement that writes.

    Read all rows that the SQL statement returns. SQLite commits the change only after the last row
    is read.
    """
    database = get_database()
    if "session" in g:
        # End the read transaction, and return its connection to the pool.
        g.session.rollback()

    with database.write_lock(), database.autocommit.connect() as connection:
        yield connection


def _close_session(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        close_quietly(session)
