"""Sign-ins: one row a browser, so that each can be ended at once, on every process and for every copy of its cookie."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.store.accounts.staff import Staff, find_staff
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.tables.staff_tables import SignInRow, StaffLinkRow, ThrottleRow

CODE_WITHIN = timedelta(minutes=10)
IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)


def open_sign_in(
    session: Session, token_hash: bytes, staff_id: int, now: datetime, *, awaits_code: bool = False
) -> None:
    """Store that a browser has signed in, or has given a right password and still owes a code."""
    row = {
        "token_hash": token_hash,
        "staff_id": staff_id,
        "awaits_code": awaits_code,
        "signed_in_at": now,
        "seen_at": now,
    }
    session.execute(insert(SignInRow).values(row))


def find_signed_in(
    session: Session, token_hash: bytes, now: datetime
) -> tuple[Staff, datetime] | None:
    """Return who has signed in with a token, and when it was last noted; None if that is over or was never."""
    query = select(SignInRow.staff_id, SignInRow.signed_in_at, SignInRow.seen_at)
    row = session.execute(
        query.where(SignInRow.token_hash == token_hash, ~SignInRow.awaits_code)
    ).one_or_none()
    if row is None or now - row.seen_at > IDLE or abs(now - row.signed_in_at) > ABSOLUTE:
        return None  # Long before it was made counts as over too: a clock that is turned back must not lengthen it.
    staff = find_staff(session, row.staff_id)
    return None if staff is None or staff.is_disabled else (staff, row.seen_at)


def find_awaited(session: Session, token_hash: bytes, now: datetime) -> Staff | None:
    """Return who has given a right password in this browser just now and still owes a code."""
    query = select(SignInRow.staff_id, SignInRow.signed_in_at)
    row = session.execute(
        query.where(SignInRow.token_hash == token_hash, SignInRow.awaits_code)
    ).one_or_none()
    if row is None or now - row.signed_in_at > CODE_WITHIN:
        return None
    staff = find_staff(session, row.staff_id)
    return None if staff is None or staff.is_disabled else staff


def note_sign_in(session: Session, token_hash: bytes, now: datetime) -> None:
    """Note that a sign-in is in use; never backwards, should the clock have been turned back."""
    session.execute(
        update(SignInRow)
        .where(SignInRow.token_hash == token_hash, SignInRow.seen_at < now)
        .values(seen_at=now)
    )


def end_sign_in(session: Session, token_hash: bytes) -> None:
    """Sign one browser out."""
    session.execute(delete(SignInRow).where(SignInRow.token_hash == token_hash))


def purge_staff(session: Session, now: datetime, most: int) -> int:
    """Delete sign-ins and links that are over, and tries that are forgiven: of these at most so many; return how many.

    Staff are few. Tries are as many as the addresses that somebody comes from.
    """
    over = (SignInRow.seen_at < now - IDLE) | ~SignInRow.signed_in_at.between(
        now - ABSOLUTE, now + ABSOLUTE
    )
    session.execute(delete(SignInRow).where(over))
    session.execute(delete(StaffLinkRow).where(StaffLinkRow.expires_at < now))
    forgiven = ThrottleRow.full_at < int(now.timestamp() * 1000)
    some = select(ThrottleRow.key).where(forgiven).limit(most)
    return change_rows(session, delete(ThrottleRow).where(forgiven, ThrottleRow.key.in_(some)))
