"""Reads long lists one page at a time. A page starts after the last id of the page before it.

So a page takes the same time, however long the list is.
"""

from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

PAGE = 50
LARGEST_ID = 2**31 - 1
"""The largest value of an id column. PostgreSQL raises an error for a larger one."""

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


def take_page(
    query: Query, key: InstrumentedAttribute[int], before_id: int | None
) -> Query:
    """Limit a query to the newest rows, or to the newest before `before_id`.

    The query returns one row more than a page shows: it tells that there is an older page.
    """
    if before_id is not None:
        query = query.where(key < before_id)
    return query.order_by(key.desc()).limit(PAGE + 1)
