"""The browser session: the key of the form tokens, and the shared results that were opened, in a strict cookie."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class FormSessions(SecureCookieSessionInterface):
    """A host-only, secure cookie over https; a plain one only where there is no https to be had."""

    def get_cookie_name(self, app: Flask) -> str:
        """Return the cookie's name, which binds it to this host over https."""
        return "__Host-form" if request.is_secure else "form"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether the cookie is for https only."""
        return request.is_secure

    def get_cookie_samesite(self, app: Flask) -> str:
        """Let no other site send it along with a form."""
        return "Lax"
