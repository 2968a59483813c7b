"""Counted responses that wait to be sealed: added once, replaced or withdrawn by whoever holds the attempt's token.

Each of these holds the campaign's row, shared, so that none of them meets a seal half-way.
"""

from datetime import date

from sqlalchemy import Select, delete, exists, func, literal, select, update
from sqlalchemy.orm import Session

from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.ledger.reading import select_published
from fitquiz.store.tables.campaign_tables import CampaignRow, UnitRow
from fitquiz.store.tables.ledger_tables import PendingRow


def add_response(
    session: Session, key: bytes, campaign: Campaign, unit_id: int, cells: str, today: date
) -> bool:
    """Let a response wait under its key; False if the campaign is over, is full, or counts other things by now.

    One INSERT, but for a campaign's first response, which freezes it, and for one with a cap, which counts.
    """
    is_simple = campaign.is_frozen and campaign.cap is None
    if not is_simple:
        _hold(session, campaign.id, read=False)
    takes = _select_open(campaign, key, unit_id, cells, today)
    insert = insert_into(session, PendingRow).from_select(
        ["key", "campaign_id", "unit_id", "cells"], takes
    )
    if session.scalar(insert.on_conflict_do_nothing().returning(PendingRow.campaign_id)) is None:
        return False
    if not is_simple:
        session.execute(
            update(CampaignRow).where(CampaignRow.id == campaign.id).values(is_frozen=True)
        )
    return True


def replace_response(session: Session, key: bytes, campaign_id: int, cells: str) -> bool:
    """Replace what waits under a key; False if nothing waits there: it is sealed, or was withdrawn."""
    _hold(session, campaign_id)
    statement = update(PendingRow).where(PendingRow.key == key).values(cells=cells)
    return change_rows(session, statement) > 0


def withdraw_response(session: Session, key: bytes, campaign_id: int) -> bool:
    """Delete what waits under a key; False if nothing waits there: it is sealed, or was never counted."""
    _hold(session, campaign_id)
    return change_rows(session, delete(PendingRow).where(PendingRow.key == key)) > 0


def is_waiting(session: Session, key: bytes) -> bool:
    """Whether a response waits under a key."""
    return bool(session.scalar(select(exists().where(PendingRow.key == key))))


def _select_open(
    campaign: Campaign, key: bytes, unit_id: int, cells: str, today: date
) -> Select[bytes, int, int, str]:
    """The row to insert, or none if the campaign takes none. A unit that is gone counts as the whole."""
    unit = (
        select(UnitRow.id)
        .where(UnitRow.id == unit_id, UnitRow.campaign_id == campaign.id)
        .scalar_subquery()
    )
    row = (
        select(
            literal(key, PendingRow.key.type),
            CampaignRow.id,
            func.coalesce(unit, 0),
            literal(cells),
        )
        .where(CampaignRow.id == campaign.id, CampaignRow.statistics == campaign.statistics)
        .where(CampaignRow.closed_at.is_(None), CampaignRow.sealed_at.is_(None))
        .where(CampaignRow.opens_on <= today, CampaignRow.closes_on >= today)
        .with_for_update(read=True, of=CampaignRow)
    )
    if campaign.cap is None:
        return row
    waiting = select(func.count()).where(PendingRow.campaign_id == campaign.id).scalar_subquery()
    return row.where(waiting + func.coalesce(select_published(campaign.id), 0) < campaign.cap)


def _hold(session: Session, campaign_id: int, read: bool = True) -> None:
    """Wait for a seal that is under way, and keep the next one out until this transaction ends."""
    session.execute(
        select(CampaignRow.id).where(CampaignRow.id == campaign_id).with_for_update(read=read)
    )
