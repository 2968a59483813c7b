"""The addresses for monitoring, in plain text: is the process alive, ready, and how busy."""

import hmac

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.store.accounts.key_fingerprints import find_fingerprint
from fitquiz.store.engine.database import DatabaseUnusableError
from fitquiz.store.upkeep.schema import is_current
from fitquiz.web.monitoring.metrics import get_metrics
from fitquiz.web.site.database_session import get_database, get_session

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Respond without using the database: the process is alive."""
    return plain_response("ok", 200)


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say whether the database can be used. The response gives no reason; `fitquiz doctor` does.

    The key is checked too, because `fitquiz key replace` may have run while this process was
    running.
    """
    try:
        is_ready = is_current(get_database()) and _has_own_key()
    except (SQLAlchemyError, DatabaseUnusableError, OSError):
        is_ready = False

    if not is_ready:
        return plain_response("not ready", 503)
    return plain_response("ready", 200)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Show the counters to a client that sends the bearer token; 404 if metrics are off."""
    counters = get_metrics()
    if counters is None:
        abort(404)

    if not _has_token(counters.token):
        response = plain_response("a bearer token is needed", 401)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    return Response(
        counters.write(),
        mimetype="text/plain",
        content_type=counters.content_type,
    )


def plain_response(text: str, status: int) -> Response:
    """Return one line of plain text."""
    return Response(f"{text}\n", status, mimetype="text/plain")


def _has_own_key() -> bool:
    """Whether the database belongs to the secret key of this process."""
    own_fingerprint = fingerprint_key(str(current_app.config["SECRET_KEY"]))
    return find_fingerprint(get_session()) == own_fingerprint


def _has_token(token: str) -> bool:
    header = request.headers.get("Authorization", "")
    scheme, _, sent_token = header.partition(" ")
    if scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(sent_token.strip().encode(), token.encode())
