"""How much a form may hold: enough for any answer, and more only where a whole organisation is pasted. And how late."""

from flask import Flask, abort, request

MOST_BYTES = 64 * 1024
MOST_PASTED_BYTES = 512 * 1024
LATE = "fitquiz.late"
"""What the server notes in the environment of a request whose body did not come in time."""
_PASTED = ("campaigns.new", "units.units", "invitations.revoke")


def init_form_limits(app: Flask) -> None:
    """Set the limits; this must come before anything that reads a form."""
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.before_request(_refuse_late)
    app.before_request(_allow_what_is_pasted)


def _refuse_late() -> None:
    if request.environ.get(LATE):
        abort(408)


def _allow_what_is_pasted() -> None:
    if request.endpoint in _PASTED:
        request.max_content_length = request.max_form_memory_size = MOST_PASTED_BYTES
