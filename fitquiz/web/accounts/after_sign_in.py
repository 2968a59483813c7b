"""Chooses the page that a browser opens after the sign-in. The page always belongs to this site."""

from flask import url_for

from fitquiz.store.accounts.staff import Staff
from fitquiz.web.accounts.staff_navigation import find_first_page


def find_next_page(onward: str, staff: Staff) -> str:
    """Return `onward` if `onward` is a path on this site.

    For every other text, return the path of the first page that belongs to the staff member's work.
    `//example.org` and `/\\example.org`
    are not paths on this site, because browsers open another site for these texts.
    """
    is_path = onward.startswith("/") and not onward.startswith("//")
    is_safe = is_path and "\\" not in onward and onward.isprintable()
    if is_safe:
        return onward
    return url_for(find_first_page(staff))
