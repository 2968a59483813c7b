"""Where a staff member goes after the sign-in: only ever to a page of this site."""

from flask import url_for


def find_next_page(onward: str) -> str:
    """Return the address that the sign-in page was given, or the account page if it is unsafe.

    A browser reads `//example.org` and `/\\example.org` as addresses of another site.
    """
    is_path = onward.startswith("/") and not onward.startswith("//")
    is_safe = is_path and "\\" not in onward and onward.isprintable()
    if is_safe:
        return onward
    return url_for("own_account.account")
