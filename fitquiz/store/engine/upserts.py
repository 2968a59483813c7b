"""INSERT … ON CONFLICT for both databases. SQLAlchemy has a class for each of them."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from fitquiz.store.tables.base import Row

Executor = Session | Connection
"""Runs statements: a session, or an autocommit connection (faster for a single statement)."""

Insert = sqlite.Insert | postgresql.Insert


def insert_into(session: Session, table: type[Row]) -> Insert:
    """Return an INSERT with on_conflict_do_nothing and on_conflict_do_update."""
    return insert_by(name_dialect(session), table)


def insert_by(dialect: str, table: type[Row] | Table) -> Insert:
    """Return the INSERT of a dialect by its name, for statements that are built once."""
    if dialect == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def name_dialect(executor: Executor) -> str:
    """Return "sqlite" or "postgresql"."""
    if isinstance(executor, Session):
        return executor.get_bind().dialect.name
    return executor.dialect.name
