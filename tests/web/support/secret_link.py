"""Reads the secret link by which a respondent comes back."""

from tests.web.support.respondent import Respondent


def read_link(alice: Respondent) -> str:
    """The path of the secret link that the link page shows."""
    (field,) = alice.open(f"{alice.base}/link").find_all("input", id="link")
    return (field.get("value") or "").removeprefix(alice.host)
