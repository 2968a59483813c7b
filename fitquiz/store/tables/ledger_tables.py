"""The tables of pending responses, published batches and counts, and sums for reports.

Triggers refuse to change or delete rows of `ledger` and `ledger_statistic`. HR's connection can
read only `ledger`, `ledger_statistic` and `ledger_rollup`.
"""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row


class PendingRow(Row):
    """A pending response. The row contains no time and no id of an attempt.

    `key` can be computed only from the token of the attempt.
    `unit_id` is 0 if the response counts only for the whole campaign.
    `cells` contains a 1 or a 0 for each cell that the campaign counts.
    """

    __tablename__ = "pending"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[int]
    cells: Mapped[str] = mapped_column(Text)


class LedgerRow(Row):
    """A published group of responses.

    `path` contains the label of the unit and the labels of all units above, as JSON. The label of
    the top level comes first. `n` is the exact number of responses. `period_from` and
    `period_to` are the first and the last day of the period that the seal covers.

    Each published response is in exactly one batch. If a statistic needs a larger group than a
    batch, several batches are joined into a wider group. `is_batch` is false for a wider group.
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
    """A published count, to which noise was added once.

    `noise` is α in P(z) ∝ α^|z|, the distribution of the drawn noise z. `noise` is stored as a
    fraction, for example "1/3".

    `moved` is the difference between the noisy count and `count`. A later seal makes up for the
    difference.
    """

    __tablename__ = "ledger_statistic"
    __table_args__ = ({"sqlite_with_rowid": False},)

    batch_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    statistic: Mapped[str] = mapped_column(String(20), primary_key=True)
    cell: Mapped[str] = mapped_column(String(60), primary_key=True)
    noise: Mapped[str] = mapped_column(String(10))
    count: Mapped[int]
    moved: Mapped[int]


class LedgerRollupRow(Row):
    """The sum of one cell over all published groups of a unit and its lower units.

    Each seal adds the counts of its published groups to the sums.

    `parent` is the path of the unit one level up. `parent` is NULL for the whole campaign.

    The statistic "answers" counts all published responses. The name of its only cell is empty.
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
