"""Lists that grow are read a page at a time, from where the page before ended: a page costs the same however many."""

from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

PAGE = 50
LARGEST_ID = 2**31 - 1
"""No row has a larger id. PostgreSQL refuses a query for one."""
Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


def take_page(query: Query, key: InstrumentedAttribute[int], before_id: int | None) -> Query:
    """Take the newest rows, or the newest before one, and one more than a page shows: it tells that there are older."""
    older = query if before_id is None else query.where(key < before_id)
    return older.order_by(key.desc()).limit(PAGE + 1)
