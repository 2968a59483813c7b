"""The rules after a restore: nothing is published twice, and no old way in works again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Delete, Update, delete, or_, update
from sqlalchemy.orm import Session

from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.tables.campaign_tables import CampaignRow
from fitquiz.store.tables.ledger_tables import PendingRow
from fitquiz.store.tables.staff_tables import SignInRow, StaffLinkRow, ThrottleRow


@dataclass(frozen=True, slots=True)
class RestoreSummary:
    """How many waiting responses were deleted, and campaigns ended or given a new period."""

    forgotten: int = 0
    ended: int = 0
    restarted: int = 0


def apply_restore_rules(
    session: Session, now: datetime, keeps_waiting: bool
) -> RestoreSummary:
    """Delete sign-ins and one-time links, and responses that may have been published since.

    Somebody may have signed out, or used a link, after the backup was made. So all of these go.

    Waiting responses go too, unless `keeps_waiting`. Campaigns that are over then count as sealed.
    Campaigns that run begin a new period today.
    """
    for row in (SignInRow, StaffLinkRow, ThrottleRow):
        session.execute(delete(row))
    if keeps_waiting:
        return RestoreSummary()

    today = now.date()
    is_over = or_(CampaignRow.closed_at.is_not(None), CampaignRow.closes_on < today)
    unsealed = update(CampaignRow).where(
        CampaignRow.sealed_at.is_(None),
        CampaignRow.opens_on <= today,
    )
    end = unsealed.where(is_over).values(sealed_at=now, ticked_on=today)
    restart = unsealed.where(~is_over).values(ticked_on=today)
    return RestoreSummary(
        forgotten=_change(session, delete(PendingRow)),
        ended=_change(session, end),
        restarted=_change(session, restart),
    )


def _change(session: Session, statement: Delete | Update) -> int:
    return change_rows(session, statement, synchronize_session=False)
