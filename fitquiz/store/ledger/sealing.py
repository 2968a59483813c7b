"""Seals campaigns: publishes pending responses as batches with noise, and deletes the responses.

Publishing and deleting happen in one transaction. The database adds up the responses of each unit,
so that Python does not read up to a million rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from fitquiz.core.groups.agreeing_counts import make_counts_agree
from fitquiz.core.groups.counting import list_columns, read_plan
from fitquiz.core.groups.seal_rules import (
    Batch,
    choose_batches,
    is_due,
    plan_groups,
    publish_counts,
)
from fitquiz.core.groups.unit_lists import Path, read_path
from fitquiz.store.attempts.kept_packs import load_pack
from fitquiz.store.campaigns.factor_account import give_back
from fitquiz.store.ledger.publishing import Published, publish, read_moved
from fitquiz.store.ledger.reading import read_published_answers, select_published
from fitquiz.store.tables.campaign_tables import CampaignRow, UnitRow
from fitquiz.store.tables.ledger_tables import PendingRow

Column = tuple[str, str]
"""The name of a statistic, and the name of one of its cells."""
Sums = Mapping[Path, tuple[int, ...]]
"""A tuple of integers for each unit. The key is the path of the unit.

The first integer is the number of pending responses. The other integers are the exact counts of the
cells, in the order of the columns.
"""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The result of a seal.

    `batches` and `responses` are the numbers of published batches and of published responses.
    `is_last` is true for the campaign's final seal.
    """

    batches: int
    responses: int
    is_last: bool


def list_due(session: Session, today: date) -> list[int]:
    """Return the ids of the campaigns that are due for a seal.

    An open campaign is due on the days that its `sealing` sets, for example every 7 days. A campaign
    that has ended is due until its final seal.
    """
    query = (
        select(CampaignRow)
        .where(CampaignRow.sealed_at.is_(None))
        .order_by(CampaignRow.id)
    )
    campaigns = session.scalars(query)
    return [campaign.id for campaign in campaigns if _is_due(campaign, today)]


def seal_campaign(
    session: Session,
    campaign_id: int,
    now: datetime,
    today: date,
    randbelow: Callable[[int], int],
) -> Sealed | None:
    """Publish batches of a campaign with noise from `randbelow`. Delete the published responses.

    Each batch has at least as many responses as the campaign's threshold.

    If the only seal of a campaign publishes nothing, the campaign gives its odds factor back to the
    yearly account. This does not tell whether nobody or too few people answered.

    Return None if the campaign is deleted, not due, or has had its final seal.
    """
    campaign = _lock_unsealed(session, campaign_id)
    if campaign is None or not _is_due(campaign, today):
        return None
    is_last = _is_over(campaign, today)

    pack = load_pack(session, campaign.content_hash)
    plan = read_plan(campaign.statistics)
    columns = list_columns(plan, pack)
    unit_ids = _read_unit_ids(session, campaign_id)
    _drop_beyond_cap(session, campaign)
    sums = _sum_up(session, campaign_id, unit_ids, len(columns))

    batches = _choose_batches(session, campaign, sums, is_last)
    batch_set = set(batches)
    noisy_counts = {}
    for group, statistics in plan_groups(batches, plan, campaign.threshold).items():
        exact_counts = _add_up_units(columns, sums, group)
        noisy_counts[group] = publish_counts(exact_counts, statistics, plan, randbelow)

    published = []
    moved = read_moved(session, campaign_id)
    for group, counts in make_counts_agree(noisy_counts, moved).items():
        is_batch = group in batch_set
        published.append(
            Published(
                group.path,
                group.n,
                is_batch,
                counts,
            )
        )
    period = _find_period(campaign, today)
    publish(session, campaign_id, period, published)

    sealed_ids: list[int] = []
    for batch in batches:
        sealed_ids.extend(unit_ids[unit] for unit in batch.units)
    _delete_pending(session, campaign_id, sealed_ids)
    # A campaign from a backup has an earlier seal, because it may have been published.
    if is_last and campaign.ticked_on is None and not batches:
        give_back(session, campaign_id)
    _note_seal(session, campaign_id, now, today, is_last)
    responses = sum(batch.n for batch in batches)
    return Sealed(len(batches), responses, is_last)


def _add_up_units(
    columns: Sequence[Column], sums: Sums, group: Batch
) -> dict[Column, int]:
    """Return the exact count of each column, added up over all units of a group."""
    totals = dict.fromkeys(columns, 0)
    for unit in group.units:
        _, *counts = sums[unit]
        for column, count in zip(columns, counts, strict=True):
            totals[column] += count
    return totals


