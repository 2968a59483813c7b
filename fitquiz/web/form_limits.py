"""How much a form may hold: enough for any answer, and more only where a whole organisation is pasted."""

from flask import Flask, request

MOST_BYTES = 64 * 1024
MOST_PASTED_BYTES = 512 * 1024
_PASTED = ("campaigns.new", "units.units", "invitations.revoke")


def init_form_limits(app: Flask) -> None:
    """Set the limits; this must come before anything that reads a form."""
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.before_request(_allow_what_is_pasted)


def _allow_what_is_pasted() -> None:
    if request.endpoint in _PASTED:
        request.max_content_length = request.max_form_memory_size = MOST_PASTED_BYTES
