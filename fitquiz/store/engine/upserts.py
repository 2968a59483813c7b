"""INSERT … ON CONFLICT for both databases: SQLAlchemy has it once for each of them, with the same words."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from fitquiz.store.tables.base import Row

Asked = Session | Connection
"""What a statement is given to: a session, or a bare connection, which costs less where one statement is all."""

Insert = sqlite.Insert | postgresql.Insert


def insert_into(session: Session, table: type[Row]) -> Insert:
    """Return the INSERT of the session's own database, which knows on_conflict_do_nothing and on_conflict_do_update."""
    return insert_by(name_dialect(session), table)


def insert_by(dialect: str, table: type[Row] | Table) -> Insert:
    """Return the INSERT of a kind of database by its name, for a statement that is built once."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def name_dialect(asked: Asked) -> str:
    """Return which kind of database is asked, by its name."""
    bind = asked.get_bind() if isinstance(asked, Session) else asked
    return bind.dialect.name
