"""The browser session: the key of the form tokens, and the shared results that were opened, in a strict cookie."""

from functools import cache

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class FormSessions(SecureCookieSessionInterface):
    """A host-only, secure cookie over https; a plain one only where there is no https to be had."""

    def __init__(self) -> None:
        # Made once for the app, not once for each reading and each writing of a cookie.
        self.get_signing_serializer = cache(super().get_signing_serializer)  # type: ignore[method-assign]  # the same

    def get_cookie_name(self, app: Flask) -> str:
        """Return the cookie's name, which binds it to this host over https."""
        return "__Host-form" if request.is_secure else "form"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether the cookie is for https only."""
        return request.is_secure

    def get_cookie_samesite(self, app: Flask) -> str:
        """Let no other site send it along with a form."""
        return "Lax"
