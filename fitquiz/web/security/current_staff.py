"""The signed-in staff member of a request.

Each request reads the account from the database. So a removed permission stops working at once.
"""

import secrets
from datetime import datetime

from flask import Flask, Response, abort, g, request, session
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


def init_current_staff(app: Flask) -> None:
    """Set the sign-in cookie on responses, and give templates `find_staff`."""
    app.after_request(_set_cookie)
    app.context_processor(lambda: {"find_staff": find_staff})


def find_staff() -> Staff | None:
    """Return the signed-in staff member. The database is asked once per request."""
    if "staff" not in g:
        g.staff = _read_staff()
    staff: Staff | None = g.staff
    return staff


def get_staff() -> Staff:
    """Return the signed-in staff member, or answer 403. For staff pages only."""
    staff = find_staff()
    if staff is None:
        abort(403)
    return staff


def find_awaited_staff() -> Staff | None:
    """Return the staff member who has entered the right password, but no code yet."""
    token = _read_token()
    if not token:
        return None
    return find_awaited(get_session(), hash_token(token), get_now())


def sign_in(
    database_session: Session, staff: Staff, now: datetime, *, awaits_code: bool = False
) -> None:
    """Sign this browser in with a new cookie and new form tokens. An earlier sign-in ends."""
    sign_out(database_session)
    g.staff_token = secrets.token_urlsafe(32)
    token_hash = hash_token(g.staff_token)
    open_sign_in(database_session, token_hash, staff.id, now, awaits_code=awaits_code)


def sign_out(database_session: Session) -> None:
    """Sign this browser out, and make its form tokens invalid."""
    token = _read_token()
    if token:
        end_sign_in(database_session, hash_token(token))
    session.clear()
    g.staff_token = ""


def _read_staff() -> Staff | None:
    token = _read_token()
    if not token:
        return None
    token_hash = hash_token(token)
    now = get_now()
    found = find_signed_in(get_session(), token_hash, now)
    if found is None:
        return None

    staff, seen_at = found
    # The time of the last request is stored at most once in SEEN_EVERY.
    if now - seen_at > SEEN_EVERY:
        with writing() as database_session:
            note_sign_in(database_session, token_hash, now)
    return staff


def _cookie_name() -> str:
    return "__Host-staff" if request.is_secure else "staff"


def _read_token() -> str:
    """Return the token in the sign-in cookie, or an empty text."""
    token = request.cookies.get(_cookie_name(), "")
    return token if TOKEN.match(token) else ""


def _set_cookie(response: Response) -> Response:
    """Set or delete the sign-in cookie if this request has signed somebody in or out."""
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
