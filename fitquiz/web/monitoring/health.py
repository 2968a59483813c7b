"""For whoever watches the server, in plain text: whether it lives, whether it can work, and how busy it is."""

import hmac

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.store.accounts.key_fingerprints import find_fingerprint
from fitquiz.store.engine.database import DatabaseUnusableError
from fitquiz.store.upkeep.schema import is_current
from fitquiz.web.monitoring.metrics import get_metrics
from fitquiz.web.site.db import get_database, get_session

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process answers; nothing else is touched."""
    return _say("ok", 200)


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say whether the database can be reached, has this program's schema and belongs to this process's key.

    Not what is the matter if it has not, or if its key was replaced while this process ran.
    """
    try:
        is_ready = is_current(get_database()) and find_fingerprint(
            get_session()
        ) == fingerprint_key(_secret_key())
    except (SQLAlchemyError, DatabaseUnusableError, OSError):
        is_ready = False
    return _say("ready", 200) if is_ready else _say("not ready", 503)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Show the counters to who sends the token that is set; without one there is no such page."""
    kept = get_metrics() or abort(404)
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not hmac.compare_digest(
        token.strip().encode(), kept.token.encode()
    ):
        refusal = _say("a bearer token is needed", 401)
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal
    return Response(kept.write(), mimetype="text/plain", content_type=kept.content_type)


def _secret_key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _say(word: str, status: int) -> Response:
    return Response(f"{word}\n", status, mimetype="text/plain")
