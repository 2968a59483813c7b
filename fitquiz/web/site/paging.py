"""The pages of a long list.

The query string of the URL decides which page the visitor sees. `?page=2` contains the number of
the page. `?after=40` asks for the rows that follow the row with the id 40 in the list. `?before=40`
asks for the rows with an id below 40, in a list with the newest row first.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from flask import abort, redirect, request

from fitquiz.store.engine.paging import LARGEST_ID, PAGE

MAX_PAGES = 10_000
_PLACES = ("page", "after", "before")
"""The query parameters that name a page of a list."""


class Listed(Protocol):
    """A row of a list."""

    @property
    def id(self) -> int:
        """The id of the row."""


AnyListed = TypeVar("AnyListed", bound=Listed)
AnyRows = TypeVar("AnyRows", bound=Sequence[object])


def read_place(name: str) -> int | None:
    """Return the row id in the query parameter `name`, from 0 to LARGEST_ID.

    Return None if the parameter is missing or is no whole number.
    """
    place = request.args.get(name, type=int)
    if place is None:
        return None
    return max(0, min(place, LARGEST_ID))


def read_page() -> int:
    """Return the number in the query parameter `page`, from 0 to MAX_PAGES.

    Return 0 if the parameter is missing or is no whole number.
    """
    page = request.args.get("page", 0, type=int)
    return max(0, min(page, MAX_PAGES))


def cut(rows: Sequence[AnyListed]) -> tuple[Sequence[AnyListed], int | None]:
    """Return the rows of one page, and the id of the last row on the page.

    The next page starts after this id. Return None instead of the id if no next page exists.

    `rows` contains at most PAGE + 1 rows. If `rows` contains PAGE + 1 rows, a next page exists.

    If `rows` is empty and the URL names a later page, redirect to the first page.
    """
    lead_back(rows)
    if len(rows) <= PAGE:
        return rows, None
    return rows[:PAGE], rows[PAGE - 1].id


def lead_back(rows: AnyRows) -> AnyRows:
    """Return `rows`.

    If `rows` is empty and the URL names a later page, redirect to the first page. The URL of the
    first page has no query string.
    """
    names_later_page = any(name in request.args for name in _PLACES)
    if not rows and names_later_page:
        first_page = request.script_root + request.path
        response = redirect(first_page, 303)
        abort(response)
    return rows
