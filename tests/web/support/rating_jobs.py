"""Rates a job by its form."""

from tests.web.support.page import Page
from tests.web.support.respondent import Respondent


def rate(person: Respondent, kind: str = "present", status: int = 200, **ratings: str) -> Page:
    """Rate a job; hyphens are written as underlines."""
    person.open(f"{person.base}/jobs/{kind}")
    given = {f"trait-{name.replace('_', '-')}": value for name, value in ratings.items()}
    return person.send(person.page.find_form(f"/jobs/{kind}"), status, **given)
