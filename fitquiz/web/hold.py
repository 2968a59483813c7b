"""A device's hold of its attempts: their tokens in cookies that last 30 minutes, or longer for who asks for it.

Addresses name an attempt by a handle; only the device that holds its token may open it.
"""

import re
from dataclasses import dataclass

from flask import Flask, Response, abort, g, request

from fitquiz.core.packs import Pack
from fitquiz.core.tickets import Ticket, open_ticket
from fitquiz.core.tokens import hash_token, name_token
from fitquiz.store.attempts import Attempt, find_attempt, find_attempts, find_receipt
from fitquiz.web.db import get_session, reading_once
from fitquiz.web.packs import pack_of_attempt

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")
MOST_HELD = 10
IDLE, KEPT = "idle", "kept"
SECONDS = {IDLE: 30 * 60, KEPT: 30 * 24 * 3600}


@dataclass(frozen=True, slots=True)
class Hold:
    """The tokens that a device holds, the newest first: until it is idle for 30 minutes, or kept for 30 days."""

    idle: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        """All of them."""
        return self.idle + self.kept


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for one attempt by the device that holds it."""

    token: str
    handle: str
    attempt: Attempt
    pack: Pack

    @property
    def ticket(self) -> Ticket:
        """Whether and where the result is counted."""
        return open_ticket(self.attempt.ticket, self.token)


def init_hold(app: Flask) -> None:
    """Renew the cookie with every answer that touches an attempt."""
    app.after_request(_send_cookie)


def read_hold() -> Hold:
    """Return what the request's device holds; a cookie that is not ours counts as none."""
    return Hold(_read_cookie(IDLE), _read_cookie(KEPT))


def take_hold(token: str, is_kept: bool) -> None:
    """Let the device hold one more attempt, the newest first."""
    hold = read_hold()
    idle = tuple(other for other in hold.idle if other != token)
    kept = tuple(other for other in hold.kept if other != token)
    g.hold = Hold(idle, (token, *kept)[:MOST_HELD]) if is_kept else Hold((token, *idle)[:MOST_HELD], kept)


def let_go() -> None:
    """Let the device hold nothing any more."""
    g.hold = Hold()


def load_visit(handle: str) -> Visit:
    """Return the attempt that an address names; 404 if this device does not hold it, 410 if it has been deleted."""
    hold = read_hold()
    token = next((token for token in hold.tokens if name_token(token) == handle), None) or abort(404)
    with reading_once() as connection:
        attempt = find_attempt(connection, hash_token(token))
    if attempt is None:
        abort(410 if find_receipt(get_session(), hash_token(token)) else 404)
    g.hold = hold
    return Visit(token, handle, attempt, pack_of_attempt(attempt.content_hash))


def load_deleted(handle: str) -> str:
    """Return the token that an address names, whether its attempt is still there or not; 404 if not held here."""
    return next((token for token in read_hold().tokens if name_token(token) == handle), None) or abort(404)


def list_visits(pack_id: str) -> list[Visit]:
    """Return the attempts at a pack that this device holds and that still exist: open ones first, then the newest."""
    visits = [visit for visit in list_held() if visit.pack.id == pack_id]
    newest_first = sorted(visits, key=lambda visit: visit.attempt.started_at, reverse=True)
    return sorted(newest_first, key=lambda visit: not visit.attempt.is_open)


def find_visit_of_invitation(invitation_id: int) -> Visit | None:
    """Return the attempt that this device has made by a personal invitation, if there is one."""
    return next((visit for visit in list_held() if visit.ticket.invitation_id == invitation_id), None)


def find_visit_of_link(link_id: int) -> Visit | None:
    """Return the attempt that this device has made by a counsellor's link: an open one first, then the newest."""
    made = [visit for visit in list_held() if visit.ticket.link_id == link_id]
    return min(made, key=lambda visit: (not visit.attempt.is_open, -visit.attempt.started_at.timestamp()), default=None)


def find_open_visit() -> Visit | None:
    """Return an attempt on this device that has something to answer or to send, if there is one."""
    return next((visit for visit in list_held() if visit.attempt.is_open), None)


def list_held() -> list[Visit]:
    """Return all attempts that this device holds and that still exist."""
    held = {hash_token(token): token for token in read_hold().tokens}
    return [
        Visit(held[key], name_token(held[key]), attempt, pack_of_attempt(attempt.content_hash))
        for key, attempt in find_attempts(get_session(), list(held)).items()
    ]


def _cookie_name(kind: str) -> str:
    name = "attempts" if kind == IDLE else "attempts-kept"
    return f"__Host-{name}" if request.is_secure else name


def _read_cookie(kind: str) -> tuple[str, ...]:
    prefix, *tokens = request.cookies.get(_cookie_name(kind), "").split(".")
    return tuple(token for token in tokens[:MOST_HELD] if prefix == kind and TOKEN.match(token))


def _send_cookie(response: Response) -> Response:
    hold: Hold | None = g.get("hold")
    if hold is None:
        return response
    for kind, tokens in ((IDLE, hold.idle), (KEPT, hold.kept)):
        name = _cookie_name(kind)
        if tokens:
            response.set_cookie(
                name,
                ".".join((kind, *tokens)),
                max_age=SECONDS[kind],
                secure=request.is_secure,
                httponly=True,
                samesite="Lax",
            )
        elif name in request.cookies:
            response.delete_cookie(name, secure=request.is_secure, httponly=True, samesite="Lax")
    return response
