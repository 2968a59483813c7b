"""The pages of a long list. An address names the row or the page that the reader asked for."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from flask import abort, redirect, request

from fitquiz.store.engine.paging import LARGEST_ID, PAGE

MAX_PAGES = 10_000


class Listed(Protocol):
    """A row of a list."""

    @property
    def id(self) -> int:
        """The next page starts after this id."""


AnyListed = TypeVar("AnyListed", bound=Listed)
AnyRows = TypeVar("AnyRows", bound=Sequence[object])


def read_place(name: str) -> int | None:
    """Return the row id in the query of the address; None on the first page."""
    place = request.args.get(name, type=int)
    if place is None:
        return None
    return max(0, min(place, LARGEST_ID))


def read_page() -> int:
    """Return the page number in the address, from 0."""
    page = request.args.get("page", 0, type=int)
    return max(0, min(page, MAX_PAGES))


def cut(rows: Sequence[AnyListed]) -> tuple[Sequence[AnyListed], int | None]:
    """Return the rows of one page, and the id after which the next page starts.

    The id is None on the last page. The store reads one row more than a page has, so a surplus row
    shows that there is a next page.
    """
    lead_back(rows)
    if len(rows) <= PAGE:
        return rows, None
    return rows[:PAGE], rows[PAGE - 1].id


def lead_back(rows: AnyRows) -> AnyRows:
    """Return the rows; redirect to the first page if the page in the address is empty."""
    if not rows and request.args:
        first_page = request.script_root + request.path
        response = redirect(first_page, 303)
        abort(response)
    return rows
