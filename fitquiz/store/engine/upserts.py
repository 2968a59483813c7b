"""INSERT … ON CONFLICT for SQLite and for PostgreSQL.

SQLAlchemy has one INSERT class for SQLite and another INSERT class for PostgreSQL.
"""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from fitquiz.store.tables.base import Row

Executor = Session | Connection
"""An object that runs statements: a session or an autocommit connection.

For a single statement, an autocommit connection is faster than a session.
"""

Insert = sqlite.Insert | postgresql.Insert


def insert_into(session: Session, table: type[Row]) -> Insert:
    """Return an INSERT into `table` for the database of `session`."""
    return insert_by(name_dialect(session), table)


def insert_by(dialect: str, table: type[Row] | Table) -> Insert:
    """Return an INSERT into `table` for the dialect "sqlite" or "postgresql"."""
    if dialect == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def name_dialect(executor: Executor) -> str:
    """Return the name of the dialect, "sqlite" or "postgresql"."""
    if isinstance(executor, Session):
        return executor.get_bind().dialect.name
    return executor.dialect.name
