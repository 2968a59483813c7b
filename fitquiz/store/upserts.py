"""INSERT … ON CONFLICT for both databases: SQLAlchemy has it once for each of them, with the same words."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from fitquiz.store.models import Row

Insert = sqlite.Insert | postgresql.Insert


def insert_into(session: Session, table: type[Row]) -> Insert:
    """Return the INSERT of the session's own database, which knows on_conflict_do_nothing and on_conflict_do_update."""
    return postgresql.insert(table) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(table)
