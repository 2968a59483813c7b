"""The page about an attempt that this device does not hold."""

from typing import Any

import pytest
from flask import Flask

from fitquiz.store.attempts.answers import record_answer
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.page_checks import check_page
from tests.web.support.records import change_behind
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link

NOT_HELD = "This device does not have these answers"


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


def test_a_purged_attempt_is_explained_by_the_age_of_answers(make_app: MakeApp) -> None:
    app = make_app(unfinished_days=21, finished_days=99)
    alice = Respondent(app.test_client())
    alice.start()
    link = read_link(alice)
    change_behind(app, "DELETE FROM attempt")
    forgotten = [f"fitquiz-answers-{alice.handle}."]
    for address, stored in ((f"{alice.base}/check", forgotten), (link, [])):
        page = alice.open(address, 404)
        heading = (
            "These answers are no longer stored" if stored else "No answers are stored at this link"
        )
        assert page.h1 == heading
        assert ("may be mistyped" in page.text.partition("21 days")[0]) == (address == link)
        assert "unfinished answers after 21 days, and finished answers after 99 days" in page.text
        marked = [each.get("data-forget") for each in page.find_all() if each.get("data-forget")]
        assert marked == stored
        assert ("Copy the whole link" in page.text) == (address == link)


def test_other_addresses_have_the_usual_page(alice: Respondent) -> None:
    for address in ("/en/nothing", f"/en/return/{'A' * 43}"):
        assert alice.open(address, 404).h1 != NOT_HELD


def test_an_attempt_that_is_deleted_during_the_request_keeps_no_cookie_alive(
    alice: Respondent, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def record_too_late(*arguments: Any) -> bool:
        change_behind(app, "DELETE FROM attempt")
        return record_answer(*arguments)

    form = alice.start(device="shared").forms[0]
    monkeypatch.setattr("fitquiz.web.quiz.answering.record_answer", record_too_late)
    response = alice.post(form.action, {**form.fields, "answer": "1"})
    assert (response.status_code, response.headers.getlist("Set-Cookie")) == (404, [])