def _lock_unsealed(session: Session, campaign_id: int) -> CampaignRow | None:
    """Lock the row of a campaign until the commit, and return the row.

    Return None if the campaign is deleted or has had its final seal.

    The lock blocks other seals of the campaign, and all changes of its pending responses.
    SQLite has no row locks, but allows only one write transaction at a time.
    """
    query = (
        select(CampaignRow)
        .where(
            CampaignRow.id == campaign_id,
            CampaignRow.sealed_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalar(query)


def _is_due(campaign: CampaignRow, today: date) -> bool:
    if _is_over(campaign, today):
        return True
    ticked_on = campaign.ticked_on
    return is_due(campaign.sealing, campaign.opens_on, ticked_on, today)


def _is_over(campaign: CampaignRow, today: date) -> bool:
    is_closed = campaign.closed_at is not None
    is_past = campaign.closes_on < today
    return is_closed or is_past


def _find_period(campaign: CampaignRow, today: date) -> tuple[date, date]:
    """Return the first and the last day of the period that this seal covers."""
    first = campaign.ticked_on or campaign.opens_on
    last = min(today, campaign.closes_on)
    # If the clock was set back, `last` could be before `first`.
    last = max(first, last)
    return first, last


def _choose_batches(
    session: Session, campaign: CampaignRow, sums: Sums, is_last: bool
) -> tuple[Batch, ...]:
    """Return the batches to publish. No answer influences the choice of the batches."""
    pending = {unit: counts[0] for unit, counts in sums.items()}
    published = read_published_answers(session, campaign.id)
    total = published.get((), 0) + sum(pending.values())
    splits_units = total >= campaign.split_from
    return choose_batches(
        pending,
        campaign.threshold,
        splits_units,
        is_last,
        _find_room(session, campaign.id, published),
    )


def _find_room(
    session: Session, campaign_id: int, published: Mapping[Path, int]
) -> dict[Path, int]:
    """Return how many more responses each unit with a stated number of people can publish."""
    query = select(UnitRow.path, UnitRow.people).where(
        UnitRow.campaign_id == campaign_id,
        UnitRow.people.is_not(None),
    )
    room = {}
    for stored_path, people in session.execute(query):
        path = read_path(stored_path)
        answered = published.get(path, 0)
        room[path] = (people or 0) - answered
    return room


def _drop_beyond_cap(session: Session, campaign: CampaignRow) -> None:
    """Delete the pending responses beyond the cap of the campaign.

    The random keys decide which responses are deleted. The cap takes effect only at a seal.
    Otherwise, a refused response would reveal how many people have answered.
    """
    if campaign.cap is None:
        return
    published_query = select(select_published(campaign.id))
    published = session.scalar(published_query) or 0
    places = max(0, campaign.cap - published)
    kept = (
        select(PendingRow.key)
        .where(PendingRow.campaign_id == campaign.id)
        .order_by(PendingRow.key)
        .limit(places)
    )
    statement = delete(PendingRow).where(
        PendingRow.campaign_id == campaign.id,
        PendingRow.key.not_in(kept),
    )
    session.execute(statement, execution_options={"synchronize_session": False})


def _read_unit_ids(session: Session, campaign_id: int) -> Mapping[Path, int]:
    """Return a mapping from the path of each unit to the id of the unit.

    The whole campaign has the empty path and the id 0.
    """
    query = select(UnitRow.path, UnitRow.id).where(UnitRow.campaign_id == campaign_id)
    unit_ids: dict[Path, int] = {(): 0}
    for row in session.execute(query):
        path = read_path(row.path)
        unit_ids[path] = row.id
    return unit_ids


def _sum_up(
    session: Session,
    campaign_id: int,
    unit_ids: Mapping[Path, int],
    column_count: int,
) -> Sums:
    column_sums = []
    for position in range(1, column_count + 1):
        cell = func.substr(PendingRow.cells, position, 1)
        column_sums.append(func.sum(case((cell == "1", 1), else_=0)))
    query = (
        select(PendingRow.unit_id, func.count(), *column_sums)
        .where(PendingRow.campaign_id == campaign_id)
        .group_by(PendingRow.unit_id)
    )

    paths = {unit_id: path for path, unit_id in unit_ids.items()}
    sums: dict[Path, tuple[int, ...]] = {}
    for row in session.execute(query):
        unit_id, *counts = row
        sums[paths[unit_id]] = tuple(int(count) for count in counts)
    return sums


def _delete_pending(session: Session, campaign_id: int, unit_ids: list[int]) -> None:
    statement = delete(PendingRow).where(
        PendingRow.campaign_id == campaign_id,
        PendingRow.unit_id.in_(unit_ids),
    )
    session.execute(statement, execution_options={"synchronize_session": False})


def _note_seal(
    session: Session, campaign_id: int, now: datetime, today: date, is_last: bool
) -> None:
    changes: dict[str, object] = {"ticked_on": today}
    if is_last:
        changes["sealed_at"] = now
    statement = update(CampaignRow).where(CampaignRow.id == campaign_id)
    session.execute(statement.values(**changes))
