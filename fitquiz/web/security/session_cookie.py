"""The browser session, stored in a signed cookie.

It holds the key of the form tokens, and the shared results that this browser has opened.
"""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

_SERIALIZER = "fitquiz_session_serializer"


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

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the serializer of the cookie. Flask would build a new serializer for each request."""
        if _SERIALIZER not in app.extensions:
            app.extensions[_SERIALIZER] = super().get_signing_serializer(app)
        serializer: URLSafeTimedSerializer | None = app.extensions[_SERIALIZER]
        return serializer
