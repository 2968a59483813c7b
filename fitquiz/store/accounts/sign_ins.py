"""Sign-ins: one row for each browser. Deleting the row signs the browser out on every process."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.store.accounts.staff import Staff, find_staff
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.tables.staff_tables import SignInRow, StaffLinkRow, ThrottleRow

CODE_WITHIN = timedelta(minutes=10)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)


def open_sign_in(
    session: Session,
    token_hash: bytes,
    staff_id: int,
    now: datetime,
    *,
    awaits_code: bool = False,
) -> None:
    """Store a sign-in. With `awaits_code`, the second factor is still missing."""
    row = {
        "token_hash": token_hash,
        "staff_id": staff_id,
        "awaits_code": awaits_code,
        "signed_in_at": now,
        "seen_at": now,
    }
    session.execute(insert(SignInRow).values(row))


def find_signed_in(
    session: Session,
    token_hash: bytes,
    now: datetime,
) -> tuple[Staff, datetime] | None:
    """Return who is signed in with a token, and when the sign-in was last stored as in use.

    Return None if the token is unknown, the sign-in is over, or the account is disabled.
    """
    query = select(SignInRow.staff_id, SignInRow.signed_in_at, SignInRow.seen_at).where(
        SignInRow.token_hash == token_hash,
        ~SignInRow.awaits_code,
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None

    # A sign-in from the future is over too: turning the clock back must not lengthen it.
    is_idle = now - row.seen_at > IDLE
    is_old = abs(now - row.signed_in_at) > ABSOLUTE
    if is_idle or is_old:
        return None

    staff = _find_enabled(session, row.staff_id)
    if staff is None:
        return None
    return staff, row.seen_at


def find_awaited(session: Session, token_hash: bytes, now: datetime) -> Staff | None:
    """Return who gave the right password in this browser, and must still give the second factor."""
    query = select(SignInRow.staff_id, SignInRow.signed_in_at).where(
        SignInRow.token_hash == token_hash,
        SignInRow.awaits_code,
    )
    row = session.execute(query).one_or_none()
    if row is None or now - row.signed_in_at > CODE_WITHIN:
        return None
    return _find_enabled(session, row.staff_id)


def note_sign_in(session: Session, token_hash: bytes, now: datetime) -> None:
    """Store that a sign-in is in use. The stored moment never moves back."""
    earlier = update(SignInRow).where(
        SignInRow.token_hash == token_hash,
        SignInRow.seen_at < now,
    )
    session.execute(earlier.values(seen_at=now))


def end_sign_in(session: Session, token_hash: bytes) -> None:
    """Sign one browser out."""
    is_browser = SignInRow.token_hash == token_hash
    session.execute(delete(SignInRow).where(is_browser))


def purge_staff(session: Session, now: datetime, max_rows: int) -> int:
    """Delete sign-ins and links that are over, and rate limits that are full again.

    Return how many rows of rate limits were deleted, at most `max_rows`. There may be many of them,
    because visitors come from many addresses. Sign-ins and links are few.
    """
    is_idle = SignInRow.seen_at < now - IDLE
    earliest = now - ABSOLUTE
    latest = now + ABSOLUTE
    is_recent = SignInRow.signed_in_at.between(earliest, latest)
    session.execute(delete(SignInRow).where(is_idle | ~is_recent))

    is_expired = StaffLinkRow.expires_at < now
    session.execute(delete(StaffLinkRow).where(is_expired))

    now_ms = int(now.timestamp() * 1000)
    is_full = ThrottleRow.full_at < now_ms
    some_keys = select(ThrottleRow.key).where(is_full).limit(max_rows)
    forgiven = delete(ThrottleRow).where(is_full, ThrottleRow.key.in_(some_keys))
    return change_rows(session, forgiven)


def _find_enabled(session: Session, staff_id: int) -> Staff | None:
    staff = find_staff(session, staff_id)
    if staff is None or staff.is_disabled:
        return None
    return staff
