"""INSERT … ON CONFLICT for both databases: SQLAlchemy has it once for each of them, with the same words."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from fitquiz.store.models import Row

Insert = sqlite.Insert | postgresql.Insert


def insert_into(session: Session, table: type[Row]) -> Insert:
    """Return the INSERT of the session's own database, which knows on_conflict_do_nothing and on_conflict_do_update."""
    return insert_by(session.get_bind().dialect.name, table)


def insert_by(dialect: str, table: type[Row] | Table) -> Insert:
    """Return the INSERT of a kind of database by its name, for a statement that is built once."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
