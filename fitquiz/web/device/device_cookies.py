"""Reads and sends the cookies of a device: those with the tokens of attempts, and one of a kiosk.

The shared cookie contains one token and the time when the token was last used. Each request for a
page of this attempt renews the cookie. An answer in the background renews the cookie only if the
cookie is old. On a kiosk, the shared cookie also contains the token of the kiosk's link.

Each kept cookie contains one token and the time when the device stored the token. Therefore two
tabs can begin at the same moment, and the device keeps both attempts. An earlier version kept all
tokens in one cookie, which the app still reads.

The kiosk cookie contains the token of a kiosk's link and the time when the cookie was sent. The
kiosk cookie contains nothing about an attempt, and stays on the device between two people.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.http import dump_cookie

from fitquiz.config.settings import Settings
from fitquiz.core.secrets.tokens import TOKEN, make_handle
from fitquiz.web.site.clock import get_now, to_ms

MAX_TOKENS = 10
SHARED_TIME = timedelta(minutes=30)
"""A shared device forgets an attempt after this time without use."""
KIOSK_TIME = timedelta(hours=12)
"""A device stays a kiosk for this time after the kiosk cookie was sent."""
MAX_KEPT_DAYS = 400
"""Browsers store no cookie for a longer time."""
_SHARED = "attempts"
_KEPT = "attempts-kept"
_KIOSK = "kiosk"
_KEPT_PREFIX = "kept"
_KEPT_VALUE = re.compile(r"[0-9]{13}\.[A-Za-z0-9_-]{43}\Z")
_EARLIER_PREFIX = "idle"
_SIGNER = "fitquiz_device_signer"
_SALT = "fitquiz.attempt-on-shared-device"
_KIOSK_SIGNER = "fitquiz_kiosk_signer"
_KIOSK_SALT = "fitquiz.kiosk"


@dataclass(frozen=True, slots=True)
class DeviceTokens:
    """The tokens of attempts in the cookies of a device.

    `shared` is the token of the attempt on a shared device, or None. `forgotten_at` is the time
    when the device forgets this attempt. `kiosk` is the token of the kiosk's link if the attempt
    began or was opened on a kiosk, or None. `kept` are the tokens that an own device keeps. The token that was stored
    last comes first.
    """

    shared: str | None = None
    forgotten_at: datetime | None = None
    kiosk: str | None = None
    kept: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """All tokens, first the shared token."""
        if self.shared is None:
            return self.kept
        return self.shared, *self.kept


class _Signer(TimestampSigner):
    """Signs a text with the time of the request."""

    def get_timestamp(self) -> int:
        """Return the time of the request, in seconds."""
        return int(get_now().timestamp())


def init_device_cookies(app: Flask) -> None:
    """Prepare the signatures of cookies, and send changed cookies with a response."""
    key = app.config["SECRET_KEY"]
    app.extensions[_SIGNER] = _Signer(key, salt=_SALT)
    app.extensions[_KIOSK_SIGNER] = _Signer(key, salt=_KIOSK_SALT)
    app.after_request(_send_cookies)


def read_tokens() -> DeviceTokens:
    """Return the valid tokens in the request's cookies. Read the cookies only once per request."""
    if "device_tokens" not in g:
        g.device_tokens = replace(_read_shared(), kept=_read_kept())
    tokens: DeviceTokens = g.device_tokens
    return tokens


def read_kiosk_cookie() -> str | None:
    """Return the token of the link in the kiosk cookie, or None.

    Return None if the cookie is missing, has a wrong signature, or was sent before KIOSK_TIME.
    """
    link, _ = _read_signed(_KIOSK, _KIOSK_SIGNER, KIOSK_TIME)
    return link if link and TOKEN.match(link) else None


def send_kiosk_cookie(link: str) -> None:
    """Let the response store the token of a kiosk's link in the kiosk cookie."""
    g.kiosk_link = link


def send_shared(token: str | None, kiosk: str | None = None) -> None:
    """Let the response store this token in the shared cookie, with the time of the request.

    If `token` is None, let the response delete the cookie. On a kiosk, `kiosk` is the token of the
    kiosk's link.
    """
    g.shared_token = token
    g.shared_kiosk = kiosk


def send_kept(token: str) -> None:
    """Let the response store this token in a kept cookie.

    If the device then keeps more than MAX_TOKENS tokens, let the response delete the oldest ones.
    """
    g.kept_token = token
    others = tuple(other for other in read_tokens().kept if other != token)
    drop_kept(others[MAX_TOKENS - 1 :])


def drop_kept(tokens: tuple[str, ...]) -> None:
    """Let the response delete these tokens from the kept cookies."""
    g.dropped_tokens = tokens


def leave_shared() -> None:
    """Let the response not change the shared cookie."""
    g.pop("shared_token", None)


def _read_shared() -> DeviceTokens:
    """Return what the shared cookie contains.

    Return no token if the cookie is missing or has a wrong signature. Also return no token if the
    token was not used within SHARED_TIME.
    """
    value = request.cookies.get(_name_cookie(_SHARED), "")
    if not value:
        return DeviceTokens()
    if value.startswith(f"{_EARLIER_PREFIX}."):
        return _read_earlier(value)

    signed, used_at = _read_signed(_SHARED, _SIGNER, SHARED_TIME)
    token, _, kiosk = signed.partition(".")
    if not TOKEN.match(token):
        return DeviceTokens()
    return DeviceTokens(token, used_at + SHARED_TIME, kiosk or None)


