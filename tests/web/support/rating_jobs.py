"""Rates a job with the form."""

from tests.web.support.page import Page
from tests.web.support.respondent import Respondent


def rate(person: Respondent, kind: str = "present", status: int = 200, **ratings: str) -> Page:
    """Rate a job. Write an underscore for each hyphen in the id of a trait."""
    person.open(f"{person.base}/jobs/{kind}")
    given = {f"trait-{name.replace('_', '-')}": value for name, value in ratings.items()}
    return person.send(person.page.find_form(f"/jobs/{kind}"), status, **given)
