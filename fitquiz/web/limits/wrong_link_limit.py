"""A limit on the number of wrong tokens that one IP address may send.

An IP address above the limit gets a 429 for a wrong token. A right token always works.

The limit is high, because many people may share one IP address. A high limit is safe, because
nobody can guess a token of 256 random bits.

The counts are stored in memory. Otherwise, each wrong token would cause a database write.
"""

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import TooManyRequests

from fitquiz.store.accounts.rate_limit_counters import RateLimit
from fitquiz.web.limits.memory_limits import MemoryLimit
from fitquiz.web.limits.rate_limits import address_key, count_seconds
from fitquiz.web.security.access import ACCESS, BEARER

WRONG_LINKS = RateLimit("token", 120, 10)


def init_wrong_link_limit(app: Flask) -> None:
    """Check the response to every request whose URL contains a token.

    Call this function after `init_headers`. Otherwise, the 429 page would lack the security
    headers.
    """
    limit = MemoryLimit(WRONG_LINKS)
    app.after_request(lambda response: _check(response, limit))


def note_wrong_link() -> None:
    """Count the token of this request as wrong, although the response is not a 404."""
    g.is_wrong_link = True


def note_known_link() -> None:
    """Do not count the token of this request, although the response is a 404.

    The token belongs to a link that cannot be used any more. Therefore nobody has guessed the
    token.
    """
    g.is_wrong_link = False


def _check(response: Response, limit: MemoryLimit) -> Response:
    is_wrong = g.get("is_wrong_link", response.status_code == 404)
    has_token = ACCESS.get(request.endpoint or "") == BEARER
    if not is_wrong or not has_token:
        return response

    wait = limit.count(address_key())
    if wait is None:
        return response
    error = TooManyRequests(retry_after=count_seconds(wait))
    page = current_app.handle_http_exception(error)
    return current_app.make_response(page)
