"""Opens HR's connection. HR's connection can read only the three tables of the ledger.

On SQLite, the file is opened read-only, and an authorizer refuses every other table.
On PostgreSQL, the connection uses HR's own login in FITQUIZ_LEDGER_URL. If this setting is empty,
the connection takes the PostgreSQL role `fitquiz_ledger` instead.

The rights of each new connection are checked before a report uses the connection. A check at the
start of fitquiz is not enough, because the server in FITQUIZ_LEDGER_URL may be unreachable at the
start.
"""

import logging
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

from fitquiz.store.engine.database import (
    Database,
    DatabaseUnusableError,
    close_quietly,
    parse_url,
)
from fitquiz.store.engine.pool_limits import MAX_CONNECTIONS
from fitquiz.store.engine.postgresql import create_postgresql_engine
from fitquiz.store.ledger.postgresql_rights import (
    ROLE,
    TABLES,
    check_catalogue,
    make_rights_error,
)

_ALLOWED_ACTIONS = (
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_RECURSIVE,
)
_ALLOWED_FUNCTIONS = ("count", "sum", "min", "max", "coalesce")

_ALLOWED_STATEMENT = "SELECT id FROM ledger LIMIT 1"
_FORBIDDEN_STATEMENTS = (
    "SELECT key FROM pending LIMIT 1",
    "SELECT item FROM answer LIMIT 1",
    "DELETE FROM ledger_rollup WHERE 1 = 0",
)
_REFUSED = ("42501", "25006", sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY)
"""The error codes with which a database refuses a statement.

PostgreSQL and SQLite each have a code for missing rights and a code for a read-only connection.
"""

_log = logging.getLogger(__name__)


class LedgerUnreachableError(Exception):
    """HR's connection cannot be opened, or could do more than read the ledger.

    Only HR's reports fail with this error.
    """


def open_ledger(
    database: Database,
    ledger_url: str = "",
    statement_seconds: int | None = None,
) -> sessionmaker[Session]:
    """Return the factory of HR's sessions.

    `ledger_url` contains HR's own PostgreSQL login. The URL may lead to a copy of the database on
    another server. If `ledger_url` is empty, HR's sessions use `database`. On SQLite, `ledger_url`
    is ignored.

    Raise DatabaseUnusableError if the connection could do more than read the ledger. Also raise
    DatabaseUnusableError if HR's sessions use `database` and cannot read the ledger.

    If the ledger in `ledger_url` cannot be read, for example because the server is unreachable,
    only log a warning. Only reports need this ledger, and each report tries to connect again.
    """
    if database.engine.dialect.name == "sqlite":
        ledger_url = ""
        engine = _open_sqlite(database.engine)
    else:
        engine = _open_postgresql(database.engine, ledger_url, statement_seconds)
    event.listen(engine, "connect", try_rights)

    try:
        engine.connect().close()
    except DatabaseUnusableError:
        engine.dispose()
        raise
    except DBAPIError as error:
        engine.dispose()
        reason = str(error.orig).strip()
        if not ledger_url:
            raise DatabaseUnusableError(
                f"The ledger cannot be read: {reason}."
            ) from error
        _log.warning(
            "HR's reports do not work until the server in FITQUIZ_LEDGER_URL can be reached: %s",
            reason,
        )
    return sessionmaker(engine)


def start_reading(sessions: sessionmaker[Session]) -> Session:
    """Return a session with an open connection.

    Raise LedgerUnreachableError if no connection can be opened, or if the check of rights fails.
    """
    session = sessions()
    try:
        session.connection()
    except (DBAPIError, PoolTimeoutError, DatabaseUnusableError) as error:
        close_quietly(session)
        reason = getattr(error, "orig", error)
        raise LedgerUnreachableError(str(reason)) from error
    return session


def try_rights(connection: Any, _record: object) -> None:
    """Check the rights of a new connection by running one allowed and three forbidden statements.

    Raise DatabaseUnusableError if the database allows a forbidden statement. Raise each error of
    the driver that is not a refusal, for example the error for a missing table.
    """
    _is_allowed(connection, _ALLOWED_STATEMENT)
    for statement in _FORBIDDEN_STATEMENTS:
        if _is_allowed(connection, statement):
            raise make_rights_error("The login could read answers or change tables")


def _open_sqlite(main: Engine) -> Engine:
    absolute_path = str(Path(str(main.url.database)).absolute())
    address = f"file:{quote(absolute_path)}?mode=ro"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address,
            uri=True,
            check_same_thread=False,
            isolation_level=None,
        )
        connection.set_authorizer(_authorize)
        return connection

    return create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=MAX_CONNECTIONS,
        max_overflow=0,
        hide_parameters=True,
    )


def _open_postgresql(
    main: Engine, ledger_url: str, statement_seconds: int | None
) -> Engine:
    url = parse_url(ledger_url) if ledger_url else main.url
    engine = create_postgresql_engine(url, statement_seconds)

    @event.listens_for(engine, "connect")
    def _give_up_rights(connection: Any, _record: object) -> None:
        # Without autocommit, a rollback would undo these settings.
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        if not ledger_url:
            cursor.execute(f"SET ROLE {ROLE}")
        cursor.close()
        connection.autocommit = False

    event.listen(engine, "connect", check_catalogue)
    return engine


def _authorize(
    action: int,
    first: str | None,
    second: str | None,
    _database: str | None,
    _trigger: str | None,
) -> int:
    """Return SQLITE_OK for an allowed action, and SQLITE_DENY for all other actions.

    SQLite calls this function for each action of a statement, for example for reading a column.
    """
    if action in _ALLOWED_ACTIONS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and first in TABLES:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and second in _ALLOWED_FUNCTIONS:
        return sqlite3.SQLITE_OK
    if (
        action == sqlite3.SQLITE_PRAGMA
        and first == "read_uncommitted"
        and second is None
    ):
        return sqlite3.SQLITE_OK  # SQLAlchemy reads this pragma once for each engine.
    return sqlite3.SQLITE_DENY


def _is_allowed(connection: Any, statement: str) -> bool:
    """Return whether the database allows a statement. Raise each error that is not a refusal."""
    try:
        connection.execute(statement)
    except connection.Error as error:
        postgresql_code = getattr(error, "sqlstate", None)
        sqlite_code = getattr(error, "sqlite_errorcode", None)
        if postgresql_code in _REFUSED or sqlite_code in _REFUSED:
            return False
        raise
    finally:
        connection.rollback()
    return True
