"""One-time links for choosing a password: set-up, invitation and reset.

Opening a link does not use it up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from fitquiz.store.tables.staff_tables import StaffLinkRow

SETUP = "setup"
INVITATION = "invitation"
RESET = "reset"
_LIFETIMES = {
    SETUP: timedelta(days=1),
    INVITATION: timedelta(days=7),
    RESET: timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class StaffLink:
    """A valid link. `staff_id` is None for the set-up link, because there is no account yet."""

    staff_id: int | None
    purpose: str


def make_link(
    session: Session,
    token_hash: bytes,
    staff_id: int | None,
    purpose: str,
    now: datetime,
) -> None:
    """Store a link, and delete earlier links of the same account (or the earlier set-up link)."""
    # For None, SQLAlchemy writes IS NULL.
    is_earlier = StaffLinkRow.staff_id == staff_id
    session.execute(delete(StaffLinkRow).where(is_earlier))

    row = {
        "token_hash": token_hash,
        "staff_id": staff_id,
        "purpose": purpose,
        "expires_at": now + _LIFETIMES[purpose],
    }
    session.execute(insert(StaffLinkRow).values(row))


def find_link(session: Session, token_hash: bytes, now: datetime) -> StaffLink | None:
    """Return a valid link. Return None if it is unknown, used or expired."""
    query = select(StaffLinkRow.staff_id, StaffLinkRow.purpose).where(
        StaffLinkRow.token_hash == token_hash,
        StaffLinkRow.expires_at > now,
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    return StaffLink(row.staff_id, row.purpose)


def use_link(session: Session, token_hash: bytes, now: datetime) -> bool:
    """Use a link up. Return False if it is no longer valid."""
    use = delete(StaffLinkRow).where(
        StaffLinkRow.token_hash == token_hash,
        StaffLinkRow.expires_at > now,
    )
    return session.scalar(use.returning(StaffLinkRow.purpose)) is not None
