"""Where in a long list the reader is: the address names the row that the page before ended with."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from flask import abort, redirect, request

from fitquiz.store.engine.paging import LARGEST_ID, PAGE

MOST_PAGES = 10_000


class Listed(Protocol):
    """A row of a list."""

    @property
    def id(self) -> int:
        """By which the next page is asked for."""


AnyListed = TypeVar("AnyListed", bound=Listed)
AnyRows = TypeVar("AnyRows", bound=Sequence[object])


def read_place(name: str) -> int | None:
    """Return the id that the address names, or None for the first page."""
    place = request.args.get(name, type=int)
    return None if place is None else max(0, min(place, LARGEST_ID))


def read_page() -> int:
    """Return the number of the page, from 0."""
    return max(0, min(request.args.get("page", 0, type=int), MOST_PAGES))


def cut(rows: Sequence[AnyListed]) -> tuple[Sequence[AnyListed], int | None]:
    """Return what one page shows, and by which id the next one is asked for, if there is one."""
    lead_back(rows)
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def lead_back(rows: AnyRows) -> AnyRows:
    """Return the rows; if the address names a page that has none (any more), lead to the first instead."""
    if not rows and request.args:
        abort(redirect(f"{request.script_root}{request.path}", 303))
    return rows
