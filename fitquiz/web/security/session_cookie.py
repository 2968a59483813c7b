"""The browser session, which is stored in a signed cookie.

The session contains the secret of the form tokens, the ids of shares that the browser opened, and
the id of the staff account that signed in last.
"""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

_SERIALIZER = "fitquiz_session_serializer"


class BrowserSessions(SecureCookieSessionInterface):
    """Flask's cookie sessions. Over https, browsers send the cookie only to this host."""

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name of the session cookie.

        Over https, the name has the prefix `__Host-`. Browsers send a cookie with this prefix only
        over https, and only to the host that set the cookie.
        """
        return "__Host-form" if request.is_secure else "form"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Return True for a request over https.

        Browsers send a cookie with the attribute `Secure` only over https.
        """
        return request.is_secure

    def get_cookie_samesite(self, app: Flask) -> str:
        """Return `Lax`. With `Lax`, browsers do not send the cookie with a form of another site."""
        return "Lax"

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the serializer of the cookie.

        Store the serializer, because Flask would build a new serializer for each request.
        """
        if _SERIALIZER not in app.extensions:
            app.extensions[_SERIALIZER] = super().get_signing_serializer(app)
        serializer: URLSafeTimedSerializer | None = app.extensions[_SERIALIZER]
        return serializer
