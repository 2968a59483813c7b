"""Rows of a database as text that both databases can load: each table's columns with their kinds, then its rows."""

import json
import lzma
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    LargeBinary,
    column,
    insert,
    inspect,
    table,
    text,
)
from sqlalchemy.types import NullType, TypeEngine

from fitquiz.store.engine.database import WRITES, Database, open_database
from fitquiz.store.tables.base import Row, UtcDateTime
from fitquiz.store.upkeep.schema import make_config

Table = tuple[str, dict[str, str], list[dict[str, object]]]
FIRST = "0003"
KEPT = Path(__file__).parents[1] / "fixtures"
ROWS, RESULTS = KEPT / f"released-{FIRST}.jsonl.xz", KEPT / f"released-{FIRST}-results.json"
KINDS: dict[str, TypeEngine[Any]] = {
    "moment": UtcDateTime(),
    "date": Date(),
    "flag": Boolean(),
    "bytes": LargeBinary(),
    "plain": NullType(),
}


def write_rows(path: Path, target: Path) -> None:
    """Write every row of a SQLite file, and the statements that made its tables."""
    with closing(sqlite3.connect(path)) as database, target.open("wb") as file:
        lines = [
            json.dumps(each, ensure_ascii=False, separators=(",", ":"))
            for each in _list_lines(database)
        ]
        file.write(lzma.compress("\n".join(lines).encode(), preset=9))


def read_lines() -> Iterator[Any]:
    """Yield what is kept: first the statements, then for each table its name and columns, followed by its rows."""
    yield from map(json.loads, lzma.decompress(ROWS.read_bytes()).decode().split("\n"))


def load_kept(database: Database) -> None:
    """Make the tables of the kept schema in an empty database, and fill them."""
    if database.engine.dialect.name == "sqlite":
        Path(str(database.engine.url.database)).write_bytes(_make_file())
    else:
        _fill(database)


@cache
def _make_file() -> bytes:
    """Return a SQLite file of the kept schema. A run makes it once, since this takes half a second."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "fitquiz.db")
        database = open_database(f"sqlite:///{path}")
        _fill(database)
        database.engine.dispose()
        return path.read_bytes()


def _fill(database: Database) -> None:
    writing = database.engine.execution_options(**WRITES)
    with database.write_lock(), writing.begin() as connection:
        command.upgrade(make_config(connection), FIRST)
        for name, kinds, rows in read_tables():
            target = table(name, *(column(each, KINDS[kind]) for each, kind in kinds.items()))
            connection.execute(insert(target), rows)
            _set_sequence(connection, name)


@cache
def read_tables() -> tuple[Table, ...]:
    """Return each table with the kinds of its columns and its rows as Python has them."""
    return tuple(_read_tables())


def _read_tables() -> Iterator[Table]:
    name, kinds, rows = "", dict[str, str](), list[dict[str, object]]()
    for line in [*read_lines(), {"table": ""}]:
        if isinstance(line, list):
            rows.append(
                {each: _read(kinds[each], value) for each, value in zip(kinds, line, strict=True)}
            )
        elif "table" in line:
            if rows:
                yield name, kinds, rows
            name, kinds, rows = line["table"], line.get("columns", {}), []


def list_statements() -> list[str]:
    """Return the statements that made the kept schema on SQLite."""
    statements: list[str] = next(read_lines())["statements"]
    return statements


def _list_lines(database: sqlite3.Connection) -> Iterator[object]:
    yield {"statements": read_statements(database)}
    for each in Row.metadata.sorted_tables:
        yield {"table": each.name, "columns": {one.name: _find_kind(one) for one in each.columns}}
        names = ", ".join(f'"{one.name}"' for one in each.columns)
        keys = ", ".join(f'"{one.name}"' for one in each.primary_key)
        for row in database.execute(f"SELECT {names} FROM {each.name} ORDER BY {keys}"):
            yield [value.hex() if isinstance(value, bytes) else value for value in row]


def read_statements(database: sqlite3.Connection) -> list[str]:
    """Return the statements that made a file's tables, indexes and triggers."""
    query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'sqlite_sequence' ORDER BY name"
    return [sql for (sql,) in database.execute(query)]


def _find_kind(column: Column[Any]) -> str:
    kinds = {UtcDateTime: "moment", Date: "date", Boolean: "flag", LargeBinary: "bytes"}
    return next((kind for base, kind in kinds.items() if isinstance(column.type, base)), "plain")


def _read(kind: str, value: Any) -> object:
    if value is None:
        return None
    if kind == "moment":
        return datetime.fromisoformat(f"{value}+00:00")
    if kind == "date":
        return date.fromisoformat(value)
    return bytes.fromhex(value) if kind == "bytes" else bool(value) if kind == "flag" else value


def _set_sequence(connection: Connection, name: str) -> None:
    """Let PostgreSQL go on after the ids that have been given."""
    if connection.dialect.name != "postgresql":
        return
    if any(
        each["name"] == "id" and each["autoincrement"]
        for each in inspect(connection).get_columns(name)
    ):
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")
        )
