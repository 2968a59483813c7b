"""The rules for a restored database.

Without these rules, responses could be published twice.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Delete, Update, delete, or_, update
from sqlalchemy.orm import Session

from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.tables.campaign_tables import CampaignRow
from fitquiz.store.tables.ledger_tables import PendingRow
from fitquiz.store.tables.mail_tables import NoticeRow, OutboxRow
from fitquiz.store.tables.staff_tables import SignInRow, StaffLinkRow, ThrottleRow


@dataclass(frozen=True, slots=True)
class RestoreSummary:
    """The numbers of rows that the rules have changed.

    - `forgotten` is the number of deleted pending responses.
    - `ended` is the number of campaigns that were marked as sealed.
    - `restarted` is the number of campaigns that began a new period.
    """

    forgotten: int = 0
    ended: int = 0
    restarted: int = 0


def apply_restore_rules(
    session: Session, now: datetime, today: date, keeps_pending: bool
) -> RestoreSummary:
    """Delete all sign-ins, one-time links, rate limits and messages.

    The deletion is a second safeguard, because `copy_rows` does not copy these rows. With such rows,
    ended sign-ins and used one-time links could work again, and messages could be sent twice.

    If `keeps_pending` is true, do nothing else. If `keeps_pending` is false, also do this:

    - Delete all pending responses, because some of these responses may have been published after
      the backup.
    - Mark campaigns that have ended as sealed.
    - Begin a new period today in each campaign that has begun and has not ended.
    """
    for row in (SignInRow, StaffLinkRow, ThrottleRow, OutboxRow, NoticeRow):
        session.execute(delete(row))
    if keeps_pending:
        return RestoreSummary()

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
