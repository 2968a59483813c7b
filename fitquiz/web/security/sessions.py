"""The browser session, in a signed cookie: the key of the form tokens, and the shared results that were opened."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class BrowserSessions(SecureCookieSessionInterface):
    """Flask's own sessions, with a cookie that is bound to the host wherever the connection is https."""

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name of the cookie. Browsers tie a `__Host-` cookie to one host and to https."""
        return "__Host-form" if request.is_secure else "form"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Allow plain http only where the site itself has no https."""
        return request.is_secure

    def get_cookie_samesite(self, app: Flask) -> str:
        """Keep the browser from sending the cookie with a form of another site."""
        return "Lax"
