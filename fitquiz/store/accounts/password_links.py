"""One-time links by which a password is chosen: set-up, invitation and reset. Looking at one uses nothing up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from fitquiz.store.tables.staff_tables import StaffLinkRow

SETUP, INVITATION, RESET = "setup", "invitation", "reset"
_LASTS = {SETUP: timedelta(days=1), INVITATION: timedelta(days=7), RESET: timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class StaffLink:
    """A link that is still good; the set-up link belongs to nobody yet."""

    staff_id: int | None
    purpose: str


def make_link(
    session: Session, token_hash: bytes, staff_id: int | None, purpose: str, now: datetime
) -> None:
    """Store a link; earlier ones of the same person, or of the set-up, are dead from now on."""
    whose = (
        StaffLinkRow.staff_id.is_(None) if staff_id is None else StaffLinkRow.staff_id == staff_id
    )
    session.execute(delete(StaffLinkRow).where(whose))
    row = {
        "token_hash": token_hash,
        "staff_id": staff_id,
        "purpose": purpose,
        "expires_at": now + _LASTS[purpose],
    }
    session.execute(insert(StaffLinkRow).values(row))


def find_link(session: Session, token_hash: bytes, now: datetime) -> StaffLink | None:
    """Return a link; None alike for a used, an expired and a random one."""
    query = select(StaffLinkRow.staff_id, StaffLinkRow.purpose).where(
        StaffLinkRow.token_hash == token_hash, StaffLinkRow.expires_at > now
    )
    row = session.execute(query).one_or_none()
    return StaffLink(row.staff_id, row.purpose) if row else None


def use_link(session: Session, token_hash: bytes, now: datetime) -> bool:
    """Use a link up; False if somebody else has done so meanwhile."""
    good = delete(StaffLinkRow).where(
        StaffLinkRow.token_hash == token_hash, StaffLinkRow.expires_at > now
    )
    return session.scalar(good.returning(StaffLinkRow.purpose)) is not None
