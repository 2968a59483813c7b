"""Chooses the page that a browser opens after the sign-in. The page always belongs to this site."""

from flask import url_for


def find_next_page(onward: str) -> str:
    """Return `onward` if `onward` is a path on this site.

    Return the path of the account page for every other text. `//example.org` and `/\\example.org`
    are not paths on this site, because browsers open another site for these texts.
    """
    is_path = onward.startswith("/") and not onward.startswith("//")
    is_safe = is_path and "\\" not in onward and onward.isprintable()
    if is_safe:
        return onward
    return url_for("own_account.account")
