"""What every answer carries, errors and static files too: the security headers, and compression where it pays."""

import gzip
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
_FEATURES = """
accelerometer aria-notify autoplay browsing-topics camera captured-surface-control clipboard-read compute-pressure
digital-credentials-create digital-credentials-get display-capture encrypted-media fullscreen gamepad geolocation
gyroscope hid identity-credentials-get idle-detection keyboard-map local-fonts magnetometer microphone midi
otp-credentials payment picture-in-picture publickey-credentials-create publickey-credentials-get screen-wake-lock
serial speaker-selection storage-access usb window-management xr-spatial-tracking
"""
"""All that a browser may let a page do with the device, the person and other sites, but for copying a link."""
_NAMED = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ",".join(f"{feature}=()" for feature in _FEATURES.split()),
}
_ALWAYS = list(_NAMED.items())
_ALWAYS_SECURE = [*_ALWAYS, ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")]
ROBOTS = "noindex, nofollow"
_PUBLIC_BLUEPRINTS = ("info", "short_addresses", "static_files")
_FEWEST_BYTES = 1000
_LEVEL = 9


def init_headers(app: Flask) -> None:
    """Add the headers to every answer of the app."""
    app.wsgi_app = Headers(app.wsgi_app)  # type: ignore[method-assign]  # as Flask says to wrap it
    app.after_request(_add_headers)
    app.after_request(_compress)


def list_headers(is_secure: bool) -> list[tuple[str, str]]:
    """Return what stands on every answer, whatever it is."""
    return _ALWAYS_SECURE if is_secure else _ALWAYS


class Headers:
    """Puts on each answer what stands on all of them. In Flask, header by header, it took 20 µs; no view sets any."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the app does, with these headers."""

        def start(
            status: str, headers: list[tuple[str, str]], *failure: Any
        ) -> Callable[[bytes], object]:
            is_secure = environ["wsgi.url_scheme"] == "https"  # As the proxy says, if one does.
            return start_response(status, headers + list_headers(is_secure), *failure)

        return self._app(environ, start)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    if request.blueprint not in _PUBLIC_BLUEPRINTS:
        headers["X-Robots-Tag"] = ROBOTS
    return response


def _compress(response: Response) -> Response:
    headers = response.headers
    if (
        response.direct_passthrough
        or "Content-Encoding" in headers
        or not _is_text(response.mimetype or "")
    ):
        return response
    vary = headers.get("Vary", "")
    if "Accept-Encoding" not in vary:
        headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
    data = response.get_data()
    if len(data) >= _FEWEST_BYTES and _accepts_gzip(request.headers.get("Accept-Encoding", "")):
        response.set_data(gzip.compress(data, _LEVEL, mtime=0))
        headers["Content-Encoding"] = "gzip"
    return response


def _is_text(mimetype: str) -> bool:
    return mimetype.startswith(("text/", "application/json"))


@lru_cache(100)
def _accepts_gzip(accepted: str) -> bool:
    """Browsers say it in a few ways; to read them took as long as to find the page's route."""
    return parse_accept_header(accepted).quality("gzip") > 0
