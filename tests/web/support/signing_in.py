"""Signs in with the form."""

from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import PASSWORD


def sign_in(
    person: Respondent, email: str = "hana@example.org", password: str = PASSWORD, status: int = 200
) -> None:
    person.open("/en/sign-in")
    person.send(person.page.find_form("/sign-in"), status, email=email, password=password)
