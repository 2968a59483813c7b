"""Makes the set-up link, with which the operator creates the first admin account.

If no account exists, each start of the server makes a new set-up link.
"""

import secrets
from datetime import UTC, datetime

from flask import Flask

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.password_links import SETUP, make_link
from fitquiz.store.accounts.staff import staff_exist
from fitquiz.web.site.database_session import get_session, writing


def make_setup_link(app: Flask) -> str | None:
    """Return the path of a new set-up link, or None if an account exists.

    The new set-up link replaces the earlier set-up link, which then no longer works.
    """
    with app.app_context():
        if staff_exist(get_session()):
            return None
        token = secrets.token_urlsafe(32)
        with writing() as session:
            make_link(session, hash_token(token), None, SETUP, datetime.now(UTC))
    return f"/en/staff-links/{token}"
