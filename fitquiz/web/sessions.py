"""The browser session: the key of the form tokens, and the shared results that were opened, in a strict cookie."""

from functools import cache, lru_cache

from flask import Flask, current_app, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf


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
