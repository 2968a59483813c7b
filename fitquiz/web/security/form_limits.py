"""The largest form that a page accepts. Only pages for pasting long lists accept more."""

from flask import Flask, abort, request

MAX_FORM_BYTES = 64 * 1024
MAX_PASTED_BYTES = 512 * 1024
LATE = "fitquiz.late"
"""The gateway sets this key in the WSGI environment if the request body did not arrive in time."""
_PAGES_FOR_PASTING = ("campaigns.new", "units.units", "invitations.revoke")


def init_form_limits(app: Flask) -> None:
    """Set the limits. Call this before every `before_request` function that reads a form."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_FORM_BYTES
    app.before_request(_check_limits)


def _check_limits() -> None:
    if request.environ.get(LATE):
        abort(408)

    if request.endpoint in _PAGES_FOR_PASTING:
        request.max_content_length = MAX_PASTED_BYTES
        request.max_form_memory_size = MAX_PASTED_BYTES
