"""One-time links, with which a person chooses a password.

A link has one of three purposes:

- `setup`: create the first account, and choose the password of this account.
- `invitation`: choose the first password of a new account.
- `reset`: choose another password after an administrator or an operator has reset the account.

Choosing a password uses up the link. Opening the page of the link does not use up the link. An
unused link ends after its time in `LIFETIMES`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from fitquiz.store.tables.staff_tables import StaffLinkRow

SETUP = "setup"
INVITATION = "invitation"
RESET = "reset"
LIFETIMES = {
    SETUP: timedelta(days=1),
    INVITATION: timedelta(days=7),
    RESET: timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class StaffLink:
    """A valid one-time link. A set-up link belongs to no account and has the `staff_id` None."""

    staff_id: int | None
    purpose: str


def make_link(
    session: Session,
    token_hash: bytes,
    staff_id: int | None,
    purpose: str,
    now: datetime,
) -> None:
    """Store a one-time link, and delete the earlier one-time links of the account.

    If `staff_id` is None, store a set-up link and delete the earlier set-up links.
    """
    # If `staff_id` is None, SQLAlchemy writes IS NULL.
    is_earlier = StaffLinkRow.staff_id == staff_id
    session.execute(delete(StaffLinkRow).where(is_earlier))

    row = {
        "token_hash": token_hash,
        "staff_id": staff_id,
        "purpose": purpose,
        "expires_at": now + LIFETIMES[purpose],
    }
    session.execute(insert(StaffLinkRow).values(row))


def find_link(session: Session, token_hash: bytes, now: datetime) -> StaffLink | None:
    """Return a one-time link. Return None if the link is unknown, used up or expired."""
    query = select(StaffLinkRow.staff_id, StaffLinkRow.purpose).where(
        StaffLinkRow.token_hash == token_hash,
        StaffLinkRow.expires_at > now,
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    return StaffLink(row.staff_id, row.purpose)


def find_standing_links(
    session: Session, token_hashes: Sequence[bytes], now: datetime
) -> set[bytes]:
    """Return those token hashes whose one-time links are neither used up nor expired."""
    query = select(StaffLinkRow.token_hash).where(
        StaffLinkRow.token_hash.in_(token_hashes),
        StaffLinkRow.expires_at > now,
    )
    return set(session.scalars(query))


def use_link(session: Session, token_hash: bytes, now: datetime) -> bool:
    """Use up a one-time link. Return False if the link is unknown, used up or expired."""
    use = delete(StaffLinkRow).where(
        StaffLinkRow.token_hash == token_hash,
        StaffLinkRow.expires_at > now,
    )
    return session.scalar(use.returning(StaffLinkRow.purpose)) is not None
