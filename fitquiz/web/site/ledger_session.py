"""HR's database session of a request. Its connection can read the ledger and no other table."""

from flask import Flask, current_app, g
from sqlalchemy.orm import Session, sessionmaker

from fitquiz.store.engine.database import Database, close_quietly
from fitquiz.store.ledger.hr_connection import open_ledger, start_reading


def init_ledger(app: Flask, database: Database, ledger_url: str, statement_seconds: int) -> None:
    """Open HR's connection, and check that it can read the ledger only."""
    app.extensions["fitquiz_ledger"] = open_ledger(database, ledger_url, statement_seconds)
    app.teardown_appcontext(_close_ledger)


def get_ledger() -> Session:
    """Return the request's session on the ledger, opened on first use.

    Raise LedgerUnreachableError, which becomes an error page, if the database cannot be reached.
    """
    if "ledger" not in g:
        sessions: sessionmaker[Session] = current_app.extensions["fitquiz_ledger"]
        g.ledger = start_reading(sessions)
    session: Session = g.ledger
    return session


def _close_ledger(_error: BaseException | None) -> None:
    session = g.pop("ledger", None)
    if session is not None:
        close_quietly(session)
