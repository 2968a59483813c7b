"""The browser session: the key of the form tokens, and the shared results that were opened, in a signed cookie."""

import time
from copy import deepcopy
from functools import cache, lru_cache
from typing import Any

from flask import Flask, Request, current_app, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature

MOST_READ, MOST_CHARACTERS = 4096, 1000
"""Cookies that a process keeps read, and how long each may be: ours have some 120, and 500 with all that was opened.

A signature is good with whatever is no letter of it in between, so that one cookie could be sent in endless ways.
"""


class FormSessions(SecureCookieSessionInterface):
    """A host-only, secure cookie over https; a plain one only where there is no https to be had."""

    def __init__(self) -> None:
        # Made once for the app, not once for each reading and each writing of a cookie.
        self.get_signing_serializer = cache(super().get_signing_serializer)  # type: ignore[method-assign]  # the same
        self._read = lru_cache(MOST_READ)(self._read_anew)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Return the session of a cookie; an empty one if there is none, or if it is not ours or too old.

        Its signature and its age are checked once an hour: to do it each time took a tenth of an item's page.
        """
        value = request.cookies.get(self.get_cookie_name(app), "")
        read = self._read if len(value) <= MOST_CHARACTERS else self._read_anew
        try:
            return SecureCookieSession(deepcopy(read(app, value, int(time.time() / 3600))) if value else {})
        except BadSignature:
            return SecureCookieSession()

    def get_cookie_name(self, app: Flask) -> str:
        """Return the cookie's name, which binds it to this host over https."""
        return "__Host-form" if request.is_secure else "form"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether the cookie is for https only."""
        return request.is_secure

    def get_cookie_samesite(self, app: Flask) -> str:
        """Let no other site send it along with a form."""
        return "Lax"

    def _read_anew(self, app: Flask, value: str, _hour: int) -> Any:
        oldest = int(app.permanent_session_lifetime.total_seconds())
        return self.get_signing_serializer(app).loads(value, max_age=oldest)  # type: ignore[union-attr]  # no app starts without a key


def form_token() -> str:
    """Return the token of a form that is written by hand. It is signed once: that took a tenth of an item's page.

    It stays the same as long as the session does. Who could make a browser ask for that page over and over, and measure
    its compressed length, would still need a form from our own pages to use it.
    """
    key = session.get("csrf_token")
    return _sign(str(current_app.secret_key), key) if key else str(generate_csrf())


@lru_cache(4096)
def _sign(_secret: str, _key: str) -> str:
    """The token of the current session, which the key names."""
    return str(generate_csrf())
