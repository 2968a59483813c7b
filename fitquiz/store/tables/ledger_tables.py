"""The tables of the sealed ledger: pending responses, published batches, and sums for the reports.

Triggers make `ledger` and `ledger_statistic` append-only. HR's connection can read the three ledger
tables and nothing else.
"""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row

ANSWERS = "answers"
"""The rollup's statistic for the exact number of published responses."""


class PendingRow(Row):
    """A counted response that is not sealed yet. It has no time, no attempt and a random key.

    `unit_id` is 0 for the whole campaign. `cells` has a 1 or a 0 for each counted cell.
    """

    __tablename__ = "pending"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[int]
    cells: Mapped[str] = mapped_column(Text)


class LedgerRow(Row):
    """A published group: its labels from the top down, as JSON, its period and its exact size.

    Each response is in exactly one batch. Some statistics need a larger group, which joins several
    batches. Its row has `is_batch` false, because its responses are already in the batches.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ix_ledger_campaign_id_id", "campaign_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int]
    path: Mapped[str] = mapped_column(Text)
    period_from: Mapped[date] = mapped_column(Date)
    period_to: Mapped[date] = mapped_column(Date)
    n: Mapped[int]
    is_batch: Mapped[bool]


class LedgerStatisticRow(Row):
    """A published count. Its noise was added once, and `noise` is its published strength."""

    __tablename__ = "ledger_statistic"
    __table_args__ = ({"sqlite_with_rowid": False},)

    batch_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    statistic: Mapped[str] = mapped_column(String(20), primary_key=True)
    cell: Mapped[str] = mapped_column(String(60), primary_key=True)
    noise: Mapped[str] = mapped_column(String(10))
    count: Mapped[int]


class LedgerRollupRow(Row):
    """The sum of all batches of a unit and the units below it. Each seal adds to it.

    `parent` is the path one level up, NULL for the whole campaign. The statistic "answers" has one
    cell, "", and counts all responses.
    """

    __tablename__ = "ledger_rollup"
    __table_args__ = (
        Index("ix_ledger_rollup_campaign_id_parent", "campaign_id", "parent"),
        {"sqlite_with_rowid": False},
    )

    campaign_id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    statistic: Mapped[str] = mapped_column(String(20), primary_key=True)
    cell: Mapped[str] = mapped_column(String(60), primary_key=True)
    parent: Mapped[str | None] = mapped_column(Text)
    noise: Mapped[str] = mapped_column(String(10))
    batches: Mapped[int]
    n: Mapped[int]
    count: Mapped[int]
