"""The browser session, stored in a signed cookie.

It holds the key of the form tokens, and the shared results that this browser has opened.
"""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class BrowserSessions(SecureCookieSessionInterface):
    """Flask's own sessions. Over https, the cookie is bound to this host."""

    def get_cookie_name(self, app: Flask) -> str:
        """Browsers bind a cookie whose name begins with `__Host-` to one host and to https."""
        return "__Host-form" if request.is_secure else "form"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Allow plain http only where the site itself has no https."""
        return request.is_secure

    def get_cookie_samesite(self, app: Flask) -> str:
        """Keep the browser from sending the cookie with a form of another site."""
        return "Lax"
