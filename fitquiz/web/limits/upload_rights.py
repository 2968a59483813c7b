"""Decides whether a visitor may upload a file, before the server reads the body of the request."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.http import parse_cookie

from fitquiz.store.accounts.staff import HR
from fitquiz.store.engine.database import DatabaseUnusableError
from fitquiz.web.security.current_staff import COOKIE_NAMES, find_sign_in


def may_upload(app: Flask, environ: Mapping[str, Any]) -> bool:
    """Return whether the sign-in cookie belongs to a signed-in staff member with the permission HR.

    Return False if the database does not respond. The app then shows its error page.
    """
    cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
    tokens = [cookies[name] for name in COOKIE_NAMES if name in cookies]
    try:
        with app.app_context():
            return any(_is_of_hr(token) for token in tokens)
    except (DBAPIError, DatabaseUnusableError, PoolTimeoutError):
        return False


def _is_of_hr(token: str) -> bool:
    found = find_sign_in(token)
    if found is None:
        return False
    staff, _signed_in_at, _seen_at = found
    return HR in staff.permissions
