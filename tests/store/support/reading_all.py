"""Reads every row of a database."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, column, inspect, select, table

from fitquiz.store.engine.database import Database
from tests.released.keeping import (
    KINDS,
    RESULTS,
    read_tables,
)
from tests.released.opening import Statuses

SAID: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))
OPEN_PERSONAL = range(1000, 2000)
"""The numbers of the personal invitations to the campaign that is still open."""


def keep_released_fields(results: dict[str, Any]) -> dict[str, Any]:
    """Leave out the fields of result files that the release did not have."""
    for number, said in SAID["results"].items():
        numbers = said[3] if len(said) > 3 else None
        if numbers is not None:
            results[number][3] = {name: results[number][3][name] for name in numbers}
    return results


def find_said_statuses(links: Iterable[tuple[str, int, str]]) -> Statuses:
    """Return the statuses that the release gave to these links.

    The release answered 404 for a used personal invitation. Now its page is the page of an unused one.
    """
    said = {
        (kind, number): status
        for kind, by_status in SAID["statuses"].items()
        for status, numbers in by_status.items()
        for number in numbers
    }
    found: Statuses = {}
    for kind, number, _ in links:
        status = said[kind, number]
        if kind == "invitation" and number in OPEN_PERSONAL:
            status = "200"
        found.setdefault(kind, {}).setdefault(status, []).append(number)
    return found


def read_kept_rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the tables of the first released schema, with the columns of this schema."""
    found = {}
    for name, kinds, _ in read_tables():
        columns = [column(each, KINDS[kind]) for each, kind in kinds.items()]
        keys = inspect(connection).get_pk_constraint(name)["constrained_columns"]
        query = select(table(name, *columns)).order_by(*(column(each) for each in keys))
        found[name] = [tuple(row) for row in connection.execute(query)]
    return found


def read_all(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.engine.connect() as connection:
        return read_kept_rows(connection)
