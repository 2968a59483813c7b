"""Sign-ins of staff. Each sign-in of a browser has one row.

After the row is deleted, every server process treats the browser as signed out.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.store.accounts.staff import Staff, find_staff
from fitquiz.store.tables.staff_tables import SignInRow

CODE_WITHIN = timedelta(minutes=10)
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
    """Store a sign-in. If `awaits_code` is true, the sign-in waits for the second factor."""
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
    idle: timedelta,
) -> tuple[Staff, datetime, datetime] | None:
    """Return the account of a signed-in browser, and when the sign-in began and was last used.

    `idle` is the time without use after which a sign-in ends.

    Return None in each of these cases:

    - The token is unknown.
    - The sign-in waits for the second factor.
    - The last use is more than `idle` ago.
    - The sign-in began more than ABSOLUTE ago, or its start is more than ABSOLUTE in the future.
    - The account is disabled.
    """
    query = select(SignInRow.staff_id, SignInRow.signed_in_at, SignInRow.seen_at).where(
        SignInRow.token_hash == token_hash,
        ~SignInRow.awaits_code,
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None

    # `signed_in_at` is in the future if the clock was set back after the sign-in.
    # Without `abs`, such a sign-in would last longer than ABSOLUTE.
    is_idle = now - row.seen_at > idle
    is_old = abs(now - row.signed_in_at) > ABSOLUTE
    if is_idle or is_old:
        return None

    staff = _find_enabled(session, row.staff_id)
    if staff is None:
        return None
    return staff, row.signed_in_at, row.seen_at


def find_awaited(session: Session, token_hash: bytes, now: datetime) -> Staff | None:
    """Return the account of a sign-in that waits for the second factor.

    Return None if no waiting sign-in has this token. Also return None if the sign-in began more
    than CODE_WITHIN ago, or if the account is disabled.
    """
    query = select(SignInRow.staff_id, SignInRow.signed_in_at).where(
        SignInRow.token_hash == token_hash,
        SignInRow.awaits_code,
    )
    row = session.execute(query).one_or_none()
    if row is None or now - row.signed_in_at > CODE_WITHIN:
        return None
    return _find_enabled(session, row.staff_id)


def note_sign_in(session: Session, token_hash: bytes, now: datetime) -> None:
    """Store `now` as the last use of a sign-in. An earlier moment never replaces a later moment."""
    earlier = update(SignInRow).where(
        SignInRow.token_hash == token_hash,
        SignInRow.seen_at < now,
    )
    session.execute(earlier.values(seen_at=now))


def end_sign_in(session: Session, token_hash: bytes) -> None:
    """Sign out the browser that has this token."""
    is_browser = SignInRow.token_hash == token_hash
    session.execute(delete(SignInRow).where(is_browser))


def _find_enabled(session: Session, staff_id: int) -> Staff | None:
    staff = find_staff(session, staff_id)
    if staff is None or staff.is_disabled:
        return None
    return staff
