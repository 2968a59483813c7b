"""The browser session: the key of the form tokens, and the shared results that were opened, in a signed cookie."""

import time
from copy import deepcopy
from functools import cache, lru_cache
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
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
            return SecureCookieSession(
                deepcopy(read(app, value, int(time.time() / 3600))) if value else {}
            )
        except BadSignature:
            return SecureCookieSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie if it has changed; else only say that the answer hangs on it, if it was looked at.

        No session of ours is permanent, so none is renewed.
        """
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            response.vary.add("Cookie")

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
