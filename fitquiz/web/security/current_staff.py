"""Who is signed in: asked of the database on every request, so that a right that is taken away is gone at once."""

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
from fitquiz.web.site.db import get_session, writing


def init_current_staff(app: Flask) -> None:
    """Send the cookie of a new sign-in, and let templates ask who is signed in."""
    app.after_request(_send_cookie)
    app.context_processor(lambda: {"find_staff": find_staff})


def find_staff() -> Staff | None:
    """Return who is signed in, or None."""
    if "staff" not in g:
        g.staff = _look_up()
    staff: Staff | None = g.staff
    return staff


def get_staff() -> Staff:
    """Return who is signed in; to be asked on staff's own pages only."""
    return find_staff() or abort(403)


def find_awaited_staff() -> Staff | None:
    """Return who has given a right password here and still owes a code, or None."""
    token = _read_token()
    return find_awaited(get_session(), hash_token(token), get_now()) if token else None


def sign_in(
    database_session: Session, staff: Staff, now: datetime, *, awaits_code: bool = False
) -> None:
    """Sign this browser in under a new token, with new form tokens; its earlier sign-in, if any, ends."""
    sign_out(database_session)
    g.staff_token = secrets.token_urlsafe(32)
    open_sign_in(
        database_session, hash_token(g.staff_token), staff.id, now, awaits_code=awaits_code
    )


def sign_out(database_session: Session) -> None:
    """Sign this browser out, and forget its form tokens."""
    if token := _read_token():
        end_sign_in(database_session, hash_token(token))
    session.clear()
    g.staff_token = ""


def _look_up() -> Staff | None:
    token, now = _read_token(), get_now()
    found = find_signed_in(get_session(), hash_token(token), now) if token else None
    if found is None:
        return None
    staff, seen_at = found
    if now - seen_at > SEEN_EVERY:
        with writing() as database_session:
            note_sign_in(database_session, hash_token(token), now)
    return staff


def _cookie_name() -> str:
    return "__Host-staff" if request.is_secure else "staff"


def _read_token() -> str:
    token = request.cookies.get(_cookie_name(), "")
    return token if TOKEN.match(token) else ""


def _send_cookie(response: Response) -> Response:
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
            _cookie_name(), secure=request.is_secure, httponly=True, samesite="Lax"
        )
    return response
