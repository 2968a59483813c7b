"""Finds the attempts that a device holds.

A device is a browser that has the token of at least one attempt in its cookies. A device holds an
attempt if a cookie of the device contains the attempt's token. The address of a page about an
attempt contains the attempt's handle. Only a device that holds the attempt may open such a page.

An own device keeps several attempts as long as the server keeps their answers. A shared device
holds one attempt, and forgets the attempt after 30 minutes without use. A kiosk is always a shared
device: kept attempts stay in the cookie, but do not count as held.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NoReturn

from flask import abort
from werkzeug.exceptions import NotFound

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import Ticket, open_ticket
from fitquiz.core.secrets.tokens import hash_token, make_handle
from fitquiz.store.attempts.attempts import Attempt, find_attempt, find_attempts
from fitquiz.store.attempts.deletion import find_receipt
from fitquiz.web.device.device_cookies import (
    MAX_TOKENS,
    DeviceTokens,
    drop_kept,
    leave_shared,
    read_tokens,
    send_kept,
    send_kiosk_cookie,
    send_shared,
)
from fitquiz.web.device.kiosk import find_kiosk
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import autocommit_reading, get_session
from fitquiz.web.site.installed_packs import pack_of_attempt

RENEWED_BELOW = timedelta(minutes=20)
"""An answer in the background renews a shared cookie with less than this time left."""


class NotHeldError(NotFound):
    """This device does not hold the attempt that the address names."""


class NotStoredError(NotFound):
    """The database has neither an attempt nor a receipt for a token. The purge has deleted both."""


@dataclass(frozen=True, slots=True)
class HeldAttempt:
    """An attempt that this device holds, with its token, its handle and its pack.

    If `is_kept` is false, the attempt is on a shared device. The next person at the device must
    not see the attempt's date or result. `forgotten_at` is the time when the device forgets the
    attempt. If `is_kept` is true, `forgotten_at` is None.
    """

    token: str
    handle: str
    attempt: Attempt
    pack: Pack
    is_kept: bool
    forgotten_at: datetime | None = None

    @property
    def ticket(self) -> Ticket:
        """The decrypted ticket of the attempt."""
        return open_ticket(self.attempt.ticket, self.token)

    @property
    def minutes_left(self) -> int:
        """The minutes until a shared device forgets the attempt, at least 1."""
        if self.forgotten_at is None:
            return 1
        seconds = (self.forgotten_at - get_now()).total_seconds()
        return max(1, math.ceil(seconds / 60))


def remember_attempt(token: str, is_kept: bool, kiosk: str | None = None) -> None:
    """Store a token in one cookie, and remove the token from the other cookie.

    If `is_kept` is true, store the token in a kept cookie. Otherwise, store the token in the shared
    cookie. In both cases, the device forgets the earlier token of the
    shared cookie. The earlier token can belong to another person.

    `kiosk` is the token of the kiosk's link that begins the attempt, or None. A device that is a
    kiosk stays a kiosk. On a kiosk, store the token in the shared cookie even if `is_kept` is true.
    """
    tokens = read_tokens()
    present = find_kiosk()
    if kiosk is None and present:
        kiosk = present.link
    if kiosk:
        send_kiosk_cookie(kiosk)
    if kiosk or not is_kept:
        send_shared(token, kiosk)
        if token in tokens.kept:
            drop_kept((token,))
        return

    send_kept(token)
    if tokens.shared:
        send_shared(None)


def forget_attempt(token: str) -> None:
    """Remove a token from the cookies of this device. The answers stay on the server."""
    tokens = read_tokens()
    if tokens.shared == token:
        send_shared(None)
    if token in tokens.kept:
        drop_kept((token,))


def forget_all_attempts() -> None:
    """Delete the cookies of this device that contain tokens of attempts."""
    send_shared(None)
    drop_kept(read_tokens().kept)


def keeps_attempt(token: str) -> bool:
    """Return whether this is an own device that keeps the attempt of this token."""
    return token in _read_open_tokens().kept


def count_held_tokens() -> int:
    """Return the number of tokens in the cookies of this device."""
    return len(read_tokens().all)


def load_held_attempt(
    handle: str, item_id: str | None = None, *, renews: bool = True
) -> HeldAttempt:
    """Return the attempt with this handle. On a shared device, renew the shared cookie.

    Raise NotHeldError if this device does not hold the attempt, and NotStoredError if the purge has
    deleted the attempt. Abort with 410 if the respondent has deleted the attempt. If `item_id` is
    given, read only the answer to this item. If `renews` is false, do not renew the cookie.
    """
    token = load_token(handle)
    with autocommit_reading() as connection:
        attempt = find_attempt(connection, hash_token(token), item_id)
    if attempt is None:
        _abort_without_attempt(token)

    held = _hold(token, handle, attempt)
    if renews:
        _renew_cookie(held)
    return held


def renew_old_cookie(held: HeldAttempt) -> None:
    """Renew the shared cookie of an attempt if the cookie is old.

    The reply to an answer in the background can arrive late. If the next person has already begun,
    a renewed cookie would bring back the attempt of the earlier person. Therefore such a reply
    renews the cookie only if less than RENEWED_BELOW is left.
    """
    if held.forgotten_at and held.forgotten_at - get_now() < RENEWED_BELOW:
        _renew_cookie(held)


def find_next_forgotten() -> HeldAttempt | None:
    """Return the attempt that this own device forgets when another one begins on it.

    Return None if the device can keep one more attempt, or if the attempt was deleted.
    """
    kept = read_tokens().kept
    if len(kept) < MAX_TOKENS:
        return None
    attempt = find_attempt(get_session(), hash_token(kept[-1]))
    if attempt is None:
        return None
    return _hold(kept[-1], make_handle(kept[-1]), attempt)


def holds_shared_attempt() -> bool:
    """Return whether the shared cookie of this device contains a token."""
    return read_tokens().shared is not None


def holds_attempt(token: str) -> bool:
    """Return whether this device holds the attempt of this token."""
    return token in _read_open_tokens().all


def holds_handle(handle: str) -> bool:
    """Return whether a cookie of this device contains the token with this handle."""
    return any(make_handle(token) == handle for token in read_tokens().all)


def load_token(handle: str) -> str:
    """Return the token with this handle. The attempt of the token may be deleted.

    Raise NotHeldError if this device does not hold the attempt.
    """
    for token in _read_open_tokens().all:
        if make_handle(token) == handle:
            return token
    raise NotHeldError


def list_held_attempts() -> list[HeldAttempt]:
    """Return this device's attempts. Leave out deleted attempts."""
    tokens = {hash_token(token): token for token in _read_open_tokens().all}
    attempts = find_attempts(get_session(), list(tokens))
    return [
        _hold(tokens[token_hash], make_handle(tokens[token_hash]), attempt)
        for token_hash, attempt in attempts.items()
    ]


