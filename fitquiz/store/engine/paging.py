"""Limits a query to one page of a long list.

A page starts after the last id of the previous page. With OFFSET, the database would read all
previous pages in order to find the start of a page.
"""

from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

PAGE = 50
"""The number of rows that a page shows."""

LARGEST_ID = 2**31 - 1
"""The largest value of an id column. PostgreSQL raises an error for a larger value."""

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


def take_page(
    query: Query, key: InstrumentedAttribute[int], before_id: int | None
) -> Query:
    """Limit `query` to one page of rows. The newest row is first.

    With `before_id`, the page contains only rows whose `key` is smaller than `before_id`.

    If an older page exists, the query returns one extra row. The caller must not show the extra
    row.
    """
    if before_id is not None:
        query = query.where(key < before_id)
    return query.order_by(key.desc()).limit(PAGE + 1)
