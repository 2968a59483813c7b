"""Copies a whole database into another one of the same schema, whichever kinds the two are, row by row in chunks."""

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

VERSION = "alembic_version"
PASSING = (SignInRow.__tablename__, StaffLinkRow.__tablename__, ThrottleRow.__tablename__)
"""What holds for hours at most and must not outlive them in a copy: ways in, and who tried what when."""
_AT_ONCE, _LOT = 2000, 16_000
_KINDS: tuple[tuple[type[TypeEngine[Any]], TypeEngine[Any]], ...] = (
    (DateTime, UtcDateTime()),
    (Date, Date()),
    (Boolean, Boolean()),
    (LargeBinary, LargeBinary()),
)


def copy_rows(
    source: Connection, target: Connection, rest: Callable[[], object] = int
) -> dict[str, int]:
    """Copy every row of every table but the passing ones, and where the ids have come to; return how many rows went.

    `rest` is called after each lot of some 16,000 rows, a megabyte or two.

    The tables are asked of the source itself, not of the models, so that an older schema is copied as well. Rows come
    in the order of their keys: that of arrival, which PostgreSQL would show, goes nowhere.
    """
    counts = {}
    for each in list_tables(source):
        if each.name in PASSING:
            continue
        counts[each.name] = _copy_table(source, target, each, rest)
        if _has_ids(each):
            _set_last_id(target, each.name, _find_last_id(source, each.name))
    return counts


def count_rows(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        each.name: connection.scalar(select(func.count()).select_from(table(each.name))) or 0
        for each in list_tables(connection)
    }


def list_tables(connection: Connection) -> list[Table]:
    """Return all tables but the version's, those first that others refer to."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [each for each in metadata.sorted_tables if each.name != VERSION]


def _copy_table(
    source: Connection, target: Connection, found: Table, rest: Callable[[], object]
) -> int:
    plain = table(found.name, *(column(each.name, _find_kind(each.type)) for each in found.columns))
    query = select(plain).order_by(*(plain.c[each.name] for each in found.primary_key))
    rows = source.execution_options(stream_results=True, yield_per=_AT_ONCE).execute(query)
    copied = 0
    for chunk in rows.mappings().partitions(_AT_ONCE):
        target.execute(insert(plain), [dict(each) for each in chunk])
        copied += len(chunk)
        if copied % _LOT == 0:
            rest()
    return copied


def _find_kind(found: TypeEngine[Any]) -> TypeEngine[Any]:
    return next((kind for base, kind in _KINDS if isinstance(found, base)), NullType())


def _has_ids(found: Table) -> bool:
    """Whether the database itself gives out the ids; those of shares are random."""
    identity = found.columns.get("id")
    return (
        identity is not None
        and isinstance(identity.type, Integer)
        and not isinstance(identity.type, BigInteger)
    )


def _find_last_id(source: Connection, name: str) -> int:
    """The last id that was given; its row may be gone, and it must not be given again."""
    last = source.scalar(text(f'SELECT max(id) FROM "{name}"')) or 0  # noqa: S608 - a table's own name
    if source.dialect.name == "postgresql":
        sequence = source.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": name})
        given = text(f"SELECT last_value FROM {sequence} WHERE is_called")  # noqa: S608 - a sequence's own name
        return max(last, int((source.scalar(given) if sequence else 0) or 0))
    if not inspect(source).has_table("sqlite_sequence"):
        return int(last)
    kept = source.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name})
    return max(last, int(kept or 0))


def _set_last_id(target: Connection, name: str, last: int) -> None:
    values = {"name": name, "last": last}
    if last == 0:
        return
    if target.dialect.name == "postgresql":
        target.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), values)
        return
    target.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
    target.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values)
