"""Limits on the size of forms, in bytes, and the refusal of requests that arrive too slowly.

Pages on which HR pastes long lists accept larger forms than other pages. Pages on which HR uploads
a file accept even larger forms, but only from staff who are signed in.

The server keeps an uploaded file in memory only, because addresses must not lie on the disk.
"""

import io
import re
from collections.abc import Mapping
from typing import IO, Any

from flask import Flask, Request, abort, request

from fitquiz.web.security.current_staff import find_staff

MAX_FORM_BYTES = 64 * 1024
MAX_PASTED_BYTES = 512 * 1024
MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_LIST_CHARACTERS = 2_000_000
"""The largest length of a list of people as text."""
MAX_UPLOAD_BYTES = MAX_FILE_BYTES + 2 * MAX_LIST_CHARACTERS
"""The largest form with a file and a list."""
LATE = "fitquiz.late"
"""A key in the WSGI environment.

`fitquiz.server.gateway` sets this key if the request body did not arrive in time.
"""
_PAGES_FOR_PASTING = (
    "campaigns.new",
    "units.units",
    "invitations.revoke",
)
_PAGES_FOR_UPLOADS = ("campaigns.new", "people.new", "mailings.new")
_UPLOAD_PATH = re.compile(r"/campaigns/(new|[0-9]+/people|[0-9]+/mailings/new)\Z")
_STAFF_COOKIE = re.compile(r"(^|[ ;])(__Host-)?staff=")


class FormRequest(Request):
    """A request whose files never lie on the disk."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Return a file in memory. The limits of the form also limit the file."""
        return io.BytesIO()


def find_body_limit(environ: Mapping[str, Any]) -> int:
    """Return how many bytes the server may read before the app gets the request.

    A cookie with any content counts here. Before the server reads more than MAX_PASTED_BYTES, it
    checks the cookie with `upload_rights.may_upload`.
    """
    has_upload_path = _UPLOAD_PATH.search(environ["PATH_INFO"])
    if has_upload_path and _STAFF_COOKIE.search(environ.get("HTTP_COOKIE", "")):
        return MAX_UPLOAD_BYTES
    return MAX_PASTED_BYTES


def is_large(environ: Mapping[str, Any]) -> bool:
    """Return whether the body can be larger than the forms of other pages."""
    if find_body_limit(environ) <= MAX_PASTED_BYTES:
        return False
    length = read_length(environ)
    if not length.isdigit():
        return True
    return int(length) > MAX_PASTED_BYTES


def read_length(environ: Mapping[str, Any]) -> str:
    """Return the length of a body, `0` for no body, or an empty text for an unknown length."""
    has_unknown_length = "HTTP_TRANSFER_ENCODING" in environ
    length: str = environ.get("CONTENT_LENGTH", "" if has_unknown_length else "0")
    return length


def init_form_limits(app: Flask) -> None:
    """Set the limits for all pages.

    Call this function before you register a `before_request` function that reads a form.
    """
    app.request_class = FormRequest
    app.config["MAX_CONTENT_LENGTH"] = MAX_FORM_BYTES
    app.before_request(_check_limits)


def _check_limits() -> None:
    if request.environ.get(LATE):
        abort(408)

    if request.endpoint in _PAGES_FOR_PASTING:
        _allow(MAX_PASTED_BYTES)
    if request.endpoint in _PAGES_FOR_UPLOADS and find_staff():
        _allow(MAX_UPLOAD_BYTES)


def _allow(limit: int) -> None:
    request.max_content_length = limit
    request.max_form_memory_size = limit
