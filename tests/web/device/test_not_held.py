"""The page about an attempt that this device does not hold."""

import pytest

from tests.web.support.app_fixtures import MakeApp
from tests.web.support.page_checks import check_page
from tests.web.support.respondent import Respondent

NOT_HELD = "This device does not hold these answers"


def test_the_page_names_what_happened_and_every_way_back(make_app: MakeApp) -> None:
    app = make_app(unfinished_days=21, finished_days=99)
    page = Respondent(app.test_client()).open(f"/en/attempts/{'A' * 12}/result", 404)
    assert page.h1 == NOT_HELD
    for words in (
        "30 minutes",
        "another device",
        "21 days",
        "99 days",
        "own link",
        "invitation",
        "not saved yet",
    ):
        assert words in page.text
    assert page.find_link("/en/code")
    assert page.find_all("a", class_="button")[0].get("href") == "/en/"


@pytest.mark.parametrize(
    "page", ["", "check", "result", "items/autonomy-1", "link", "deleted", "refused"]
)
def test_every_page_of_an_attempt_explains_itself(alice: Respondent, page: str) -> None:
    assert alice.open(f"/en/attempts/{'A' * 12}/{page}", 404).h1 == NOT_HELD


@pytest.mark.parametrize("page", ["check", "items/autonomy-1", "delete", "forget", "parts/leading"])
def test_a_form_of_an_attempt_explains_itself(alice: Respondent, page: str) -> None:
    token = alice.read_token()
    response = alice.post(f"/en/attempts/{'A' * 12}/{page}", {"csrf_token": token})
    assert check_page(response, 404).h1 == NOT_HELD


def test_other_addresses_have_the_usual_page(alice: Respondent) -> None:
    for address in ("/en/nothing", f"/en/return/{'A' * 43}"):
        assert alice.open(address, 404).h1 != NOT_HELD
