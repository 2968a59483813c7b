"""Copies rows in chunks from a source database into a target database with an equal schema.

The source and the target can each be SQLite or PostgreSQL.
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
from fitquiz.store.tables.mail_tables import NoticeRow, OutboxRow
from fitquiz.store.tables.staff_tables import SignInRow, StaffLinkRow, ThrottleRow

VERSION_TABLE = "alembic_version"
NOT_COPIED = (
    SignInRow.__tablename__,
    StaffLinkRow.__tablename__,
    ThrottleRow.__tablename__,
    NoticeRow.__tablename__,
    OutboxRow.__tablename__,
)
"""The tables of sign-ins, one-time links, rate limits, notices and messages.

Rows of these tables are deleted after a short time. A copy would keep the rows for longer. A copy of
a message would also be sent a second time after a restore.
"""

_CHUNK_ROWS = 2000
_ROWS_BETWEEN_PAUSES = 16_000
"""The number of rows of a table after which `pause` is called. 16,000 rows have one or two megabytes."""

_TYPES: tuple[tuple[type[TypeEngine[Any]], TypeEngine[Any]], ...] = (
    (DateTime, UtcDateTime()),
    (Date, Date()),
    (Boolean, Boolean()),
    (LargeBinary, LargeBinary()),
)
"""Pairs of a column type and the type that copies the values of such a column.

SQLite and PostgreSQL store values of these column types differently.
"""


def copy_rows(
    source: Connection,
    target: Connection,
    pause: Callable[[], None] | None = None,
) -> dict[str, int]:
    """Copy all tables except NOT_COPIED. Return the number of copied rows of each table.

    Also copy the last generated id of each table, so that the target does not use an id again.

    The list of tables is read from `source`, because `source` can have an older schema than the
    table classes.

    Rows are copied in the order of their primary keys. In another order, the copy could reveal in
    which order answers arrived.

    Call `pause` after every _ROWS_BETWEEN_PAUSES rows of a table.
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
    """Return the number of rows of each table."""
    counts = {}
    for each in list_tables(connection):
        query = select(func.count()).select_from(table(each.name))
        counts[each.name] = connection.scalar(query) or 0
    return counts


def list_tables(connection: Connection) -> list[Table]:
    """Return all tables except Alembic's table.

    Each table comes after the tables to which its foreign keys refer.
    """
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
    """Return whether the database generates the ids of a table.

    Return False for ids of the type BIGINT. Only shares have such ids, and these ids are random.
    """
    id_column = found.columns.get("id")
    if id_column is None or isinstance(id_column.type, BigInteger):
        return False
    return isinstance(id_column.type, Integer)


def _find_last_id(source: Connection, name: str) -> int:
    """Return the last id that the database generated for a table.

    The target must not use this id again, even if the row with this id is deleted.
    """
    query = text(f'SELECT max(id) FROM "{name}"')  # noqa: S608 - `name` is a table of fitquiz
    largest_id = int(source.scalar(query) or 0)
    if source.dialect.name == "postgresql":
        return max(largest_id, _find_sequence_value(source, name))

    if not inspect(source).has_table("sqlite_sequence"):
        return largest_id
    given = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    last_given = source.scalar(given, {"name": name})
    return max(largest_id, int(last_given or 0))


def _find_sequence_value(source: Connection, name: str) -> int:
    """Return the last value of a table's sequence.

    Return 0 if the table has no sequence, or if the sequence is unused.
    """
    find = text("SELECT pg_get_serial_sequence(:name, 'id')")
    sequence = source.scalar(find, {"name": name})
    if sequence is None:
        return 0
    last_value = f"SELECT last_value FROM {sequence} WHERE is_called"  # noqa: S608 - from PostgreSQL
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
