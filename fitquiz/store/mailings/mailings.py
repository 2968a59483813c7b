"""Functions that make mailings, and show how far the messages are.

A mailing consists of an invitation and at most two reminders to each address. All messages are
stored in the outbox when the mailing is made. Therefore the reminders cannot depend on what people
have done since then.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from fitquiz.store.mailings.outbox import REFUSED, WAITING
from fitquiz.store.tables.mail_tables import MailingRow, OutboxRow

_MAX_VALUES = 1000
"""The largest number of rows or hashes in one statement, because databases limit this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMailing:
    """A mailing that is not stored yet.

    `sends_at` contains the moment from which each message can be sent. The invitation comes first.
    `reminder_days` contains the days of the reminders, for HR's page.
    """

    campaign_id: int
    site: str
    own_words: str
    sends_at: tuple[datetime, ...]
    reminder_days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class NewRecipient:
    """An encrypted address. `OutboxRow` describes the fields."""

    recipient: bytes
    stop_hash: bytes
    address_hash: bytes


@dataclass(frozen=True, slots=True)
class Mailing:
    """A stored mailing. `counts` contains the number of messages by message number and state.

    `counts` is empty after the campaign is over, because the messages are then deleted.
    """

    id: int
    people: int
    reminder_days: tuple[date, ...]
    created_at: datetime
    counts: Mapping[tuple[int, str], int]


Shuffle = Callable[[list[Any]], None]
"""A function that puts a list into random order."""


def create_mailing(
    session: Session,
    new: NewMailing,
    recipients: Sequence[NewRecipient],
    shuffle: Shuffle,
    now: datetime,
) -> int:
    """Store a mailing with all its messages, and return the id of the mailing.

    Each message gets its own random order. Otherwise, the order of the messages could reveal which
    invitation belongs to which address.
    """
    first, second = [*new.reminder_days, None, None][:2]
    values = {
        "campaign_id": new.campaign_id,
        "site": new.site,
        "own_words": new.own_words,
        "people": len(recipients),
        "first_reminder_on": first,
        "second_reminder_on": second,
        "created_at": now,
    }
    statement = insert(MailingRow).values(values).returning(MailingRow.id)
    mailing_id = int(session.scalars(statement).one())

    for number, sends_at in enumerate(new.sends_at):
        ordered = list(recipients)
        shuffle(ordered)
        rows = [_make_row(mailing_id, number, each, sends_at) for each in ordered]
        for start in range(0, len(rows), _MAX_VALUES):
            session.execute(insert(OutboxRow), rows[start : start + _MAX_VALUES])
    return mailing_id


def find_known_hashes(
    session: Session, campaign_id: int, hashes: Sequence[bytes]
) -> set[bytes]:
    """Return those address hashes to which the campaign already sends messages.

    People who have stopped the messages are included. Addresses to which the invitation could not
    be delivered are left out, so that HR can try again.
    """
    query = (
        select(OutboxRow.address_hash)
        .join(MailingRow, MailingRow.id == OutboxRow.mailing_id)
        .where(
            MailingRow.campaign_id == campaign_id,
            OutboxRow.address_hash.is_not(None),
            OutboxRow.state != REFUSED,
        )
    )
    known = {each for each in session.scalars(query) if each is not None}
    return known.intersection(hashes)


def list_mailings(session: Session, campaign_id: int) -> list[Mailing]:
    """Return the mailings of a campaign, the newest mailing first."""
    query = (
        select(MailingRow.__table__)
        .where(MailingRow.campaign_id == campaign_id)
        .order_by(MailingRow.id.desc())
    )
    rows = session.execute(query).all()
    counts = _count_messages(session, campaign_id)
    mailings = []
    for row in rows:
        days = (row.first_reminder_on, row.second_reminder_on)
        mailing = Mailing(
            id=row.id,
            people=row.people,
            reminder_days=tuple(day for day in days if day is not None),
            created_at=row.created_at,
            counts=counts.get(row.id, {}),
        )
        mailings.append(mailing)
    return mailings


def list_refused(session: Session, campaign_id: int) -> list[bytes]:
    """Return the encrypted addresses to which a message could not be delivered."""
    query = (
        select(OutboxRow.recipient)
        .join(MailingRow, MailingRow.id == OutboxRow.mailing_id)
        .where(
            MailingRow.campaign_id == campaign_id,
            OutboxRow.state == REFUSED,
        )
        .order_by(OutboxRow.id)
    )
    addresses = session.scalars(query)
    return [each for each in addresses if each is not None]


def _make_row(
    mailing_id: int, number: int, recipient: NewRecipient, sends_at: datetime
) -> dict[str, object]:
    return {
        "mailing_id": mailing_id,
        "number": number,
        "stop_hash": recipient.stop_hash,
        "address_hash": recipient.address_hash if number == 0 else None,
        "recipient": recipient.recipient,
        "state": WAITING,
        "tries": 0,
        "next_try_at": sends_at,
    }


def _count_messages(
    session: Session, campaign_id: int
) -> dict[int, Counter[tuple[int, str]]]:
    query = (
        select(
            MailingRow.id,
            OutboxRow.number,
            OutboxRow.state,
            func.count(),
        )
        .join(MailingRow, MailingRow.id == OutboxRow.mailing_id)
        .where(MailingRow.campaign_id == campaign_id)
        .group_by(MailingRow.id, OutboxRow.number, OutboxRow.state)
    )
    counts: dict[int, Counter[tuple[int, str]]] = {}
    for mailing_id, number, state, count in session.execute(query):
        counts.setdefault(mailing_id, Counter())[number, state] = count
    return counts
