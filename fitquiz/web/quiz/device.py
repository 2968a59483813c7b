"""The browser that holds attempts: it keeps their secret tokens in two cookies.

The address of a page names an attempt by its handle. Only a browser that has the attempt's token
may open the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from flask import Flask, Response, abort, g, request
from werkzeug.http import dump_cookie

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import Ticket, open_ticket
from fitquiz.core.secrets.tokens import TOKEN, hash_token, make_handle
from fitquiz.store.attempts.attempts import Attempt, find_attempt, find_attempts
from fitquiz.store.attempts.deletion import find_receipt
from fitquiz.web.site.database_session import autocommit_reading, get_session
from fitquiz.web.site.installed_packs import pack_of_attempt

MAX_TOKENS = 10
IDLE = "idle"
KEPT = "kept"
COOKIE_SECONDS = {IDLE: 30 * 60, KEPT: 30 * 24 * 3600}


@dataclass(frozen=True, slots=True)
class DeviceTokens:
    """The tokens in a browser's cookies, the newest first in each.

    The cookie with `idle` tokens ends after 30 minutes without use, the one with `kept` tokens
    after 30 days.
    """

    idle: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """The tokens of both cookies."""
        return self.idle + self.kept


@dataclass(frozen=True, slots=True)
class HeldAttempt:
    """An attempt that the request's browser holds, with its token and its pack."""

    token: str
    handle: str
    attempt: Attempt
    pack: Pack

    @property
    def ticket(self) -> Ticket:
        """Where the result is counted, and by whose link the attempt came."""
        return open_ticket(self.attempt.ticket, self.token)


def init_device(app: Flask) -> None:
    """Renew the cookies in every response to a request that opened an attempt."""
    app.after_request(_send_cookies)


def read_tokens() -> DeviceTokens:
    """Return the tokens in the request's cookies. A foreign or damaged cookie has no tokens."""
    return DeviceTokens(_read_cookie(IDLE), _read_cookie(KEPT))


def remember_attempt(token: str, is_kept: bool) -> None:
    """Put a token first in its cookie. Tokens beyond MAX_TOKENS are forgotten, the oldest first."""
    tokens = read_tokens()
    idle = [other for other in tokens.idle if other != token]
    kept = [other for other in tokens.kept if other != token]
    if is_kept:
        kept.insert(0, token)
    else:
        idle.insert(0, token)
    g.device_tokens = DeviceTokens(tuple(idle[:MAX_TOKENS]), tuple(kept[:MAX_TOKENS]))


def forget_all_attempts() -> None:
    """Delete the cookies of this browser."""
    g.device_tokens = DeviceTokens()


def load_held_attempt(handle: str, item_id: str | None = None) -> HeldAttempt:
    """Return the attempt of an address: 404 if this browser does not hold it, 410 if deleted.

    With `item_id`, only the answer to that item is read.
    """
    tokens = read_tokens()
    token = _find_token(tokens, handle)
    with autocommit_reading() as connection:
        attempt = find_attempt(connection, hash_token(token), item_id)
    if attempt is None:
        _abort_without_attempt(token)

    g.device_tokens = tokens  # Renews the cookies.
    return HeldAttempt(token, handle, attempt, pack_of_attempt(attempt.content_hash))


def load_token(handle: str) -> str:
    """Return the token of an attempt that may be deleted; 404 if this browser does not hold it."""
    return _find_token(read_tokens(), handle)


def list_held_attempts() -> list[HeldAttempt]:
    """Return all attempts that this browser holds and that still exist."""
    tokens = {hash_token(token): token for token in read_tokens().all}
    attempts = find_attempts(get_session(), list(tokens))
    held = []
    for token_hash, attempt in attempts.items():
        token = tokens[token_hash]
        pack = pack_of_attempt(attempt.content_hash)
        held.append(HeldAttempt(token, make_handle(token), attempt, pack))
    return held


def list_attempts_at_pack(pack_id: str) -> list[HeldAttempt]:
    """Return the attempts at one pack that this browser holds: open ones first, then the newest."""
    at_pack = [held for held in list_held_attempts() if held.pack.id == pack_id]
    return _sort_open_first(at_pack)


def find_attempt_by_invitation(invitation_id: int) -> HeldAttempt | None:
    """Return the attempt that this browser made by a personal invitation."""
    for held in list_held_attempts():
        if held.ticket.invitation_id == invitation_id:
            return held
    return None


def find_attempt_by_link(link_id: int) -> HeldAttempt | None:
    """Return the attempt that this browser made by a counsellor's link.

    If it made several, an open one comes first, then the newest.
    """
    made_by_link = [
        held for held in list_held_attempts() if held.ticket.link_id == link_id
    ]
    if not made_by_link:
        return None
    return _sort_open_first(made_by_link)[0]


def find_open_attempt() -> HeldAttempt | None:
    """Return an attempt of this browser that has something to answer or to send."""
    for held in list_held_attempts():
        if held.attempt.is_open:
            return held
    return None


def _find_token(tokens: DeviceTokens, handle: str) -> str:
    matching = [token for token in tokens.all if make_handle(token) == handle]
    if not matching:
        abort(404)
    return matching[0]


def _sort_open_first(attempts: Iterable[HeldAttempt]) -> list[HeldAttempt]:
    newest_first = sorted(
        attempts, key=lambda held: held.attempt.started_at, reverse=True
    )
    return sorted(newest_first, key=lambda held: not held.attempt.is_open)


def _abort_without_attempt(token: str) -> NoReturn:
    g.pop("device_tokens", None)  # A deleted attempt does not renew the cookies.
    if find_receipt(get_session(), hash_token(token)):
        abort(410)
    abort(404)


def _name_cookie(kind: str) -> str:
    name = "attempts" if kind == IDLE else "attempts-kept"
    return f"__Host-{name}" if request.is_secure else name


def _read_cookie(kind: str) -> tuple[str, ...]:
    """Read a cookie of the form `kind.token.token`."""
    value = request.cookies.get(_name_cookie(kind), "")
    prefix, *tokens = value.split(".")
    if prefix != kind:
        return ()
    return tuple(token for token in tokens[:MAX_TOKENS] if TOKEN.match(token))


def _send_cookies(response: Response) -> Response:
    tokens: DeviceTokens | None = g.get("device_tokens")
    if tokens is None:
        return response
    _send_cookie(response, IDLE, tokens.idle)
    _send_cookie(response, KEPT, tokens.kept)
    return response


def _send_cookie(response: Response, kind: str, tokens: tuple[str, ...]) -> None:
    name = _name_cookie(kind)
    if tokens:
        cookie = dump_cookie(
            name,
            ".".join((kind, *tokens)),
            max_age=COOKIE_SECONDS[kind],
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
            sync_expires=False,
        )
        response.headers.add("Set-Cookie", cookie)
    elif name in request.cookies:
        response.delete_cookie(
            name,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
