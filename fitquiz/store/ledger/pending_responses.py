"""Stores, replaces and deletes pending responses.

A pending response is counted, but not sealed. Until the seal, the respondent can replace or
withdraw the response.

Every change locks the row of the campaign. Without the lock, a response could change during a seal.
SQLite has no row locks, but allows only one write transaction at a time.
"""

from datetime import date

from sqlalchemy import Select, delete, exists, func, literal, select, update
from sqlalchemy.orm import Session

from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.tables.campaign_tables import CampaignRow, UnitRow
from fitquiz.store.tables.ledger_tables import PendingRow


def add_response(
    session: Session,
    key: bytes,
    campaign: Campaign,
    unit_id: int,
    cells: str,
    today: date,
) -> bool:
    """Store a pending response under its key, and return True.

    The cap of the campaign refuses no response, because a refusal would reveal how many people have
    answered. The seal leaves out the responses beyond the cap.

    The first response sets `is_frozen`. If the clock is then set back to a day before the first day
    of the campaign, HR still cannot change the settings for counting.

    Store nothing and return False in each of these cases:

    - The campaign was deleted, or is over (`Campaign.is_over`).
    - `today` is before the first day or after the last day of the campaign.
    - The stored statistics of the campaign differ from `campaign.statistics`.
    - A response with this key exists.
    """
    # Each INSERT takes a shared lock on the row of the campaign. Before the INSERT, the first
    # response takes an exclusive lock, because the first response changes `is_frozen`.
    if not campaign.is_frozen:
        _lock_campaign(session, campaign.id, shared=False)

    new_row = _select_new_row(campaign, key, unit_id, cells, today)
    statement = (
        insert_into(session, PendingRow)
        .from_select(["key", "campaign_id", "unit_id", "cells"], new_row)
        .on_conflict_do_nothing()
        .returning(PendingRow.campaign_id)
    )
    if session.scalar(statement) is None:
        return False

    if not campaign.is_frozen:
        freeze = update(CampaignRow).where(CampaignRow.id == campaign.id)
        session.execute(freeze.values(is_frozen=True))
    return True


def replace_response(
    session: Session, key: bytes, campaign_id: int, cells: str
) -> bool:
    """Replace a pending response. Return False if no response with this key is pending."""
    _lock_campaign(session, campaign_id, shared=True)
    statement = update(PendingRow).where(PendingRow.key == key).values(cells=cells)
    return change_rows(session, statement) > 0


def withdraw_response(session: Session, key: bytes, campaign_id: int) -> bool:
    """Delete a pending response. Return False if no response with this key is pending."""
    _lock_campaign(session, campaign_id, shared=True)
    statement = delete(PendingRow).where(PendingRow.key == key)
    return change_rows(session, statement) > 0


def is_pending(session: Session, key: bytes) -> bool:
    """Return whether a response with this key is pending."""
    query = select(exists().where(PendingRow.key == key))
    return bool(session.scalar(query))


def _select_new_row(
    campaign: Campaign,
    key: bytes,
    unit_id: int,
    cells: str,
    today: date,
) -> Select[bytes, int, int, str]:
    """Return a query for the row to insert.

    The query returns no row if the campaign does not accept the response. If the unit has been
    deleted, the row contains the unit id 0, and the response counts only for the whole campaign.
    """
    existing_unit = (
        select(UnitRow.id)
        .where(UnitRow.id == unit_id, UnitRow.campaign_id == campaign.id)
        .scalar_subquery()
    )
    return (
        select(
            literal(key, PendingRow.key.type),
            CampaignRow.id,
            func.coalesce(existing_unit, 0),
            literal(cells),
        )
        .where(
            CampaignRow.id == campaign.id,
            CampaignRow.statistics == campaign.statistics,
            CampaignRow.closed_at.is_(None),
            CampaignRow.sealed_at.is_(None),
            CampaignRow.opens_on <= today,
            CampaignRow.closes_on >= today,
        )
        .with_for_update(read=True, of=CampaignRow)
    )


def _lock_campaign(session: Session, campaign_id: int, shared: bool) -> None:
    """Lock the row of a campaign until this transaction ends.

    If a seal of the campaign is running, wait until the seal ends. The lock then blocks other seals
    of the campaign. During a shared lock, other transactions can also take shared locks.
    """
    query = select(CampaignRow.id).where(CampaignRow.id == campaign_id)
    session.execute(query.with_for_update(read=shared))