def list_attempts_beside(held: HeldAttempt) -> list[HeldAttempt]:
    """Return all attempts that the pages about `held` may show, including `held`.

    The cookies of a device may contain attempts of several people. Therefore, pages about the
    attempt in the shared cookie show no other attempt. Pages about an attempt in the kept cookie
    show all attempts in the kept cookie.

    Open attempts come first, and all other attempts follow. In both groups, newer attempts come
    before older attempts.
    """
    if not held.is_kept:
        return [held]
    kept = [each for each in list_held_attempts() if each.is_kept]
    return _sort_open_first(kept)


def list_attempts_at_pack(pack_id: str) -> list[HeldAttempt]:
    """Return this device's attempts at the pack with this id.

    Open attempts come first, and all other attempts follow. In both groups, newer attempts come
    before older attempts.
    """
    at_pack = [held for held in list_held_attempts() if held.pack.id == pack_id]
    return _sort_open_first(at_pack)


def _read_open_tokens() -> DeviceTokens:
    """Return the tokens of the attempts that pages may open. On a kiosk, leave out the kept ones."""
    tokens = read_tokens()
    if tokens.kept and find_kiosk():
        return replace(tokens, kept=())
    return tokens


def _sort_open_first(attempts: Iterable[HeldAttempt]) -> list[HeldAttempt]:
    newest_first = sorted(
        attempts, key=lambda held: held.attempt.started_at, reverse=True
    )
    return sorted(newest_first, key=lambda held: not held.attempt.is_open)


def _renew_cookie(held: HeldAttempt) -> None:
    if not held.is_kept:
        send_shared(held.token, read_tokens().kiosk)


def _hold(token: str, handle: str, attempt: Attempt) -> HeldAttempt:
    tokens = _read_open_tokens()
    is_kept = token in tokens.kept
    return HeldAttempt(
        token,
        handle,
        attempt,
        pack_of_attempt(attempt.content_hash),
        is_kept,
        None if is_kept else tokens.forgotten_at,
    )


def _abort_without_attempt(token: str) -> NoReturn:
    leave_shared()
    if find_receipt(get_session(), hash_token(token)):
        abort(410)
    raise NotStoredError
