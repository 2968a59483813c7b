"""The signed-in staff member of a request.

Each request reads the account from the database. Therefore, the removal of a permission
takes effect at the next request.
"""

import secrets
from datetime import datetime, timedelta

from flask import Flask, Response, abort, current_app, g, request, session
from sqlalchemy.orm import Session

from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.accounts.sign_ins import (
    ABSOLUTE,
    SEEN_EVERY,
    end_sign_in,
    find_awaited,
    find_signed_in,
    note_sign_in,
    open_sign_in,
)
from fitquiz.store.accounts.staff import Staff
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session, writing

OWNER = "owner"
"""The key of the account's id in the browser session."""

COOKIE_NAMES = ("__Host-staff", "staff")
"""The names of the sign-in cookie over https and over http."""


def init_current_staff(app: Flask) -> None:
    """Set or delete the sign-in cookie in responses, and let templates call `find_staff`."""
    app.after_request(_set_cookie)
    app.context_processor(
        lambda: {"find_staff": find_staff, "count_seconds_left": count_seconds_left}
    )


def find_staff() -> Staff | None:
    """Return the signed-in staff member, or None if nobody is signed in.

    Read the database only once per request.
    """
    if "staff" not in g:
        g.staff = _read_staff()
    staff: Staff | None = g.staff
    return staff


def get_staff() -> Staff:
    """Return the signed-in staff member, or answer 403 if nobody is signed in.

    Call this function only in views of staff pages.
    """
    staff = find_staff()
    if staff is None:
        abort(403)
    return staff


def count_seconds_left() -> int:
    """Return the seconds until the sign-in ends, if the staff member does nothing more."""
    until: datetime = g.staff_until
    return int((until - get_now()).total_seconds())


def stay_signed_in() -> int:
    """Count this request as use of the sign-in, and return the seconds until the sign-in ends."""
    note_use(hash_token(_read_token()))
    del g.staff
    get_staff()
    return count_seconds_left()


def forget_staff() -> None:
    """Treat nobody as signed in for the rest of this request, without reading the database."""
    g.staff = None


def find_awaited_staff() -> Staff | None:
    """Return the staff member who entered the right password and must still enter a code.

    Return None for every other visitor.
    """
    token = _read_token()
    if not token:
        return None
    return find_awaited(get_session(), hash_token(token), get_now())


def sign_in(
    database_session: Session, staff: Staff, now: datetime, *, awaits_code: bool = False
) -> None:
    """Sign `staff` in, and end the earlier sign-in of this browser.

    The response sets a cookie with a random token. All earlier form tokens become invalid. The
    browser session contains the account until this browser signs out, also after the sign-in has
    ended.

    With `awaits_code`, the browser cannot open staff pages until the staff member enters a code of
    the second factor.
    """
    sign_out(database_session)
    session[OWNER] = staff.id
    g.staff_token = secrets.token_urlsafe(32)
    token_hash = hash_token(g.staff_token)
    open_sign_in(database_session, token_hash, staff.id, now, awaits_code=awaits_code)


def sign_out(database_session: Session) -> None:
    """Sign this browser out, and clear the browser session.

    All earlier form tokens become invalid.
    """
    token = _read_token()
    if token:
        end_sign_in(database_session, hash_token(token))
    session.clear()
    # Flask-WTF keeps the form token of the request here. A page of this request needs a new token.
    g.pop("csrf_token", None)
    g.staff_token = ""


def find_sign_in(token: str) -> tuple[Staff, datetime, datetime] | None:
    """Return the account of a sign-in, and when the sign-in began and was last used.

    Return None if the token is malformed, or if nobody is signed in with the token. This function
    needs the context of the app, but no request.
    """
    if not TOKEN.match(token):
        return None
    return find_signed_in(get_session(), hash_token(token), get_now(), _get_idle_time())


def _read_staff() -> Staff | None:
    token = _read_token()
    found = find_sign_in(token)
    if found is None:
        return None

    staff, signed_in_at, seen_at = found
    now = get_now()
    idle = _get_idle_time()
    # Store the time of the request at most once per SEEN_EVERY, to save database writes.
    if now - seen_at > SEEN_EVERY:
        seen_at = now
        note_use(hash_token(token))
    g.staff_until = min(seen_at + idle, signed_in_at + ABSOLUTE)
    return staff


def note_use(token_hash: bytes) -> None:
    """Store the time of this request as the last use of a sign-in."""
    with writing() as database_session:
        note_sign_in(database_session, token_hash, get_now())


def _get_idle_time() -> timedelta:
    minutes = current_app.extensions["fitquiz_settings"].staff_idle_minutes
    return timedelta(minutes=minutes)


def _cookie_name() -> str:
    over_https, over_http = COOKIE_NAMES
    return over_https if request.is_secure else over_http


def _read_token() -> str:
    """Return the token in the sign-in cookie.

    Return an empty string if the cookie is missing or malformed.
    """
    token = request.cookies.get(_cookie_name(), "")
    return token if TOKEN.match(token) else ""


def _set_cookie(response: Response) -> Response:
    """Set the sign-in cookie after a sign-in, and delete the cookie after a sign-out."""
    token: str | None = g.get("staff_token")
    if token:
        response.set_cookie(
            _cookie_name(),
            token,
            max_age=int(ABSOLUTE.total_seconds()),
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    elif token is not None:
        response.delete_cookie(
            _cookie_name(),
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response
