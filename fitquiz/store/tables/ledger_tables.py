"""The tables of the sealed ledger: responses that wait, batches published once, and the sums that reports read.

`ledger` and `ledger_statistic` are append-only, by triggers. What HR reads is read on a connection that can see the
three ledger tables and nothing else.
"""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row

ANSWERS = "answers"
"""The rollup's own statistic: how many responses are published in all."""


class PendingRow(Row):
    """A counted response that waits to be sealed: no time, no attempt, no order but that of its random key.

    `unit_id` is 0 for the campaign as a whole; `cells` has a 1 or a 0 for each cell of the campaign's statistics.
    """

    __tablename__ = "pending"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[int]
    cells: Mapped[str] = mapped_column(Text)


class LedgerRow(Row):
    """A published batch: its labels as JSON from the top down ([] for the campaign), its period and its exact size.

    Each response is in one batch. A wider group, of which only statistics that need more people are published, is no
    batch of its own: its responses are in the batches that it is put together from.
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
    """A published count, with its noise in it once and for all."""

    __tablename__ = "ledger_statistic"
    __table_args__ = ({"sqlite_with_rowid": False},)

    batch_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    statistic: Mapped[str] = mapped_column(String(20), primary_key=True)
    cell: Mapped[str] = mapped_column(String(60), primary_key=True)
    noise: Mapped[str] = mapped_column(String(10))
    count: Mapped[int]


class LedgerRollupRow(Row):
    """The sum over all batches of a unit and the units below it, written when they are sealed.

    `parent` is the path one level up, NULL for the campaign. The statistic "answers" has one cell, "", and counts all.
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
