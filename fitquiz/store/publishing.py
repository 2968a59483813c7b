"""Writes to the ledger: a batch once and for all, and with it the sums that reports read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert
from sqlalchemy.orm import Session

from fitquiz.core.sealing import Count
from fitquiz.core.units import Path, parent_of, write_path
from fitquiz.store.ledger_models import ANSWERS, LedgerRollupRow, LedgerRow, LedgerStatisticRow
from fitquiz.store.upserts import Insert, insert_into


@dataclass(frozen=True, slots=True)
class Published:
    """A batch as it goes into the ledger; `is_batch` is False for a wider group that only some statistics need."""

    path: Path
    n: int
    is_batch: bool
    counts: tuple[Count, ...]


def publish(session: Session, campaign_id: int, period: tuple[date, date], batch: Published) -> None:
    """Write a batch and its counts, and add them to the sums of its unit and of every unit above."""
    row = {
        "campaign_id": campaign_id,
        "path": write_path(batch.path),
        "period_from": period[0],
        "period_to": period[1],
        "n": batch.n,
        "is_batch": batch.is_batch,
    }
    batch_id = session.scalar(insert(LedgerRow).values(row).returning(LedgerRow.id))
    rows = [
        {"batch_id": batch_id, "statistic": c.statistic, "cell": c.cell, "noise": str(c.noise), "count": c.count}
        for c in batch.counts
    ]
    if rows:
        session.execute(insert(LedgerStatisticRow), rows)
    session.execute(_add_up(session), list(_list_sums(campaign_id, batch)))


def _list_sums(campaign_id: int, batch: Published) -> Iterator[dict[str, object]]:
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
            named = {"statistic": each.statistic, "cell": each.cell, "noise": str(each.noise), "count": each.count}
            yield unit | named


def _add_up(session: Session) -> Insert:
    insertion = insert_into(session, LedgerRollupRow)
    added = {name: getattr(LedgerRollupRow, name) + insertion.excluded[name] for name in ("batches", "n", "count")}
    return insertion.on_conflict_do_update(index_elements=["campaign_id", "path", "statistic", "cell"], set_=added)
