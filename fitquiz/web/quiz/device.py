"""A device's hold of its attempts: their tokens in cookies that last 30 minutes, or longer for who asks for it.

Addresses name an attempt by a handle; only the device that holds its token may open it.
"""

from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from flask import Flask, Response, abort, current_app, g, request
from werkzeug.http import dump_cookie

from fitquiz.core.packs import Pack
from fitquiz.core.result.scoring import Answers
from fitquiz.core.secrets.tickets import Ticket, open_ticket
from fitquiz.core.secrets.tokens import TOKEN, hash_token, name_token
from fitquiz.store.attempts.attempts import (
    Attempt,
    find_attempt,
    find_attempts,
    find_receipt,
    glance_at,
)
from fitquiz.web.site.db import autocommit_reading, get_session
from fitquiz.web.site.installed_packs import pack_of_attempt

MOST_HELD = 10
MOST_SEEN = 5000
IDLE, KEPT = "idle", "kept"
_VALUE = "tokens"
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
class LastSeen:
    """How an attempt stood when this process last read it: enough to store an answer, if it still stands so."""

    token_hash: bytes
    handle: str
    pack: Pack
    open_parts: tuple[str, ...]

    @property
    def content_hash(self) -> str:
        """The pack as it was taken."""
        return self.pack.content_hash


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

    @property
    def seen(self) -> LastSeen:
        """How it stands, for an answer."""
        return LastSeen(self.attempt.token_hash, self.handle, self.pack, self.attempt.open_parts)


def init_hold(app: Flask) -> None:
    """Renew the cookie with every answer that touches an attempt."""
    app.after_request(_send_cookie)
    app.extensions["fitquiz_last_seen"] = {}


def read_hold() -> Hold:
    """Return what the request's device holds; a cookie that is not ours counts as none."""
    return Hold(_read_cookie(IDLE), _read_cookie(KEPT))


def take_hold(token: str, is_kept: bool) -> None:
    """Let the device hold one more attempt, the newest first."""
    hold = read_hold()
    idle = tuple(other for other in hold.idle if other != token)
    kept = tuple(other for other in hold.kept if other != token)
    g.hold = (
        Hold(idle, (token, *kept)[:MOST_HELD])
        if is_kept
        else Hold((token, *idle)[:MOST_HELD], kept)
    )


def let_go() -> None:
    """Let the device hold nothing any more."""
    g.hold = Hold()


def load_visit(handle: str) -> Visit:
    """Return the attempt that an address names; 404 if this device does not hold it, 410 if it has been deleted."""
    hold, token = _find_token(handle)
    with autocommit_reading() as connection:
        attempt = find_attempt(connection, hash_token(token))
    if attempt is None:
        _refuse_gone(token)
    g.hold = hold
    visit = Visit(token, handle, attempt, pack_of_attempt(attempt.content_hash))
    _note(visit.seen)
    return visit


def look_at_item(handle: str, item_id: str) -> tuple[LastSeen, Answers]:
    """Return how an attempt stands and the item's answer, if it has been seen; 404 and 410 as in a visit."""
    hold, token = _find_token(handle)
    token_hash = hash_token(token)
    with autocommit_reading() as connection:
        glance = glance_at(connection, token_hash, item_id)
    if glance is None:
        _refuse_gone(token)
    g.hold = hold
    seen = LastSeen(token_hash, handle, pack_of_attempt(glance.content_hash), glance.open_parts)
    _note(seen)
    return seen, glance.answers


def recall_attempt(handle: str) -> LastSeen | None:
    """Return how an attempt stood, without asking the database: that took a third of an answer's time.

    None if this process has not read it. It may be gone by now; whoever stores an answer asks in the same statement.
    """
    hold, token = _find_token(handle)
    seen: LastSeen | None = current_app.extensions["fitquiz_last_seen"].get(hash_token(token))
    if seen:
        g.hold = hold
    return seen


def load_deleted(handle: str) -> str:
    """Return the token that an address names, whether its attempt is still there or not; 404 if not held here."""
    return _find_token(handle)[1]


def list_visits(pack_id: str) -> list[Visit]:
    """Return the attempts at a pack that this device holds and that still exist: open ones first, then the newest."""
    visits = [visit for visit in list_held() if visit.pack.id == pack_id]
    newest_first = sorted(visits, key=lambda visit: visit.attempt.started_at, reverse=True)
    return sorted(newest_first, key=lambda visit: not visit.attempt.is_open)


def find_visit_of_invitation(invitation_id: int) -> Visit | None:
    """Return the attempt that this device has made by a personal invitation, if there is one."""
    return next(
        (visit for visit in list_held() if visit.ticket.invitation_id == invitation_id), None
    )


def find_visit_of_link(link_id: int) -> Visit | None:
    """Return the attempt that this device has made by a counsellor's link: an open one first, then the newest."""
    made = [visit for visit in list_held() if visit.ticket.link_id == link_id]
    return min(
        made,
        key=lambda visit: (not visit.attempt.is_open, -visit.attempt.started_at.timestamp()),
        default=None,
    )


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


def _find_token(handle: str) -> tuple[Hold, str]:
    hold = read_hold()
    return hold, next(
        (token for token in hold.tokens if name_token(token) == handle), None
    ) or abort(404)


def _refuse_gone(token: str) -> NoReturn:
    g.pop("hold", None)  # What is gone is not held any longer than it was.
    abort(410 if find_receipt(get_session(), hash_token(token)) else 404)


def _note(seen: LastSeen) -> None:
    kept: dict[bytes, LastSeen] = current_app.extensions["fitquiz_last_seen"]
    if len(kept) >= MOST_SEEN:
        kept.clear()
    kept[seen.token_hash] = seen


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
            cookie = _make_cookie(name, SECONDS[kind], request.is_secure)
            response.headers.add("Set-Cookie", cookie.replace(_VALUE, ".".join((kind, *tokens)), 1))
        elif name in request.cookies:
            response.delete_cookie(name, secure=request.is_secure, httponly=True, samesite="Lax")
    return response


@cache
def _make_cookie(name: str, seconds: int, is_secure: bool) -> str:
    """What a cookie's header says but for the value: to put it together for each answer took 15 µs."""
    return dump_cookie(
        name,
        _VALUE,
        max_age=seconds,
        secure=is_secure,
        httponly=True,
        samesite="Lax",
        sync_expires=False,
    )
