"""Loads an account for the pages of administrators."""

from flask import abort

from fitquiz.store.accounts.staff import Staff, find_staff
from fitquiz.store.engine.paging import LARGEST_ID
from fitquiz.web.site.database_session import get_session


def load_staff(staff_id: int) -> Staff:
    """Return an account. Abort with 404 if no account has the id.

    PostgreSQL would raise an error for an id above LARGEST_ID.
    """
    if staff_id > LARGEST_ID:
        abort(404)
    staff = find_staff(get_session(), staff_id)
    if staff is None:
        abort(404)
    return staff
