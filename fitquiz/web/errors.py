"""Every error as a page that says what to do. Nothing of the inside is shown."""

import logging

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import BadHost, HTTPException, SecurityError

from fitquiz.config.settings import BACKUP_DAYS
from fitquiz.store.engine.database import DatabaseUnusableError, is_passing
from fitquiz.store.ledger.hr_connection import LedgerUnreachableError
from fitquiz.web.security.rate_limits import TooManyBegunError

_PAGES = (400, 403, 404, 405, 410, 413, 429, 500, 503)
_log = logging.getLogger(__name__)

Page = tuple[str, int, dict[str, str]]


def init_errors(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(CSRFError, lambda _error: _render("csrf", 400))
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(BadHost, _show_bad_host)
    app.register_error_handler(SecurityError, _show_bad_host)
    app.register_error_handler(
        DBAPIError, lambda error: (_show_trouble if is_passing(error) else _show_failure)(error)
    )
    app.register_error_handler(DatabaseUnusableError, _show_trouble)
    app.register_error_handler(PoolTimeoutError, _show_trouble)
    app.register_error_handler(LedgerUnreachableError, _show_closed_reports)
    app.register_error_handler(Exception, _show_failure)


def _show(error: HTTPException) -> Page:
    code = error.code or 500
    if code < 400:
        code = 500
    known = code if code in _PAGES else (400 if code < 500 else 500)
    page = "too_many_begun" if isinstance(error, TooManyBegunError) else str(known)
    headers = {
        name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")
    }
    return _render(page, code, headers)


def _show_bad_host(_error: HTTPException) -> Page:
    """Without a host that can be read no address can be written, so this one is no page."""
    return (
        "The host that was asked for cannot be one.\n",
        400,
        {"Content-Type": "text/plain; charset=utf-8"},
    )


def _show_trouble(error: Exception) -> Page:
    """The database is out of reach, busy or full: nothing was acknowledged, and it may be tried again."""
    _log.error("database: %s", _say(error))
    name = "unreadable" if request.method in ("GET", "HEAD") else "503"
    return _render(name, 503, {"Retry-After": "5"})


def _show_closed_reports(error: Exception) -> Page:
    """HR's own connection alone is out of reach."""
    _log.error("ledger: %s", error)
    return _render("ledger", 503, {"Retry-After": "60"})


def _show_failure(error: Exception) -> Page:
    _log.exception("failure", exc_info=error)
    return _render("500", 500)


def _say(error: Exception) -> str:
    """What the database said, without the statement and its values, which may hold answers."""
    return str(error.orig) if isinstance(error, DBAPIError) else type(error).__name__


def _render(name: str, code: int, headers: dict[str, str] | None = None) -> Page:
    return (
        render_template(f"errors/{name}.html", code=code, backup_days=BACKUP_DAYS),
        code,
        headers or {},
    )