def _read_signed(name: str, signer: str, lasting: timedelta) -> tuple[str, datetime]:
    """Return the text of a signed cookie, and the time when the cookie was sent.

    Return an empty text if the cookie is missing, has a wrong signature, or is older than
    `lasting`. `signer` names the signer in the extensions of the app.
    """
    value = request.cookies.get(_name_cookie(name))
    if value is None:
        return "", get_now()

    timestamp_signer: _Signer = current_app.extensions[signer]
    try:
        signed, sent_at = timestamp_signer.unsign(value, return_timestamp=True)
    except BadSignature:
        return "", get_now()

    # The clocks of several servers differ a little. Therefore, `sent_at` may be in the future.
    if abs(get_now() - sent_at) > lasting:
        return "", get_now()
    return signed.decode(), sent_at


def _read_earlier(value: str) -> DeviceTokens:
    """Return the first token of a shared cookie that an earlier version of fitquiz sent.

    Such a cookie has the value `idle.token.token`, no signature and no time. The time of this
    request counts as the time of the last use. Therefore an update of fitquiz during a quiz loses
    no answers.
    """
    token = value.split(".")[1]
    if not TOKEN.match(token):
        return DeviceTokens()
    forgotten_at = get_now() + SHARED_TIME
    return DeviceTokens(token, forgotten_at)


def _read_kept() -> tuple[str, ...]:
    """Return the valid tokens of the kept cookies. A cookie has the value `milliseconds.token`."""
    prefix = _name_cookie(f"{_KEPT}-")
    values = [
        value
        for name, value in request.cookies.items()
        if name.startswith(prefix) and _KEPT_VALUE.match(value)
    ]
    newest_first = [value.partition(".")[2] for value in sorted(values, reverse=True)]
    return tuple(dict.fromkeys((*newest_first, *_read_earlier_kept())))


def _read_earlier_kept() -> tuple[str, ...]:
    """Return the valid tokens of the kept cookie that an earlier version of fitquiz sent.

    The cookie has the value `kept.token.token`, and the token that was stored last comes first.
    """
    value = request.cookies.get(_name_cookie(_KEPT), "")
    prefix, *tokens = value.split(".")
    if prefix != _KEPT_PREFIX:
        return ()
    return tuple(token for token in tokens[:MAX_TOKENS] if TOKEN.match(token))


def _name_cookie(name: str) -> str:
    return f"__Host-{name}" if request.is_secure else name


def _send_cookies(response: Response) -> Response:
    if "shared_token" in g:
        _send_shared_cookie(response, g.shared_token, g.shared_kiosk)
    if "dropped_tokens" in g:
        _drop_kept_cookies(response, g.dropped_tokens)
    if "kept_token" in g:
        _send_kept_cookie(response, g.kept_token)
    if "kiosk_link" in g:
        _set_signed_cookie(response, _KIOSK, _KIOSK_SIGNER, g.kiosk_link, KIOSK_TIME)
    return response


def _send_shared_cookie(
    response: Response, token: str | None, kiosk: str | None
) -> None:
    if token is None:
        _delete_cookie(response, _SHARED)
        return
    value = f"{token}.{kiosk}" if kiosk else token
    _set_signed_cookie(response, _SHARED, _SIGNER, value, SHARED_TIME)


def _drop_kept_cookies(response: Response, tokens: tuple[str, ...]) -> None:
    for token in tokens:
        _delete_cookie(response, f"{_KEPT}-{make_handle(token)}")

    earlier = _read_earlier_kept()
    left = tuple(token for token in earlier if token not in tokens)
    if not left:
        _delete_cookie(response, _KEPT)
    elif left != earlier:
        value = ".".join((_KEPT_PREFIX, *left))
        _set_cookie(response, _KEPT, value, _count_kept_time())


def _send_kept_cookie(response: Response, token: str) -> None:
    value = f"{to_ms(get_now()):013}.{token}"
    name = f"{_KEPT}-{make_handle(token)}"
    _set_cookie(response, name, value, _count_kept_time())


def _count_kept_time() -> timedelta:
    """Return the time for which an own device keeps a token."""
    settings: Settings = current_app.extensions["fitquiz_settings"]
    days = min(settings.unfinished_days + settings.finished_days, MAX_KEPT_DAYS)
    return timedelta(days)


def _set_signed_cookie(
    response: Response, name: str, signer: str, value: str, lasting: timedelta
) -> None:
    timestamp_signer: _Signer = current_app.extensions[signer]
    _set_cookie(response, name, timestamp_signer.sign(value).decode(), lasting)


def _set_cookie(response: Response, name: str, value: str, lasting: timedelta) -> None:
    cookie = dump_cookie(
        _name_cookie(name),
        value,
        max_age=lasting,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
        sync_expires=False,
    )
    response.headers.add("Set-Cookie", cookie)


def _delete_cookie(response: Response, name: str) -> None:
    if _name_cookie(name) not in request.cookies:
        return
    response.delete_cookie(
        _name_cookie(name),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
