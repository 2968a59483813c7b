"""Reads a respondent's own link."""

from tests.web.support.respondent import Respondent


def read_link(alice: Respondent) -> str:
    """Return the path of the own link that the page about the link shows."""
    (field,) = alice.open(f"{alice.base}/link").find_all("input", id="link")
    return (field.get("value") or "").removeprefix(alice.host)
