"""Finds out how a database searches for rows: with an index, or by reading whole tables."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text

from fitquiz.store.engine.database import Database

GROWING = {
    *(
        "answer",
        "attempt",
        "deleted_attempt",
        "invitation",
        "link",
        "offer",
        "pending",
        "share",
        "throttle",
    ),
    *("ledger", "ledger_rollup", "ledger_statistic"),
}
"""The tables that grow with the number of respondents, or with the time of use."""

Executor = tuple[str, Any]
_WANTED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
_WITHOUT = ("seqscan", "hashjoin", "mergejoin")
"""Plans that PostgreSQL prefers for small tables. If PostgreSQL uses a disabled plan, no index fits."""


@contextmanager
def noting_asked(database: Database) -> Iterator[list[Executor]]:
    """Collect the SQL statements that run in the `with` block, each with its values."""
    asked: list[Executor] = []

    def note(
        _connection: object,
        _cursor: object,
        statement: str,
        values: Any,
        _context: object,
        many: bool,
    ) -> None:
        if statement.lstrip().startswith(_WANTED):
            asked.append((statement, values[0] if many else values))

    event.listen(database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine, "before_cursor_execute", note)


def list_scans(database: Database, asked: Iterable[Executor]) -> set[str]:
    """Return the statements that read a whole growing table, each with its plan."""
    once = dict(asked)
    find = _scans_of_sqlite if database.engine.dialect.name == "sqlite" else _scans_of_postgresql
    return {
        f"{found}: {statement}"
        for statement, values in once.items()
        for found in find(database, statement, values)
    }


def _scans_of_sqlite(database: Database, statement: str, values: Any) -> Iterator[str]:
    with database.engine.connect() as connection:
        for *_, step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
            kind, table, *_rest = f"{step} -".split()
            if kind == "SCAN" and table in GROWING:
                yield str(step)


def list_indexes(database: Database, asked: Iterable[Executor]) -> set[str]:
    """Return the names of the indexes that SQLite uses."""
    with database.engine.connect() as connection:
        steps = [
            str(step)
            for statement, values in dict(asked).items()
            for *_, step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    return {name for step in steps for name in re.findall(r"INDEX (\w+)", step)}


def _scans_of_postgresql(database: Database, statement: str, values: Any) -> Iterator[str]:
    with database.engine.connect() as connection:
        for each in _WITHOUT:
            connection.execute(text(f"SET LOCAL enable_{each} = off"))
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
        connection.rollback()
    for node in _walk(plan[0]["Plan"]):
        reads = node.get("Relation Name") in GROWING and node["Node Type"] != "ModifyTable"
        if reads and not {"Index Cond", "Recheck Cond"} & node.keys():
            yield f"{node['Node Type']} of {node['Relation Name']}"


def _walk(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for each in node.get("Plans", []):
        yield from _walk(each)


def list_wide_reads(database: Database, asked: Iterable[Executor], most: int) -> set[str]:
    """Return the statements for which PostgreSQL reads more rows of a table than allowed.

    This check also finds an index that leaves too many rows to read, for example an index on a flag.
    """
    wide = set()
    for statement, values in dict(asked).items():
        with database.engine.connect() as connection:
            plan = connection.exec_driver_sql(
                f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values
            ).scalar_one()
            connection.rollback()
        for node in _walk(plan[0]["Plan"]):
            if "Relation Name" in node and _count_read(node) > most:
                wide.add(
                    f"{node['Node Type']} of {_count_read(node)} in {node['Relation Name']}: {statement}"
                )
    return wide


def _count_read(node: Mapping[str, Any]) -> int:
    numbers = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return int(sum(node.get(each, 0) for each in numbers) * node["Actual Loops"])
