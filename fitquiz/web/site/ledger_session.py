"""The database session for HR's reports. The session can read the ledger and nothing else."""

from flask import Flask, current_app, g
from sqlalchemy.orm import Session, sessionmaker

from fitquiz.store.engine.database import Database, close_quietly
from fitquiz.store.ledger.hr_connection import open_ledger, start_reading


def init_ledger(
    app: Flask, database: Database, ledger_url: str, statement_seconds: int
) -> None:
    """Store the ledger's session factory in the app, and close the session after each request.

    Raise DatabaseUnusableError if the connection can do more than read the ledger.
    """
    app.extensions["fitquiz_ledger"] = open_ledger(
        database, ledger_url, statement_seconds
    )
    app.teardown_appcontext(_close_ledger)


def get_ledger() -> Session:
    """Return the request's session on the ledger. The first call opens the session.

    Raise LedgerUnreachableError if the session cannot be opened. The app then shows an error page.
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
