"""Security headers for every response, and gzip compression for pages."""

import gzip

from flask import Flask, Response, request

MIN_COMPRESSED_BYTES = 1000
COMPRESSION_LEVEL = 9
ROBOTS = "noindex, nofollow"
_INDEXED_BLUEPRINTS = ("info", "static_files")
_FRONT_PAGE = "short_addresses.front"

_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)
_BROWSER_FEATURES = """
accelerometer aria-notify autoplay browsing-topics camera captured-surface-control clipboard-read
compute-pressure digital-credentials-create digital-credentials-get display-capture encrypted-media
fullscreen gamepad geolocation gyroscope hid identity-credentials-get idle-detection keyboard-map
local-fonts magnetometer microphone midi otp-credentials payment picture-in-picture
publickey-credentials-create publickey-credentials-get screen-wake-lock serial speaker-selection
storage-access usb window-management xr-spatial-tracking
"""
"""All browser features that Permissions-Policy can switch off, except `clipboard-write`.

Some pages need `clipboard-write`, because a button on them copies a link to the clipboard.
"""

_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ",".join(
        f"{feature}=()" for feature in _BROWSER_FEATURES.split()
    ),
}
_STRICT_TRANSPORT_SECURITY = "max-age=63072000; includeSubDomains"
_HTTP_HEADERS = list(_HEADERS.items())
_HTTPS_HEADERS = [
    *_HTTP_HEADERS,
    ("Strict-Transport-Security", _STRICT_TRANSPORT_SECURITY),
]


def init_headers(app: Flask) -> None:
    """Add the headers to every response, and compress pages.

    Error pages and static files get the headers too.
    """
    app.after_request(_finish_response)


def list_headers(is_secure: bool) -> list[tuple[str, str]]:
    """Return the names and values of the headers that are equal for all pages.

    Responses that are no pages have the same headers, but not Permissions-Policy.

    If `is_secure` is true, the list also contains Strict-Transport-Security.
    """
    return _HTTPS_HEADERS if is_secure else _HTTP_HEADERS


def _finish_response(response: Response) -> Response:
    _compress(response)
    _add_headers(response)
    return response


def _add_headers(response: Response) -> None:
    headers = response.headers
    headers.setdefault("Cache-Control", "no-store")
    is_front = request.endpoint == _FRONT_PAGE
    if not is_front and request.blueprint not in _INDEXED_BLUEPRINTS:
        headers["X-Robots-Tag"] = ROBOTS

    equal_headers = list_headers(request.is_secure)
    if response.mimetype != "text/html":
        # Only a page can use features of the browser. The header would make all other responses
        # larger, for example the 29 responses that the script of a quiz reads.
        equal_headers = [
            pair for pair in equal_headers if pair[0] != "Permissions-Policy"
        ]
    # Add the long list last, because Werkzeug compares a single header with all earlier headers.
    headers.extend(equal_headers)


def _compress(response: Response) -> None:
    """Compress a text of at least MIN_COMPRESSED_BYTES if the browser accepts gzip.

    Do not compress a response that already has a Content-Encoding, for example a static file.
    """
    if response.direct_passthrough or "Content-Encoding" in response.headers:
        return
    mimetype = response.mimetype or ""
    if not mimetype.startswith(("text/", "application/json")):
        return
    data = response.get_data()
    if len(data) < MIN_COMPRESSED_BYTES:
        return

    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(data, COMPRESSION_LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
