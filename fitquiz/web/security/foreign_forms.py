"""Refuses forms that pages of other sites sent.

Three headers of a browser can show which site a form comes from. This module uses the first of
them that the browser sent:

- `Sec-Fetch-Site`. Only the browser sets this header. The value `same-origin` is enough, also if
  a proxy has changed the scheme, the host or the port of the request. The value `none` names no
  page. In this case, the next header decides.
- `Origin`. Pages cannot change this header.
- `Referer`. Some browsers and extensions do not send this header, or send a wrong value.

If a browser sends no such header, the form still needs the form token.
"""

from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_OUR_SITE = "same-origin"
_NO_PAGE = "none"


class ForeignFormError(Forbidden):
    """A page of another site sent the form."""


def refuse_foreign_form() -> None:
    """Raise ForeignFormError if a page of another site sent the form.

    Flask-WTF checks the token of the form after this check.
    """
    if request.method in SAFE_METHODS:
        return

    site = request.headers.get("Sec-Fetch-Site", _NO_PAGE)
    if site == _OUR_SITE:
        return
    if site != _NO_PAGE:
        raise ForeignFormError

    # Sandboxed pages of other sites send the origin `null`. Therefore `null` is not our origin.
    sender = request.headers.get("Origin", request.referrer or None)
    if sender is not None and not _is_ours(sender):
        raise ForeignFormError


def _is_ours(address: str) -> bool:
    """Return whether the address has the host of the request.

    Over https, the address must begin with https. An attacker in the visitor's network can fake an
    unencrypted page of our site. A form of this page must not reach our encrypted pages.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    schemes = ("https",) if request.is_secure else ("http", "https")
    return parts.scheme in schemes and parts.netloc == request.host
