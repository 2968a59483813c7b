"""HR's own connection: it can read the three tables of the ledger, and nothing else, and write nothing.

On SQLite the file is opened for reading, with an authorizer that refuses every other table; on PostgreSQL the
connection acts as a role that is granted SELECT on these tables alone. Whether that is so is tried by each new
connection before it reads, and asked of the catalogue: it may lead to another server, which may be out of reach at the
start and come later.
"""

import logging
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
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
from fitquiz.store.ledger.postgresql_rights import list_excess
from fitquiz.store.tables.ledger_tables import LedgerRollupRow, LedgerRow, LedgerStatisticRow

TABLES = tuple(row.__tablename__ for row in (LedgerRow, LedgerStatisticRow, LedgerRollupRow))
ROLE = "fitquiz_ledger"
_MAY = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_RECURSIVE)
_FUNCTIONS = ("count", "sum", "min", "max", "coalesce")
_ALLOWED = "SELECT id FROM ledger LIMIT 1"
_FORBIDDEN = (
    "SELECT key FROM pending LIMIT 1",
    "SELECT item FROM answer LIMIT 1",
    "DELETE FROM ledger_rollup WHERE 1 = 0",
)
_REFUSED = ("42501", "25006", sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY)
"""How a refusal is told: PostgreSQL's insufficient privilege and read-only transaction, and SQLite's."""

_ALREADY_DONE = ("42710", "23505")
"""PostgreSQL's error codes: the object exists; another transaction has just created it."""

_MOST_NAMED = 5

_log = logging.getLogger(__name__)


class LedgerUnreachableError(Exception):
    """HR's connection cannot be had just now, or it could read more than the ledger; nobody else is concerned."""


def open_ledger(
    database: Database, ledger_url: str = "", statement_seconds: int | None = None
) -> sessionmaker[Session]:
    """Return HR's sessions on the database, or on `ledger_url`, a PostgreSQL login of their own, on a copy perhaps.

    DatabaseUnusableError with a sentence if such a connection could read more than the ledger. A server of its own that
    is out of reach is told in the log and tried again when somebody reads: it shall keep no respondent out.
    """
    if database.engine.dialect.name == "sqlite":
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
        if not ledger_url:
            raise DatabaseUnusableError(
                f"The ledger cannot be read: {str(error.orig).strip()}."
            ) from error
        _log.warning(
            "HR's reports are closed until FITQUIZ_LEDGER_URL can be reached: %s",
            str(error.orig).strip(),
        )
    return sessionmaker(engine)


def start_reading(sessions: sessionmaker[Session]) -> Session:
    """Return a session that has its connection; raise LedgerUnreachableError if there is none to be had."""
    session = sessions()
    try:
        session.connection()
    except (DBAPIError, PoolTimeoutError, DatabaseUnusableError) as error:
        close_quietly(session)
        raise LedgerUnreachableError(str(getattr(error, "orig", error))) from error
    return session


def try_rights(connection: Any, _record: object) -> None:
    """Read the ledger; make sure that answers cannot be read and that nothing can be written."""
    _is_allowed(connection, _ALLOWED)
    if any(_is_allowed(connection, forbidden) for forbidden in _FORBIDDEN):
        raise _refuse("its login could read answers, or write")


def ask_rights(connection: Any, _record: object) -> None:
    """Make sure by PostgreSQL's catalogue that no other table can be used, and none written."""
    if excess := list_excess(connection, TABLES, ROLE):
        raise _refuse(f"there are also {', '.join(excess[:_MOST_NAMED])}")


def _refuse(reason: str) -> DatabaseUnusableError:
    return DatabaseUnusableError(
        "HR's connection to the database could do more than read the ledger, so it is not used; "
        f"grant its login SELECT on {', '.join(TABLES)} and nothing else: {reason}."
    )


def prepare_role(connection: Connection) -> None:
    """Make PostgreSQL's role and grant it the ledger's tables, as far as it is not done; run by the migrating login."""
    if connection.dialect.name != "postgresql":
        return
    try:
        if not connection.scalar(
            text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": ROLE}
        ):
            _change_roles(connection, f"CREATE ROLE {ROLE} NOLOGIN")
        if not connection.scalar(
            text("SELECT pg_has_role(CURRENT_USER, :role, 'MEMBER')"), {"role": ROLE}
        ):
            _change_roles(connection, f"GRANT {ROLE} TO CURRENT_USER")
    except DBAPIError as error:
        login = connection.engine.url.username
        raise DatabaseUnusableError(
            f"The database needs a role {ROLE}, and this login may not make it; let its administrator run: "
            f"CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO {login}"
        ) from error
    for table in TABLES:
        granted = text("SELECT has_table_privilege(:role, :table, 'SELECT')")
        if not connection.scalar(granted, {"role": ROLE, "table": table}):
            connection.execute(text(f"GRANT SELECT ON {table} TO {ROLE}"))


def _change_roles(connection: Connection, statement: str) -> None:
    """Run a CREATE ROLE or GRANT, unless it has just been done for another database of this server.

    Roles belong to the whole server, and two databases may be migrated at the same moment.
    """
    try:
        with connection.begin_nested():
            connection.execute(text(statement))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _ALREADY_DONE:
            raise


def _open_sqlite(main: Engine) -> Engine:
    path = main.url.database
    if path in (None, "", ":memory:"):
        raise DatabaseUnusableError(
            "The ledger needs a database in a file; set FITQUIZ_DATABASE_URL to one."
        )
    address = f"file:{quote(str(Path(path).absolute()))}?mode=ro"
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(
            address, uri=True, check_same_thread=False, isolation_level=None
        ),
        poolclass=QueuePool,
        pool_size=MAX_CONNECTIONS,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(
        engine, "connect", lambda connection, _record: connection.set_authorizer(_authorize)
    )
    return engine


def _open_postgresql(main: Engine, ledger_url: str, statement_seconds: int | None) -> Engine:
    url = parse_url(ledger_url) if ledger_url else main.url
    engine = create_postgresql_engine(url, statement_seconds)

    @event.listens_for(engine, "connect")
    def _give_up_rights(connection: Any, _record: object) -> None:
        connection.autocommit = True  # Else what is set here would end with a transaction.
        cursor = connection.cursor()
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        if not ledger_url:
            cursor.execute(f"SET ROLE {ROLE}")
        cursor.close()
        connection.autocommit = False

    event.listen(engine, "connect", ask_rights)
    return engine


def _authorize(
    action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None
) -> int:
    if action in _MAY or (action == sqlite3.SQLITE_READ and first in TABLES):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first == "read_uncommitted" and second is None:
        return sqlite3.SQLITE_OK  # SQLAlchemy asks it of every new engine.
    return sqlite3.SQLITE_DENY


def _is_allowed(connection: Any, statement: str) -> bool:
    """Whether a statement is allowed. Any other fault than a refusal is raised: it proves nothing."""
    try:
        connection.execute(statement)
    except connection.Error as error:
        if (
            getattr(error, "sqlstate", None) in _REFUSED
            or getattr(error, "sqlite_errorcode", None) in _REFUSED
        ):
            return False
        raise
    finally:
        connection.rollback()
    return True
