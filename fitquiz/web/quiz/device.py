"""Reads and sends the two cookies that contain the tokens of attempts.

A device is a browser with at least one of these cookies. A device holds an attempt if a cookie of
the device contains the attempt's token. The address of a page about an attempt contains the
attempt's handle. Only a device that holds the attempt may open such a page.
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
    """The tokens in the two cookies of a device.

    The cookie with `idle` tokens expires after 30 minutes without use. The cookie with `kept`
    tokens expires after 30 days without use. In each cookie, the token that was stored last
    comes first.
    """

    idle: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """All tokens of the two cookies, first the `idle` tokens."""
        return self.idle + self.kept


@dataclass(frozen=True, slots=True)
class HeldAttempt:
    """An attempt that this device holds, with its token, its handle and its pack."""

    token: str
    handle: str
    attempt: Attempt
    pack: Pack

    @property
    def ticket(self) -> Ticket:
        """The decrypted ticket of the attempt."""
        return open_ticket(self.attempt.ticket, self.token)


def init_device(app: Flask) -> None:
    """Register `_send_cookies` to send renewed or changed cookies with a response."""
    app.after_request(_send_cookies)


def read_tokens() -> DeviceTokens:
    """Return the valid tokens in the request's cookies."""
    return DeviceTokens(_read_cookie(IDLE), _read_cookie(KEPT))


def remember_attempt(token: str, is_kept: bool) -> None:
    """Store a token as the first token of one cookie, and remove the token from the other cookie.

    If `is_kept` is true, store the token in the `kept` cookie. Otherwise, store the token in the
    `idle` cookie. If a cookie then has more than MAX_TOKENS tokens, remove the last tokens.
    """
    tokens = read_tokens()
    idle = [other for other in tokens.idle if other != token]
    kept = [other for other in tokens.kept if other != token]
    if is_kept:
        kept.insert(0, token)
    else:
        idle.insert(0, token)
    g.device_tokens = DeviceTokens(tuple(idle[:MAX_TOKENS]), tuple(kept[:MAX_TOKENS]))


def forget_all_attempts() -> None:
    """Delete the two cookies of this device."""
    g.device_tokens = DeviceTokens()


def load_held_attempt(handle: str, item_id: str | None = None) -> HeldAttempt:
    """Return the attempt with this handle, and renew the cookies.

    Abort with 404 if this device does not hold the attempt. Abort with 410 if the attempt is
    deleted. If `item_id` is given, read only the answer to this item.
    """
    tokens = read_tokens()
    token = _find_token(tokens, handle)
    with autocommit_reading() as connection:
        attempt = find_attempt(connection, hash_token(token), item_id)
    if attempt is None:
        _abort_without_attempt(token)

    g.device_tokens = tokens  # `_send_cookies` renews the cookies.
    return HeldAttempt(token, handle, attempt, pack_of_attempt(attempt.content_hash))


def load_token(handle: str) -> str:
    """Return the token with this handle. The attempt of the token may be deleted.

    Abort with 404 if no cookie of this device contains the token.
    """
    return _find_token(read_tokens(), handle)


def list_held_attempts() -> list[HeldAttempt]:
    """Return this device's attempts. Leave out deleted attempts."""
    tokens = {hash_token(token): token for token in read_tokens().all}
    attempts = find_attempts(get_session(), list(tokens))
    held = []
    for token_hash, attempt in attempts.items():
        token = tokens[token_hash]
        pack = pack_of_attempt(attempt.content_hash)
        held.append(HeldAttempt(token, make_handle(token), attempt, pack))
    return held


def list_attempts_at_pack(pack_id: str) -> list[HeldAttempt]:
    """Return this device's attempts at the pack with this id.

    Open attempts come first, and all other attempts follow. In both groups, newer attempts come
    before older attempts.
    """
    at_pack = [held for held in list_held_attempts() if held.pack.id == pack_id]
    return _sort_open_first(at_pack)


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
    g.pop("device_tokens", None)  # `_send_cookies` must not renew the cookies.
    if find_receipt(get_session(), hash_token(token)):
        abort(410)
    abort(404)


def _name_cookie(kind: str) -> str:
    name = "attempts" if kind == IDLE else "attempts-kept"
    return f"__Host-{name}" if request.is_secure else name


def _read_cookie(kind: str) -> tuple[str, ...]:
    """Return the valid tokens of a cookie with the value `kind.token.token`.

    Return an empty tuple if the value does not begin with `kind`.
    """
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
