"""Limits on the size of forms, in bytes, and the refusal of requests that arrive too slowly.

Pages on which HR pastes long lists accept larger forms than other pages.
"""

from flask import Flask, abort, request

MAX_FORM_BYTES = 64 * 1024
MAX_PASTED_BYTES = 512 * 1024
LATE = "fitquiz.late"
"""A key in the WSGI environment.

`fitquiz.server.gateway` sets this key if the request body did not arrive in time.
"""
_PAGES_FOR_PASTING = (
    "campaigns.new",
    "units.units",
    "invitations.revoke",
    "mailings.new",
)


def init_form_limits(app: Flask) -> None:
    """Set the limits for all pages.

    Call this function before you register a `before_request` function that reads a form.
    """
    app.config["MAX_CONTENT_LENGTH"] = MAX_FORM_BYTES
    app.before_request(_check_limits)


def _check_limits() -> None:
    if request.environ.get(LATE):
        abort(408)

    if request.endpoint in _PAGES_FOR_PASTING:
        request.max_content_length = MAX_PASTED_BYTES
        request.max_form_memory_size = MAX_PASTED_BYTES
