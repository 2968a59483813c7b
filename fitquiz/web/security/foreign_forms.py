"""Refuses forms that pages of other sites sent.

Three headers of a browser can show which site a form comes from:

- `Sec-Fetch-Site` and `Origin`. Pages cannot change these headers.
- `Referer`. Some browsers and extensions do not send this header, or send a wrong value.

Therefore this module uses `Referer` only if the browser sent neither of the other headers. If a
browser sends no such header, the form still needs the form token.
"""

from urllib.parse import urlsplit

from flask import abort, request

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_OUR_SITE = ("same-origin", "none")
_HIDDEN = "null"


def refuse_foreign_form() -> None:
    """Answer 403 if a page of another site sent the form.

    Flask-WTF checks the token of the form after this check.
    """
    if request.method in SAFE_METHODS:
        return

    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in _OUR_SITE:
        abort(403)

    origin = request.headers.get("Origin")
    if origin is not None:
        if not _is_our_origin(origin, site):
            abort(403)
    elif site is None and request.referrer and not _is_ours(request.referrer):
        abort(403)


def _is_our_origin(origin: str, site: str | None) -> bool:
    """Return whether the headers Origin and Sec-Fetch-Site say that the form is ours.

    A browser that hides referrers sends the origin `null`, also for our own forms. Sandboxed pages
    of other sites send `null` too. Therefore `null` needs the header Sec-Fetch-Site.
    """
    if origin == _HIDDEN:
        return site == "same-origin"
    return _is_ours(origin)


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
