"""Two processes serve one browser: each goes by what is stored, whichever process stored it."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.support.answering import CASES, FIRST, PACK, agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.page import Form
from tests.web.support.records import change_behind, read_answers, read_records
from tests.web.support.respondent import Respondent

LEADING = PACK.parts["leading"].items[0].id


@pytest.fixture
def elsewhere(make_app: MakeApp, alice: Respondent) -> Callable[[], Respondent]:
    """The same browser, served by the other process, on a page that is open there."""
    other = make_app()

    def go() -> Respondent:
        client = other.test_client()
        form = alice.client.get_cookie("form")
        assert form is not None
        for name, value in {"form": form.value, **alice.read_kept()}.items():
            client.set_cookie(name, value)
        there = Respondent(client)
        there.open(alice.address)
        return there

    return go


def send_later(alice: Respondent, form: Form, value: str) -> int:
    """Send a form of an earlier page and return the status of the response."""
    return alice.post(form.action, {**form.fields, "answer": value}).status_code


def test_an_answer_is_stored_though_the_other_process_opened_a_part(
    app: Flask, alice: Respondent, elsewhere: Callable[[], Respondent]
) -> None:
    form, there = alice.start().forms[0], elsewhere()
    there.answer_all(agree())
    there.send(there.page.find_form("/parts/leading"))
    assert send_later(alice, form, "4") == 303
    assert read_answers(app)[FIRST[0]] == 4


def test_an_item_is_known_though_only_the_other_process_opened_its_part(
    app: Flask, alice: Respondent, elsewhere: Callable[[], Respondent]
) -> None:
    alice.start()
    there = elsewhere()
    there.answer_all(agree())
    form = there.send(there.page.find_form("/parts/leading")).forms[0]
    assert send_later(alice, form, "3") == 303
    assert read_answers(app)[LEADING] == 3


def test_nothing_is_stored_once_the_other_process_has_sent(
    app: Flask, alice: Respondent, elsewhere: Callable[[], Respondent]
) -> None:
    form, there = alice.start().forms[0], elsewhere()
    there.answer_all(CASES["front"][2])
    there.finish()
    before = read_records(app)
    assert send_later(alice, form, "4") == 303
    assert read_records(app) == before
    assert alice.open(alice.address).h1 == there.page.h1


def test_nothing_is_stored_once_the_other_process_has_deleted(
    app: Flask, alice: Respondent, elsewhere: Callable[[], Respondent]
) -> None:
    form, there = alice.start().forms[0], elsewhere()
    there.send(there.open(f"{there.base}/delete").find_form("/delete"))
    before = read_records(app)
    response = alice.post(form.action, {**form.fields, "answer": "4"})
    assert (response.status_code, response.headers.getlist("Set-Cookie")) == (410, [])
    assert read_records(app) == before


def test_nothing_is_stored_in_another_attempt_that_has_the_number_of_a_deleted_one(
    app: Flask, alice: Respondent, mallory: Respondent, elsewhere: Callable[[], Respondent]
) -> None:
    form, there = alice.start().forms[0], elsewhere()
    there.send(there.open(f"{there.base}/delete").find_form("/delete"))
    mallory.start()
    change_behind(app, "UPDATE attempt SET id = 1")
    assert send_later(alice, form, "4") == 410
    assert read_answers(app) == {}
