"""The token of every form: signed once a session, and checked once a process."""

from contextlib import suppress
from functools import lru_cache

from flask import current_app, g, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf, same_origin, validate_csrf
from wtforms import ValidationError

MOST_CHECKED, MOST_CHARACTERS = 4096, 200
"""Tokens that a process keeps as checked, and how long each may be: ours have 91.

A signature is good with whatever is no letter of it in between, so that one token could be sent in endless ways.
"""


class FormTokens(CSRFProtect):
    """Takes a form only with the token of the very session that it is sent in."""

    def __init__(self) -> None:
        super().__init__()
        self._check = lru_cache(MOST_CHECKED)(self._check_anew)

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a form without its token. One that this session has sent before is not read anew: the signature took a
        fourteenth of an answer's time, and has no date at which it ends."""
        if request.endpoint and request.method in current_app.config["WTF_CSRF_METHODS"]:
            if self._is_checked(request.form.get("csrf_token", ""), session.get("csrf_token")):
                g.csrf_valid = True  # So Flask-WTF tells its forms.
            else:
                super().protect(apply_exemptions)

    def _is_checked(self, token: str, key: str | None) -> bool:
        if len(token) > MOST_CHARACTERS or not _is_from_here():
            return False
        with suppress(ValidationError):
            self._check(token, key)
            return True
        return False

    @staticmethod
    def _check_anew(token: str, _key: str | None) -> None:
        """Raise ValidationError unless the token is that of the current session, which the key names."""
        validate_csrf(token)


def _is_from_here() -> bool:
    """Over https, where the browser always tells, whether it comes from a page of ours."""
    return not request.is_secure or same_origin(request.referrer or "", f"https://{request.host}/")


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
