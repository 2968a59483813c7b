"""The database session of a request. A view reads at any time and writes in one short transaction.

A request that needs only one statement takes an autocommit connection instead: an item's page and
an answer are a third faster without a session.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from fitquiz.store.engine.database import Database, close_quietly


def init_database(app: Flask, database: Database) -> None:
    """Give the app its database, and close the session at the end of each request."""
    app.extensions["fitquiz_database"] = database
    app.teardown_appcontext(_close_session)


def dispose_database(app: Flask) -> Database:
    """Close all connections of the app, and return the database.

    No other process may inherit an open connection.
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
    """Return the session of the request, opened on first use."""
    if "session" not in g:
        g.session = get_database().sessions()
    session: Session = g.session
    return session


@contextmanager
def writing() -> Iterator[Session]:
    """Open the write transaction of the request.

    It is committed when the block ends without an error.
    """
    database = get_database()
    session = get_session()

    session.rollback()  # End the read transaction: a write must start from the newest data.
    with database.write_lock():
        try:
            database.begin_write(session)
            yield session
            session.commit()
        finally:
            # Does nothing after a commit. After an error, the transaction must end before the lock
            # does.
            session.rollback()


@contextmanager
def autocommit_reading() -> Iterator[Connection]:
    """Open a connection for reading statements; no transaction joins them."""
    with get_database().autocommit.connect() as connection:
        yield connection


@contextmanager
def autocommit_writing() -> Iterator[Connection]:
    """Open a connection for one writing statement.

    It is durable once all rows that it returns have been read.
    """
    database = get_database()
    if "session" in g:
        g.session.rollback()  # Ends the read transaction and gives its connection back.

    with database.write_lock(), database.autocommit.connect() as connection:
        yield connection


def _close_session(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        close_quietly(session)
