"""Functions of the sender: claim messages for a while, and store what became of them.

A sender claims messages in one transaction, and sends the messages without a transaction. The
claim is a lease. If the sender dies, another sender may send its messages after the lease.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from fitquiz.store.campaigns.members import find_reply_address
from fitquiz.store.tables.campaign_tables import CampaignRow
from fitquiz.store.tables.mail_tables import MailingRow, OutboxRow

WAITING = "waiting"
SENT = "sent"
REFUSED = "refused"

LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedMessage:
    """A message that a sender has claimed.

    `recipient` is None if the recipient has stopped the messages. `reply_to` is the e-mail address
    of an owner, or empty if no owner can run the campaign.
    """

    id: int
    number: int
    stop_hash: bytes
    recipient: bytes | None
    tries: int
    site: str
    own_words: str
    title: str
    inviter: str
    languages: tuple[str, ...]
    closes_on: date
    reply_to: str


def has_due_message(session: Session, now: datetime, today: date) -> bool:
    """Return whether a sender can claim a message."""
    query = _select_due(now, today).limit(1)
    first_id = session.scalar(query)
    return first_id is not None


def claim_messages(
    session: Session,
    lease: bytes,
    now: datetime,
    today: date,
    max_messages: int,
) -> list[ClaimedMessage]:
    """Claim messages that are due, and return these messages. `lease` must be random.

    The messages of a paused campaign wait. The messages of a campaign that is over are not sent.
    """
    due = _select_due(now, today)
    ids = claim(session, due, lease, now, max_messages)
    if not ids:
        return []
    return _list_claimed(session, ids)


def claim(
    session: Session,
    due_ids: Select[int],
    lease: bytes,
    now: datetime,
    max_messages: int,
) -> Sequence[int]:
    """Store a lease of the first messages of `due_ids`, and return the ids of these messages."""
    query = (
        due_ids.order_by(OutboxRow.next_try_at, OutboxRow.id)
        .limit(max_messages)
        .with_for_update(skip_locked=True, of=OutboxRow)
    )
    ids = session.scalars(query).all()
    if ids:
        claimed = update(OutboxRow).where(OutboxRow.id.in_(ids))
        _execute(session, claimed.values(lease=lease, leased_until=now + LEASE))
    return ids


def is_still_wanted(session: Session, message_id: int, lease: bytes) -> bool:
    """Return whether a claimed message must still be sent.

    Return False if the recipient has stopped the messages since the claim, or if the campaign was
    closed, or if another sender has the lease.
    """
    query = select(OutboxRow.id).where(
        OutboxRow.id == message_id,
        OutboxRow.lease == lease,
        OutboxRow.recipient.is_not(None),
    )
    found = session.scalar(query)
    return found is not None


def mark_sent(session: Session, message_id: int, lease: bytes) -> None:
    """Mark a message as sent, and forget its address."""
    sent = {
        "state": SENT,
        "recipient": None,
    }
    _settle(session, message_id, lease, sent)


def postpone(
    session: Session, message_id: int, lease: bytes, next_try_at: datetime
) -> None:
    """Let a message be sent again from `next_try_at` on, and count the try."""
    later = {
        "tries": OutboxRow.tries + 1,
        "next_try_at": next_try_at,
    }
    _settle(session, message_id, lease, later)


def refuse_message(session: Session, message: ClaimedMessage, lease: bytes) -> None:
    """Mark a message as impossible to deliver. Its address stays, because HR sees the address.

    The later messages to the same address are not sent.
    """
    refuse(session, message.id, lease, keeps_recipient=True)
    later = update(OutboxRow).where(
        OutboxRow.stop_hash == message.stop_hash,
        OutboxRow.state == WAITING,
    )
    statement = later.values(
        state=REFUSED,
        recipient=None,
    )
    _execute(session, statement)


def refuse(
    session: Session, message_id: int, lease: bytes, keeps_recipient: bool
) -> None:
    """Mark one message as impossible to deliver."""
    refused: dict[str, Any] = {"state": REFUSED}
    if not keeps_recipient:
        refused["recipient"] = None
    _settle(session, message_id, lease, refused)


def drop_messages(session: Session, message_ids: Collection[int]) -> None:
    """Delete messages that can never be sent."""
    is_named = OutboxRow.id.in_(message_ids)
    statement = delete(OutboxRow).where(is_named)
    _execute(session, statement)


def release(session: Session, lease: bytes, next_try_at: datetime) -> None:
    """End a lease. The messages that were not sent can be claimed again from `next_try_at` on."""
    unsent = update(OutboxRow).where(
        OutboxRow.lease == lease,
        OutboxRow.state == WAITING,
    )
    statement = unsent.values(
        lease=None,
        leased_until=None,
        next_try_at=next_try_at,
    )
    _execute(session, statement)


def stop_messages(session: Session, stop_hash: bytes) -> None:
    """Forget the address of a recipient.

    The states of the messages do not change. Otherwise, HR would see that somebody has stopped the
    messages.
    """
    is_theirs = OutboxRow.stop_hash == stop_hash
    stopped = update(OutboxRow).where(is_theirs)
    statement = stopped.values(recipient=None)
    _execute(session, statement)


def forget_addresses(session: Session, campaign_id: int) -> None:
    """Delete all messages of a campaign, with their addresses."""
    is_of_campaign = MailingRow.campaign_id == campaign_id
    mailings = select(MailingRow.id).where(is_of_campaign)
    is_theirs = OutboxRow.mailing_id.in_(mailings)
    statement = delete(OutboxRow).where(is_theirs)
    _execute(session, statement)


def is_due(now: datetime) -> ColumnElement[bool]:
    """Return the condition for messages that wait, whose time has come, and that nobody sends."""
    is_free = or_(
        OutboxRow.leased_until.is_(None),
        OutboxRow.leased_until <= now,
    )
    return and_(
        OutboxRow.state == WAITING,
        OutboxRow.next_try_at <= now,
        is_free,
    )


def _select_due(now: datetime, today: date) -> Select[int]:
    return (
        select(OutboxRow.id)
        .join(MailingRow, MailingRow.id == OutboxRow.mailing_id)
        .join(CampaignRow, CampaignRow.id == MailingRow.campaign_id)
        .where(is_due(now), _is_running(today))
    )


def _is_running(today: date) -> ColumnElement[bool]:
    return and_(
        ~CampaignRow.is_paused,
        CampaignRow.closed_at.is_(None),
        CampaignRow.sealed_at.is_(None),
        CampaignRow.closes_on >= today,
    )


def _list_claimed(session: Session, ids: Sequence[int]) -> list[ClaimedMessage]:
    query = (
        select(
            OutboxRow.id,
            OutboxRow.number,
            OutboxRow.stop_hash,
            OutboxRow.recipient,
            OutboxRow.tries,
            MailingRow.site,
            MailingRow.own_words,
            CampaignRow.title,
            CampaignRow.inviter,
            CampaignRow.languages,
            CampaignRow.closes_on,
            MailingRow.campaign_id,
        )
        .join(MailingRow, MailingRow.id == OutboxRow.mailing_id)
        .join(CampaignRow, CampaignRow.id == MailingRow.campaign_id)
        .where(OutboxRow.id.in_(ids))
        .order_by(OutboxRow.next_try_at, OutboxRow.id)
    )
    rows = session.execute(query).mappings().all()
    addresses = {}
    for campaign_id in {row["campaign_id"] for row in rows}:
        addresses[campaign_id] = find_reply_address(session, campaign_id)
    messages = []
    for row in rows:
        values: dict[str, Any] = dict(row)
        values["languages"] = tuple(row["languages"].split())
        values["reply_to"] = addresses[values.pop("campaign_id")]
        messages.append(ClaimedMessage(**values))
    return messages


def _settle(
    session: Session, message_id: int, lease: bytes, values: dict[str, Any]
) -> None:
    """End the lease of a message and store `values`. Do nothing if another sender has the lease."""
    mine = update(OutboxRow).where(
        OutboxRow.id == message_id,
        OutboxRow.lease == lease,
    )
    statement = mine.values(
        **values,
        lease=None,
        leased_until=None,
    )
    _execute(session, statement)


def _execute(session: Session, statement: Any) -> None:
    options = {"synchronize_session": False}
    session.execute(statement, execution_options=options)
