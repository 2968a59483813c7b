"""Seals: publishes what waits as batches with noise, once, and forgets it in the same transaction.

The sums are made by the database, so that a million waiting responses are read as one row a unit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import list_columns, read_plan
from fitquiz.core.groups.sealing import Batch, choose_batches, is_due, plan_groups, publish_counts
from fitquiz.core.groups.units import Path, read_path
from fitquiz.store.attempts.kept_packs import load_pack
from fitquiz.store.ledger.publishing import Published, publish
from fitquiz.store.ledger.reading import select_published
from fitquiz.store.tables.campaign_tables import CampaignRow, UnitRow
from fitquiz.store.tables.ledger_tables import PendingRow

Sums = Mapping[Path, tuple[int, ...]]
"""By unit: how many responses wait, then the sum of each column of the plan."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one seal did: how many batches and responses were published, and whether it was the campaign's last."""

    batches: int
    responses: int
    is_last: bool


def list_due(session: Session, today: date) -> list[int]:
    """Return the campaigns to seal: those that are over and not sealed for the last time, and those on schedule."""
    query = select(CampaignRow).where(CampaignRow.sealed_at.is_(None)).order_by(CampaignRow.id)
    return [
        each.id
        for each in session.scalars(query)
        if _is_over(each, today) or _is_on_schedule(each, today)
    ]


def seal_campaign(
    session: Session, campaign_id: int, now: datetime, randbelow: Callable[[int], int]
) -> Sealed | None:
    """Publish what is ready, with noise from `randbelow`; None if the campaign is gone or nothing is due any more.

    The campaign's row is held from here to the commit, so that no response comes or goes, and no other seal runs.
    """
    today = now.date()
    query = select(CampaignRow).where(
        CampaignRow.id == campaign_id, CampaignRow.sealed_at.is_(None)
    )
    campaign = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if campaign is None or not (_is_over(campaign, today) or _is_on_schedule(campaign, today)):
        return None
    is_last = _is_over(campaign, today)
    pack, plan = load_pack(session, campaign.content_hash), read_plan(campaign.statistics)
    columns, ids = list_columns(plan, pack), _read_units(session, campaign_id)
    sums = _sum_up(session, campaign_id, ids, len(columns))
    batches = _plan(session, campaign, sums, is_last)
    begins = campaign.ticked_on or campaign.opens_on
    period = (
        begins,
        max(begins, min(today, campaign.closes_on)),
    )  # Never backwards, whatever the clock does.
    published, whole = [], set(batches)
    for group, statistics in plan_groups(batches, plan, campaign.threshold).items():
        totals = [
            sum(column) for column in zip(*(sums[unit][1:] for unit in group.units), strict=True)
        ]
        counts = publish_counts(
            dict(zip(columns, totals, strict=True)), statistics, plan, randbelow
        )
        published.append(Published(group.path, group.n, group in whole, counts))
    publish(session, campaign_id, period, published)
    _forget(session, campaign_id, [ids[unit] for batch in batches for unit in batch.units])
    last = {"sealed_at": now} if is_last else {}
    session.execute(
        update(CampaignRow).where(CampaignRow.id == campaign_id).values(ticked_on=today, **last)
    )
    return Sealed(len(batches), sum(batch.n for batch in batches), is_last)


def _is_over(campaign: CampaignRow, today: date) -> bool:
    return campaign.closed_at is not None or campaign.closes_on < today


def _is_on_schedule(campaign: CampaignRow, today: date) -> bool:
    return is_due(campaign.sealing, campaign.opens_on, campaign.ticked_on, today)


def _plan(session: Session, campaign: CampaignRow, sums: Sums, is_last: bool) -> tuple[Batch, ...]:
    waiting = {unit: counts[0] for unit, counts in sums.items()}
    total = sum(waiting.values()) + (session.scalar(select(select_published(campaign.id))) or 0)
    return choose_batches(waiting, campaign.threshold, total >= campaign.split_from, is_last)


def _read_units(session: Session, campaign_id: int) -> Mapping[Path, int]:
    rows = session.execute(
        select(UnitRow.path, UnitRow.id).where(UnitRow.campaign_id == campaign_id)
    )
    return {(): 0} | {read_path(row.path): row.id for row in rows}


def _sum_up(session: Session, campaign_id: int, ids: Mapping[Path, int], columns: int) -> Sums:
    paths = {unit: path for path, unit in ids.items()}
    ones = [
        func.sum(case((func.substr(PendingRow.cells, at + 1, 1) == "1", 1), else_=0))
        for at in range(columns)
    ]
    query = select(PendingRow.unit_id, func.count(), *ones).where(
        PendingRow.campaign_id == campaign_id
    )
    return {
        paths[row[0]]: tuple(map(int, row[1:]))
        for row in session.execute(query.group_by(PendingRow.unit_id))
    }


def _forget(session: Session, campaign_id: int, units: list[int]) -> None:
    sealed = delete(PendingRow).where(
        PendingRow.campaign_id == campaign_id, PendingRow.unit_id.in_(units)
    )
    session.execute(sealed, execution_options={"synchronize_session": False})
