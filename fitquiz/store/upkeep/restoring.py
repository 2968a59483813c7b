"""Keeps, after a restore, what was promised between the backup and now: nothing is sealed twice, nothing revives."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Delete, Update, delete, or_, update
from sqlalchemy.orm import Session

from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.tables.campaign_tables import CampaignRow
from fitquiz.store.tables.ledger_tables import PendingRow
from fitquiz.store.tables.staff_tables import SignInRow, StaffLinkRow, ThrottleRow


@dataclass(frozen=True, slots=True)
class Kept:
    """How many waiting responses were forgotten, how many campaigns were ended, and how many begin a new period."""

    forgotten: int = 0
    ended: int = 0
    begun_anew: int = 0


def keep_promises(session: Session, now: datetime, keeps_waiting: bool) -> Kept:
    """Make what was restored harmless.

    Whoever was signed out since, or has used a one-time link since, must not come in by it again: all of them go. What
    waited may have been published since, and must not be a second time: it is forgotten, campaigns that are over are
    sealed for good as they stand, and those that run begin a new period now, of which nothing can have been published.
    """
    for row in (SignInRow, StaffLinkRow, ThrottleRow):
        session.execute(delete(row))
    if keeps_waiting:
        return Kept()
    today = now.date()
    is_over = or_(CampaignRow.closed_at.is_not(None), CampaignRow.closes_on < today)
    unsealed = update(CampaignRow).where(
        CampaignRow.sealed_at.is_(None), CampaignRow.opens_on <= today
    )
    return Kept(
        forgotten=_count(session, delete(PendingRow)),
        ended=_count(session, unsealed.where(is_over).values(sealed_at=now, ticked_on=today)),
        begun_anew=_count(session, unsealed.where(~is_over).values(ticked_on=today)),
    )


def _count(session: Session, statement: Delete | Update) -> int:
    return change_rows(session, statement, synchronize_session=False)
