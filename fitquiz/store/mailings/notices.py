"""Functions that store notices to staff, and claim their messages for the sender.

A notice brings a one-time link, or says that a campaign was sealed, or that its report is shared.
Its message is in the outbox, and has the same lease, the same tries and the same states as the
messages of a mailing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from fitquiz.store.accounts.password_links import INVITATION, RESET
from fitquiz.store.mailings.outbox import WAITING, claim, is_due, refuse
from fitquiz.store.tables.campaign_tables import CampaignRow
from fitquiz.store.tables.mail_tables import NoticeRow, OutboxRow

SEALED = "sealed"
SHARED = "shared"
REPORT_KINDS = (SEALED, SHARED)
LINK_KINDS = (INVITATION, RESET)
KEPT = timedelta(days=7)
"""The time after which a notice and its message are deleted. No one-time link lives longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A notice that is not stored yet. `NoticeRow` and `OutboxRow` describe the fields."""

    staff_id: int
    kind: str
    site: str
    recipient: bytes
    language: str = ""
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedNotice:
    """The message of a notice, which a sender has claimed.

    `campaign_id`, `title` and `languages` describe the campaign. `title` is None and `languages` is
    empty if the notice is about no campaign.
    """

    id: int
    kind: str
    recipient: bytes | None
    tries: int
    site: str
    language: str
    campaign_id: int | None
    title: str | None
    languages: tuple[str, ...]


def add_notice(session: Session, new: NewNotice, now: datetime) -> None:
    """Store a notice and its message. The message is due at once."""
    notice = {
        "staff_id": new.staff_id,
        "campaign_id": new.campaign_id,
        "kind": new.kind,
        "site": new.site,
        "language": new.language,
        "created_at": now,
    }
    statement = insert(NoticeRow).values(notice).returning(NoticeRow.id)
    notice_id = session.scalars(statement).one()
    message = {
        "notice_id": notice_id,
        "number": 0,
        "recipient": new.recipient,
        "state": WAITING,
        "tries": 0,
        "next_try_at": now,
    }
    session.execute(insert(OutboxRow).values(message))


def add_link_notice(session: Session, new: NewNotice, now: datetime) -> None:
    """Store a notice with a one-time link. Delete the earlier links to the same staff member."""
    is_earlier = delete(NoticeRow).where(
        NoticeRow.staff_id == new.staff_id,
        NoticeRow.kind.in_(LINK_KINDS),
    )
    session.execute(is_earlier)
    add_notice(session, new, now)


def find_link_state(session: Session, staff_id: int) -> str | None:
    """Return the state of the newest message with a one-time link to a staff member.

    Return None if there is no such message, or if the message is no longer stored.
    """
    query = (
        select(OutboxRow.state)
        .join(NoticeRow, NoticeRow.id == OutboxRow.notice_id)
        .where(NoticeRow.staff_id == staff_id, NoticeRow.kind.in_(LINK_KINDS))
        .order_by(NoticeRow.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def has_due_notice(session: Session, now: datetime) -> bool:
    """Return whether a sender can claim the message of a notice."""
    query = _select_due(now).limit(1)
    return session.scalar(query) is not None


def claim_notices(
    session: Session, lease: bytes, now: datetime, max_messages: int
) -> list[ClaimedNotice]:
    """Claim messages of notices that are due, and return these messages. `lease` must be random."""
    ids = claim(session, _select_due(now), lease, now, max_messages)
    if not ids:
        return []
    query = (
        select(
            OutboxRow.id,
            OutboxRow.recipient,
            OutboxRow.tries,
            NoticeRow.kind,
            NoticeRow.site,
            NoticeRow.language,
            NoticeRow.campaign_id,
            CampaignRow.title,
            CampaignRow.languages,
        )
        .join(NoticeRow, NoticeRow.id == OutboxRow.notice_id)
        .outerjoin(CampaignRow, CampaignRow.id == NoticeRow.campaign_id)
        .where(OutboxRow.id.in_(ids))
        .order_by(OutboxRow.id)
    )
    notices = []
    for row in session.execute(query).mappings():
        values: dict[str, Any] = dict(row)
        values["languages"] = tuple((row["languages"] or "").split())
        notices.append(ClaimedNotice(**values))
    return notices


def refuse_notice(session: Session, message_id: int, lease: bytes) -> None:
    """Mark the message of a notice as impossible to deliver, and forget its address and its link."""
    refuse(session, message_id, lease, keeps_recipient=False)


def _select_due(now: datetime) -> Select[int]:
    return (
        select(OutboxRow.id)
        .join(NoticeRow, NoticeRow.id == OutboxRow.notice_id)
        .where(is_due(now))
    )
