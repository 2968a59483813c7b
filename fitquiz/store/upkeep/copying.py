"""Copies all rows into another database of the same schema, in chunks.

Each of the two may be SQLite or PostgreSQL.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.types import NullType, TypeEngine

from fitquiz.store.tables.base import UtcDateTime
from fitquiz.store.tables.staff_tables import SignInRow, StaffLinkRow, ThrottleRow

VERSION_TABLE = "alembic_version"
NOT_COPIED = (
    SignInRow.__tablename__,
    StaffLinkRow.__tablename__,
    ThrottleRow.__tablename__,
)
"""Sign-ins, one-time links and rate limits are short-lived. A copy must not keep them longer."""

_CHUNK_ROWS = 2000
_ROWS_BETWEEN_PAUSES = 16_000
"""One or two megabytes."""

_TYPES: tuple[tuple[type[TypeEngine[Any]], TypeEngine[Any]], ...] = (
    (DateTime, UtcDateTime()),
    (Date, Date()),
    (Boolean, Boolean()),
    (LargeBinary, LargeBinary()),
)
"""The types whose values the two databases write in different ways."""


def copy_rows(
    source: Connection,
    target: Connection,
    pause: Callable[[], None] | None = None,
) -> dict[str, int]:
    """Copy all tables but NOT_COPIED, and the last ids given. Return how many rows each table has.

    The tables come from the source, not from the models, so an older schema can be copied too.
    Rows are copied in the order of their keys, so the order in which answers arrived is lost.
    """
    counts = {}
    for each in list_tables(source):
        if each.name in NOT_COPIED:
            continue
        counts[each.name] = _copy_table(source, target, each, pause)
        if _has_generated_ids(each):
            last_id = _find_last_id(source, each.name)
            _set_last_id(target, each.name, last_id)
    return counts


def count_rows(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    counts = {}
    for each in list_tables(connection):
        query = select(func.count()).select_from(table(each.name))
        counts[each.name] = connection.scalar(query) or 0
    return counts


def list_tables(connection: Connection) -> list[Table]:
    """Return all tables but Alembic's. A table comes after those that it refers to."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [each for each in metadata.sorted_tables if each.name != VERSION_TABLE]


def _copy_table(
    source: Connection,
    target: Connection,
    found: Table,
    pause: Callable[[], None] | None,
) -> int:
    columns = [column(each.name, _find_type(each.type)) for each in found.columns]
    plain = table(found.name, *columns)
    keys = [plain.c[each.name] for each in found.primary_key]
    query = select(plain).order_by(*keys)

    streaming = source.execution_options(stream_results=True, yield_per=_CHUNK_ROWS)
    rows = streaming.execute(query).mappings()
    copied = 0
    for chunk in rows.partitions(_CHUNK_ROWS):
        target.execute(insert(plain), [dict(row) for row in chunk])
        copied += len(chunk)
        if pause is not None and copied % _ROWS_BETWEEN_PAUSES == 0:
            pause()
    return copied


def _find_type(found: TypeEngine[Any]) -> TypeEngine[Any]:
    for base, portable_type in _TYPES:
        if isinstance(found, base):
            return portable_type
    return NullType()


def _has_generated_ids(found: Table) -> bool:
    """Return whether the database generates the ids. (The ids of shares are random and large.)"""
    id_column = found.columns.get("id")
    if id_column is None or isinstance(id_column.type, BigInteger):
        return False
    return isinstance(id_column.type, Integer)


def _find_last_id(source: Connection, name: str) -> int:
    """Return the last id given in a table. It must not be reused, even if its row is deleted."""
    query = text(f'SELECT max(id) FROM "{name}"')  # noqa: S608 - the name of our own table
    largest_id = int(source.scalar(query) or 0)
    if source.dialect.name == "postgresql":
        return max(largest_id, _find_sequence_value(source, name))

    if not inspect(source).has_table("sqlite_sequence"):
        return largest_id
    given = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    last_given = source.scalar(given, {"name": name})
    return max(largest_id, int(last_given or 0))


def _find_sequence_value(source: Connection, name: str) -> int:
    """Return the last value of a table's sequence; 0 if it has none, or has not been used."""
    find = text("SELECT pg_get_serial_sequence(:name, 'id')")
    sequence = source.scalar(find, {"name": name})
    if sequence is None:
        return 0
    last_value = f"SELECT last_value FROM {sequence} WHERE is_called"  # noqa: S608 - our own
    return int(source.scalar(text(last_value)) or 0)


def _set_last_id(target: Connection, name: str, last_id: int) -> None:
    if last_id == 0:
        return
    values = {"name": name, "last_id": last_id}
    if target.dialect.name == "postgresql":
        change = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last_id)")
        target.execute(change, values)
        return
    target.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
    add = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last_id)")
    target.execute(add, values)
