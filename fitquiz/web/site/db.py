"""The session of a request: read freely, written in one short transaction, committed before it is acknowledged.

What one statement reads or writes needs no session: an item's page and an answer take a third less without.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from fitquiz.store.engine.database import Database, close_quietly


def init_db(app: Flask, database: Database) -> None:
    """Give the app its database, and close each request's session at its end."""
    app.extensions["fitquiz_database"] = database
    app.teardown_appcontext(_close_session)


def dispose_database(app: Flask) -> Database:
    """Close the app's connections, so that no other process inherits them; return the database, ready to reopen."""
    database: Database = app.extensions["fitquiz_database"]
    database.engine.dispose()
    app.extensions["fitquiz_ledger"].kw["bind"].dispose()
    return database


def get_database() -> Database:
    """Return the current app's database."""
    database: Database = current_app.extensions["fitquiz_database"]
    return database


def get_session() -> Session:
    """Return the request's session, opened on first use."""
    if "session" not in g:
        g.session = get_database().sessions()
    session: Session = g.session
    return session


@contextmanager
def writing() -> Iterator[Session]:
    """Open the request's one write transaction; it is committed, durably, when the block ends well."""
    database, session = get_database(), get_session()
    session.rollback()
    with database.write_lock():
        try:
            database.begin_write(session)
            yield session
            session.commit()
        finally:
            session.rollback()  # Nothing after a commit; what has failed must not outlive the lock.


@contextmanager
def autocommit_reading() -> Iterator[Connection]:
    """Open a connection for statements that read, each for itself: no transaction holds them together."""
    with get_database().autocommit.connect() as connection:
        yield connection


@contextmanager
def autocommit_writing() -> Iterator[Connection]:
    """Open a connection for one statement that writes; it is durable when it is done, its rows read if it has any."""
    database = get_database()
    if "session" in g:
        g.session.rollback()  # What it has read is let go of, and its connection with it.
    with database.write_lock(), database.autocommit.connect() as connection:
        yield connection


def _close_session(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        close_quietly(session)
