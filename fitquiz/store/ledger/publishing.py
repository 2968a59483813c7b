"""Stores groups of responses in the ledger, and adds their counts to the sums that reports read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from fitquiz.core.groups.reporting import ANSWERS
from fitquiz.core.groups.seal_rules import Count
from fitquiz.core.groups.unit_lists import Path, parent_of, read_path, write_path
from fitquiz.store.engine.upserts import Insert, insert_into
from fitquiz.store.tables.ledger_tables import (
    LedgerRollupRow,
    LedgerRow,
    LedgerStatisticRow,
)

_KEY_COLUMNS = ("campaign_id", "path", "statistic", "cell")
_SUM_COLUMNS = ("batches", "n", "count")


@dataclass(frozen=True, slots=True)
class Published:
    """A group of responses to publish. `n` is the exact number of responses.

    If a statistic needs a larger group than a batch, several batches are joined into a wider group.
    `is_batch` is False for a wider group.
    """

    path: Path
    n: int
    is_batch: bool
    counts: tuple[Count, ...]


def publish(
    session: Session,
    campaign_id: int,
    period: tuple[date, date],
    groups: Sequence[Published],
) -> None:
    """Store groups of responses with their counts, and add the counts to the sums for reports.

    The counts of a group are added to the sums of its unit and of all units above.
    `period` contains the first and the last day that the seal covers.

    At most three statements store all groups, so that other writers on SQLite do not wait for long.
    """
    if not groups:
        return

    period_from, period_to = period
    rows = [
        {
            "campaign_id": campaign_id,
            "period_from": period_from,
            "period_to": period_to,
            "path": write_path(group.path),
            "n": group.n,
            "is_batch": group.is_batch,
        }
        for group in groups
    ]
    insert_groups = insert(LedgerRow).returning(
        LedgerRow.id, sort_by_parameter_order=True
    )
    group_ids = session.scalars(insert_groups, rows).all()

    counts = [
        _write_count(count) | {"batch_id": group_id, "moved": count.moved}
        for group_id, group in zip(group_ids, groups, strict=True)
        for count in group.counts
    ]
    if counts:
        session.execute(insert(LedgerStatisticRow), counts)

    session.execute(_add_to_sums(session), _sum_up(campaign_id, groups))


def read_moved(session: Session, campaign_id: int) -> dict[tuple[Path, str, str], int]:
    """Return how much the earlier seals of a campaign have moved the counts of each group and cell."""
    row = LedgerStatisticRow
    query = (
        select(LedgerRow.path, row.statistic, row.cell, func.sum(row.moved))
        .join(LedgerRow, LedgerRow.id == row.batch_id)
        .where(LedgerRow.campaign_id == campaign_id)
        .group_by(LedgerRow.path, row.statistic, row.cell)
    )
    moved = {}
    for path, statistic, cell, number in session.execute(query):
        moved[read_path(path), statistic, cell] = int(number)
    return moved


def _sum_up(campaign_id: int, groups: Sequence[Published]) -> list[dict[str, Any]]:
    """Return one row for each sum that changes. The row contains the numbers to add."""
    sums: dict[tuple[object, ...], dict[str, Any]] = {}
    for group in groups:
        for row in _list_rollup_rows(campaign_id, group):
            key = tuple(row[name] for name in _KEY_COLUMNS)
            known = sums.get(key)
            if known is None:
                sums[key] = row
                continue
            for name in _SUM_COLUMNS:
                known[name] += row[name]
    return list(sums.values())


def _list_rollup_rows(campaign_id: int, group: Published) -> Iterator[dict[str, Any]]:
    """Yield the numbers that a group adds to the sums of its unit and of all units above."""
    for depth in range(len(group.path) + 1):
        path = group.path[:depth]
        parent = None
        if path:
            parent = write_path(parent_of(path))
        unit = {
            "campaign_id": campaign_id,
            "path": write_path(path),
            "parent": parent,
            "batches": 1,
            "n": group.n,
        }
        if group.is_batch:
            yield unit | {
                "statistic": ANSWERS,
                "cell": "",
                "noise": "0",
                "count": group.n,
            }
        for count in group.counts:
            yield unit | _write_count(count)


def _write_count(count: Count) -> dict[str, Any]:
    return {
        "statistic": count.statistic,
        "cell": count.cell,
        "noise": str(count.noise),
        "count": count.count,
    }


def _add_to_sums(session: Session) -> Insert:
    statement = insert_into(session, LedgerRollupRow)
    new_sums = {}
    for name in _SUM_COLUMNS:
        column = getattr(LedgerRollupRow, name)
        new_sums[name] = column + statement.excluded[name]
    return statement.on_conflict_do_update(
        index_elements=_KEY_COLUMNS,
        set_=new_sums,
    )
