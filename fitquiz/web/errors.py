"""Error pages. Each page shows what the visitor can do next. No page shows server internals."""

import json
import logging
from math import ceil

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import BadHost, HTTPException, NotFound, SecurityError
from werkzeug.wrappers import Response

from fitquiz.config.settings import BACKUP_DAYS
from fitquiz.store.engine.database import DatabaseUnusableError, is_database_fault
from fitquiz.store.ledger.hr_connection import LedgerUnreachableError
from fitquiz.web.accounts.kept_forms import keep_form
from fitquiz.web.accounts.staff_forms import SignInForm
from fitquiz.web.device.held_attempts import NotHeldError, NotStoredError
from fitquiz.web.limits.rate_limits import (
    TooManyBegunByOneError,
    TooManyBegunError,
)
from fitquiz.web.security.access import SignedOutError, is_signed_out
from fitquiz.web.security.current_staff import find_staff, forget_staff
from fitquiz.web.security.foreign_forms import ForeignFormError
from fitquiz.web.site.pasted_addresses import redirect_to_meant_page

_CODES_WITH_PAGE = (400, 404, 405, 410, 413, 429, 500, 503)
_KEPT_HEADERS = ("Allow", "Retry-After")
_JSON_ENDPOINTS = (
    "background_answers.read_items",
    "background_answers.store_answers",
)
"""The script of the item pages reads errors as JSON. All other visitors get pages."""

_JSON_TYPE = {"Content-Type": "application/json"}

_log = logging.getLogger(__name__)

Page = tuple[str, int, dict[str, str]]


def init_errors(app: Flask) -> None:
    """Register, for each kind of error, the function that returns the error page."""
    app.register_error_handler(CSRFError, _show_csrf_error)
    app.register_error_handler(SignedOutError, _show_signed_out)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(NotFound, _show_missing)
    app.register_error_handler(BadHost, _show_bad_host)
    app.register_error_handler(SecurityError, _show_bad_host)
    app.register_error_handler(DBAPIError, _show_database_error)
    app.register_error_handler(DatabaseUnusableError, _show_unavailable)
    app.register_error_handler(PoolTimeoutError, _show_unavailable)
    app.register_error_handler(LedgerUnreachableError, _show_reports_unavailable)
    app.register_error_handler(Exception, _show_bug)


def _show_csrf_error(_error: CSRFError) -> Page:
    """Return a page that explains why the form token is not valid.

    If the browser sends the session cookie, the page with the form is too old. If the browser sends
    other cookies only, the browser was closed. If the browser sends no cookie at all, cookies are
    probably switched off.
    """
    name = current_app.session_interface.get_cookie_name(current_app)
    return _error_page(
        "csrf",
        400,
        has_session=name in request.cookies,
        has_cookies=bool(request.cookies),
    )


def _show_signed_out(_error: SignedOutError) -> Page:
    """Return a page with the form for the sign-in, which carries the refused form."""
    return _show_sign_in(keep_form())


def _show_sign_in(kept: str) -> Page:
    methods = getattr(request.url_rule, "methods", ())
    onward = request.full_path.rstrip("?") if "GET" in methods else ""
    form = SignInForm(formdata=None, onward=onward, kept=kept)
    return _error_page("signed_out", 403, form=form)


def _show_missing(error: NotFound) -> Page | Response:
    """Redirect to the page that the address means, or return the error page if no page is meant."""
    return redirect_to_meant_page() or _show_http_error(error)


def _show_http_error(error: HTTPException) -> Page:
    code = error.code or 500
    if code < 400:
        code = 500
    if code == 413 and _can_find_staff() and is_signed_out():
        # The form was not read, because only signed-in staff may send a form of this size.
        return _show_sign_in(kept="")

    if isinstance(error, TooManyBegunError):
        name = "too_many_begun"
    elif isinstance(error, NotHeldError):
        name = "not_held"
    elif isinstance(error, NotStoredError):
        name = "not_stored"
    elif isinstance(error, TooManyBegunByOneError):
        name = "too_many_begun_by_one"
    elif isinstance(error, ForeignFormError):
        name = "foreign_form"
    elif code == 403:
        name = "permission"
    elif code in _CODES_WITH_PAGE:
        name = str(code)
    elif code < 500:
        name = "400"
    else:
        name = "500"

    headers = {
        name: value for name, value in error.get_headers() if name in _KEPT_HEADERS
    }
    wait = int(headers.get("Retry-After", 0))
    return _error_page(name, code, headers, **_describe_wait(wait))


def _show_bad_host(_error: HTTPException) -> Page:
    """Return plain text, because an HTML page has links and a link needs a valid host."""
    text = "The host name in the request is not valid.\n"
    return text, 400, {"Content-Type": "text/plain; charset=utf-8"}


def _show_database_error(error: DBAPIError) -> Page:
    if is_database_fault(error):
        return _show_unavailable(error)
    return _show_bug(error)


def _show_unavailable(error: Exception) -> Page:
    """Log the database error and return a page that asks the visitor to try again.

    Flask calls this function if the database is unreachable, busy or full.
    """
    _log.error("the database cannot be used: %s", _describe_error(error))
    is_reading = request.method in ("GET", "HEAD")
    name = "unreadable" if is_reading else "503"
    return _error_page(name, 503, {"Retry-After": "5"})


def _show_reports_unavailable(error: LedgerUnreachableError) -> Page:
    """Log the error and return a page that asks HR to try again.

    Flask calls this function if HR's database connection cannot be used. Only HR's reports use
    this connection.
    """
    _log.error("HR's database connection cannot be used: %s", error)
    return _error_page("ledger", 503, {"Retry-After": "60"})


def _show_bug(error: Exception) -> Page:
    _log.exception("a request failed", exc_info=error)
    return _error_page("500", 500)


def _describe_error(error: Exception) -> str:
    """Return the message of the database driver, without the values of the SQL statement.

    These values may be the answers of a respondent. If the driver did not raise the error, return
    the name of the error's type.
    """
    if isinstance(error, DBAPIError):
        return str(error.orig)
    return type(error).__name__


def _describe_wait(seconds: int) -> dict[str, int]:
    """Return the wait that a page shows. From 60 seconds on, return minutes, rounded up."""
    if seconds < 60:
        return {"wait_seconds": seconds}
    return {"wait_minutes": ceil(seconds / 60)}


def _can_find_staff() -> bool:
    """Return whether the database can say who is signed in."""
    try:
        find_staff()
    except (DBAPIError, DatabaseUnusableError, PoolTimeoutError):
        return False
    return True


def _error_page(
    name: str, code: int, headers: dict[str, str] | None = None, **values: object
) -> Page:
    if request.endpoint in _JSON_ENDPOINTS:
        sentence = f"The request failed with the status {code}."
        return json.dumps({"error": sentence}), code, {**(headers or {}), **_JSON_TYPE}

    if code >= 500 or not _can_find_staff():
        # Without the database, the page has no navigation of staff.
        forget_staff()
    page = render_template(
        f"errors/{name}.html",
        code=code,
        handle=(request.view_args or {}).get("handle", ""),
        backup_days=BACKUP_DAYS,
        settings=current_app.extensions["fitquiz_settings"],
        **values,
    )
    return page, code, headers or {}
