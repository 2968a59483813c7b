"""A device's hold of its attempts: one cookie with their tokens; it lasts 30 minutes unless the respondent says longer.

Addresses name an attempt by a handle; only the device that holds its token may open it.
"""

import re
from dataclasses import dataclass

from flask import Flask, Response, abort, g, request

from fitquiz.core.packs import Pack
from fitquiz.core.tokens import hash_token, name_token
from fitquiz.store.attempts import Attempt, find_attempt, find_receipt
from fitquiz.web.db import get_session
from fitquiz.web.packs import pack_of_attempt

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")
MOST_HELD = 5
IDLE_SECONDS = 30 * 60
KEPT_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Hold:
    """The tokens that a device holds, the newest first, and whether it keeps them for 30 days."""

    tokens: tuple[str, ...]
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for one attempt by the device that holds it."""

    token: str
    handle: str
    attempt: Attempt
    pack: Pack


def init_hold(app: Flask) -> None:
    """Renew the cookie with every answer that touches an attempt."""
    app.after_request(_send_cookie)


def read_hold() -> Hold:
    """Return what the request's device holds; a cookie that is not ours counts as none."""
    kept, *tokens = request.cookies.get(_cookie_name(), "").split(".")
    return Hold(tuple(token for token in tokens[:MOST_HELD] if TOKEN.match(token)), kept == "kept")


def take_hold(token: str, is_kept: bool) -> None:
    """Let the device hold one more attempt, the newest first."""
    others = tuple(other for other in read_hold().tokens if other != token)
    g.hold = Hold((token, *others)[:MOST_HELD], is_kept)


def let_go() -> None:
    """Let the device hold nothing any more."""
    g.hold = None


def load_visit(handle: str) -> Visit:
    """Return the attempt that an address names; 404 if this device does not hold it, 410 if it has been deleted."""
    hold = read_hold()
    token = next((token for token in hold.tokens if name_token(token) == handle), None) or abort(404)
    attempt = find_attempt(get_session(), hash_token(token))
    if attempt is None:
        abort(410 if find_receipt(get_session(), hash_token(token)) else 404)
    g.hold = hold
    return Visit(token, handle, attempt, pack_of_attempt(get_session(), attempt.content_hash))


def load_deleted(handle: str) -> str:
    """Return the token that an address names, whether its attempt is still there or not; 404 if not held here."""
    return next((token for token in read_hold().tokens if name_token(token) == handle), None) or abort(404)


def find_newest_visit(pack_id: str) -> Visit | None:
    """Return the newest attempt at a pack that this device holds and that still exists."""
    for token in read_hold().tokens:
        attempt = find_attempt(get_session(), hash_token(token))
        pack = pack_of_attempt(get_session(), attempt.content_hash) if attempt else None
        if attempt and pack and pack.id == pack_id:
            return Visit(token, name_token(token), attempt, pack)
    return None


def _cookie_name() -> str:
    return "__Host-attempts" if request.is_secure else "attempts"


def _send_cookie(response: Response) -> Response:
    hold = g.get("hold", ...)
    if hold is None:
        response.delete_cookie(_cookie_name(), secure=request.is_secure, httponly=True, samesite="Lax")
    elif isinstance(hold, Hold):
        response.set_cookie(
            _cookie_name(),
            ".".join(("kept" if hold.is_kept else "idle", *hold.tokens)),
            max_age=KEPT_SECONDS if hold.is_kept else IDLE_SECONDS,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response
