"""Writes to the ledger: a batch once and for all, and with it the sums that reports read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from fitquiz.core.groups.sealing import Count
from fitquiz.core.groups.units import Path, parent_of, write_path
from fitquiz.store.engine.upserts import Insert, insert_into
from fitquiz.store.tables.ledger_tables import (
    ANSWERS,
    LedgerRollupRow,
    LedgerRow,
    LedgerStatisticRow,
)

_KEY, _ADDED = ("campaign_id", "path", "statistic", "cell"), ("batches", "n", "count")


@dataclass(frozen=True, slots=True)
class Published:
    """A batch as it goes into the ledger; `is_batch` is False for a wider group that only some statistics need."""

    path: Path
    n: int
    is_batch: bool
    counts: tuple[Count, ...]


def publish(
    session: Session, campaign_id: int, period: tuple[date, date], batches: Sequence[Published]
) -> None:
    """Write batches and their counts, and add them to the sums of their units and of every unit above.

    It takes three statements however many there are: on SQLite everybody who answers waits meanwhile.
    """
    if not batches:
        return
    common = {"campaign_id": campaign_id, "period_from": period[0], "period_to": period[1]}
    rows = [
        common | {"path": write_path(each.path), "n": each.n, "is_batch": each.is_batch}
        for each in batches
    ]
    ids = session.scalars(
        insert(LedgerRow).returning(LedgerRow.id, sort_by_parameter_order=True), rows
    ).all()
    counts = [
        {
            "batch_id": batch_id,
            "statistic": c.statistic,
            "cell": c.cell,
            "noise": str(c.noise),
            "count": c.count,
        }
        for batch_id, batch in zip(ids, batches, strict=True)
        for c in batch.counts
    ]
    if counts:
        session.execute(insert(LedgerStatisticRow), counts)
    session.execute(_add_up(session), _sum_up(campaign_id, batches))


def _sum_up(campaign_id: int, batches: Sequence[Published]) -> list[dict[str, Any]]:
    """Return what is added to each sum, one row a sum."""
    sums: dict[tuple[object, ...], dict[str, Any]] = {}
    for each in (each for batch in batches for each in _list_sums(campaign_id, batch)):
        known = sums.setdefault(tuple(each[name] for name in _KEY), each | dict.fromkeys(_ADDED, 0))
        for name in _ADDED:
            known[name] += each[name]
    return list(sums.values())


def _list_sums(campaign_id: int, batch: Published) -> Iterator[dict[str, Any]]:
    for depth in range(len(batch.path) + 1):
        path = batch.path[:depth]
        unit = {
            "campaign_id": campaign_id,
            "path": write_path(path),
            "parent": write_path(parent_of(path)) if path else None,
            "batches": 1,
            "n": batch.n,
        }
        if batch.is_batch:
            yield unit | {"statistic": ANSWERS, "cell": "", "noise": "0", "count": batch.n}
        for each in batch.counts:
            named = {
                "statistic": each.statistic,
                "cell": each.cell,
                "noise": str(each.noise),
                "count": each.count,
            }
            yield unit | named


def _add_up(session: Session) -> Insert:
    insertion = insert_into(session, LedgerRollupRow)
    added = {name: getattr(LedgerRollupRow, name) + insertion.excluded[name] for name in _ADDED}
    return insertion.on_conflict_do_update(index_elements=_KEY, set_=added)
