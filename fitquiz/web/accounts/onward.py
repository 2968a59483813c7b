"""Where a sign-in leads to afterwards: to one of our own pages, whatever the address says."""

from flask import url_for


def find_way(onward: str) -> str:
    """Where somebody was going; nowhere but to a page of ours."""
    is_ours = onward.startswith("/") and not onward.startswith(("//", "/\\")) and "\\" not in onward
    return onward if is_ours and onward.isprintable() else url_for("own_account.account")
