"""The pages for monitoring programs: `/healthz`, `/readyz` and `/metrics`."""

import hmac

from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError

from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.store.accounts.key_fingerprints import find_fingerprint
from fitquiz.store.engine.database import DatabaseUnusableError
from fitquiz.store.upkeep.schema import is_current
from fitquiz.web.monitoring.metrics import get_metrics
from fitquiz.web.security.secret_key import get_secret_key
from fitquiz.web.site.database_session import get_database, get_session

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Return status 200 without using the database. The response shows that the process runs."""
    return plain_response("ok", 200)


@blueprint.get("/readyz")
def readyz() -> Response:
    """Return status 200 if the server can use the database. Otherwise, return status 503.

    The response gives no reason. The command `fitquiz doctor` shows the reason.

    The function also checks the secret key. The command `fitquiz key replace` may have run after
    the start of this process.
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
    """Return the metrics if the request contains the token of FITQUIZ_METRICS_TOKEN.

    Return status 401 if the token is missing or wrong. Abort with 404 if metrics are off.
    """
    counters = get_metrics()
    if counters is None:
        abort(404)

    if not _has_token(counters.token):
        response = plain_response("the request needs the bearer token", 401)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    return Response(
        counters.write(),
        mimetype="text/plain",
        content_type=counters.content_type,
    )


def plain_response(text: str, status: int) -> Response:
    """Return a response with one line of plain text."""
    return Response(f"{text}\n", status, mimetype="text/plain")


def _has_own_key() -> bool:
    """Return whether the database stores the fingerprint of this process's secret key."""
    own_fingerprint = fingerprint_key(get_secret_key())
    return find_fingerprint(get_session()) == own_fingerprint


def _has_token(token: str) -> bool:
    header = request.headers.get("Authorization", "")
    scheme, _, sent_token = header.partition(" ")
    if scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(sent_token.strip().encode(), token.encode())
