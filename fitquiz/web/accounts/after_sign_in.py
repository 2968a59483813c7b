"""Chooses the page that a browser opens after the sign-in. The page always belongs to this site."""

from flask import url_for


def find_next_page(onward: str) -> str:
    """Return `onward` if `onward` is a path on this site.

    Otherwise, return the address of the account page. `//example.org` and `/\\example.org` are not
    paths on this site, because a browser opens another site for these addresses.
    """
    is_path = onward.startswith("/") and not onward.startswith("//")
    is_safe = is_path and "\\" not in onward and onward.isprintable()
    if is_safe:
        return onward
    return url_for("own_account.account")
