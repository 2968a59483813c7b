"""The script reads statements and stores answers: acknowledged is stored, and refused has a reason."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from fitquiz.store.engine.database import Database
from fitquiz.web.quiz.background_answers import MAX_ANSWERS
from tests.web.support.answering import FIRST, PACK, agree
from tests.web.support.background_answers import (
    post_background_answers,
    post_background_text,
    read_background_items,
)
from tests.web.support.page_checks import check_headers
from tests.web.support.records import read_answers, read_records
from tests.web.support.respondent import Respondent

SENT_ELSEWHERE = [{"item": FIRST[0], "answer": 1}]


def give(person: Respondent, *answers: tuple[str, object]) -> TestResponse:
    return post_background_answers(
        person, [{"item": item, "answer": value} for item, value in answers]
    )


def read_outcome(response: TestResponse) -> tuple[list[str], list[str]]:
    """Return the items of the stored answers, and the items of the refused answers."""
    reply = response.get_json()
    return reply["stored"], reply["refused"]


@pytest.fixture
def answering(alice: Respondent) -> Respondent:
    alice.start()
    return alice


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_script_reads_the_statements_in_the_language_of_the_page(
    app: Flask, language: str
) -> None:
    alice = Respondent(app.test_client(), language)
    alice.start()
    alice.answer(3)
    read = read_background_items(alice).get_json()
    texts = PACK.words[language]["items"]
    assert read["items"] == [{"id": item, "text": texts[item]} for item in FIRST]
    assert [(item, given["answer"]) for item, given in read["answers"].items()] == [(FIRST[0], 3)]
    assert 0 <= read["now"] - read["answers"][FIRST[0]]["given"] < 60_000


def test_acknowledged_answers_are_stored(answering: Respondent, app: Flask) -> None:
    response = give(answering, (FIRST[0], 3), (FIRST[1], None), (FIRST[5], 0))
    assert read_outcome(response) == ([FIRST[0], FIRST[1], FIRST[5]], [])
    assert read_answers(app) == {FIRST[0]: 3, FIRST[1]: None, FIRST[5]: 0}


def test_the_replies_have_the_headers_that_protect_them(answering: Respondent) -> None:
    check_headers(read_background_items(answering))
    check_headers(give(answering, (FIRST[0], 3)))


def test_a_single_answer_is_stored_without_a_session(
    answering: Respondent, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("a session was opened")

    monkeypatch.setattr(Database, "begin_write", refuse)
    assert give(answering, (FIRST[0], 3)).get_json()["stored"] == [FIRST[0]]
    assert read_answers(app) == {FIRST[0]: 3}


def test_the_same_answers_may_be_sent_again(answering: Respondent, app: Flask) -> None:
    for _ in range(2):
        assert give(answering, (FIRST[0], 3)).get_json()["stored"] == [FIRST[0]]
    assert give(answering, (FIRST[0], 1)).status_code == 200
    assert read_answers(app) == {FIRST[0]: 1}


def test_of_two_answers_to_one_item_the_last_counts(answering: Respondent, app: Flask) -> None:
    give(answering, (FIRST[0], 3), (FIRST[0], 4))
    assert read_answers(app) == {FIRST[0]: 4}


@pytest.mark.parametrize("value", [-1, 5, 3.0, True, "3", [], {}, 10**30])
def test_a_wrong_answer_is_refused_and_the_others_are_stored(
    answering: Respondent, app: Flask, value: object
) -> None:
    response = give(answering, (FIRST[0], value), (FIRST[1], 2))
    assert read_outcome(response) == ([FIRST[1]], [FIRST[0]])
    assert read_answers(app) == {FIRST[1]: 2}


@pytest.mark.parametrize("item", ["", "autonomy-99", "leading-1", "\0", "x" * 5000])
def test_an_item_that_is_not_open_is_refused_and_the_others_are_stored(
    answering: Respondent, app: Flask, item: str
) -> None:
    response = give(answering, (item, 1), (FIRST[1], 2))
    assert read_outcome(response) == ([FIRST[1]], [item])
    assert read_answers(app) == {FIRST[1]: 2}


def test_the_page_about_a_refused_answer_names_both_reasons(answering: Respondent) -> None:
    give(answering, (FIRST[0], 9))
    text = answering.open(f"{answering.base}/refused").text
    assert "You can no longer answer this, or your answer is not one of the choices." in text


def test_an_answer_without_a_value_is_not_taken_for_a_skipped_item(
    answering: Respondent, app: Flask
) -> None:
    response = post_background_answers(answering, [{"item": FIRST[0]}])
    assert response.get_json()["refused"] == [FIRST[0]]
    assert read_answers(app) == {}


@pytest.mark.parametrize(
    "body",
    [
        None,
        7,
        {},
        {"answers": []},
        [3],
        [{"answer": 1}],
        [{"item": 3, "answer": 1}],
        [{"item": FIRST[0], "answer": 1}, "x"],
    ],
)
def test_a_malformed_body_is_refused_whole_with_a_sentence(
    answering: Respondent, app: Flask, body: object
) -> None:
    response = post_background_answers(answering, body)
    assert response.status_code == 400
    assert response.get_json()["error"].startswith(("Send a JSON list", "Each answer is"))
    assert read_answers(app) == {}


@pytest.mark.parametrize("text", ["", "{", "answer=1", "[" * 10_000, "[NaN]", "\ufffd"])
def test_text_that_is_no_json_is_refused(answering: Respondent, app: Flask, text: str) -> None:
    response = post_background_text(answering, text)
    assert (response.status_code, list(response.get_json())) == (400, ["error"])
    assert read_answers(app) == {}


@pytest.mark.parametrize("count", [MAX_ANSWERS + 1, 100_000])
def test_too_many_answers_are_refused(answering: Respondent, app: Flask, count: int) -> None:
    response = give(answering, *[(FIRST[0], 1)] * count)
    assert (response.status_code, list(response.get_json())) == (413, ["error"])
    assert read_answers(app) == {}


@pytest.mark.parametrize("token", ["", "forged"])
def test_without_a_form_token_nothing_is_stored(
    answering: Respondent, app: Flask, token: str
) -> None:
    response = post_background_answers(answering, SENT_ELSEWHERE, token)
    assert (response.status_code, list(response.get_json())) == (400, ["error"])
    assert read_answers(app) == {}


def test_another_device_cannot_read_or_answer(
    answering: Respondent, mallory: Respondent, app: Flask
) -> None:
    mallory.start()
    token = read_background_items(mallory).get_json()["token"]
    mallory.address = answering.address
    assert read_background_items(mallory).status_code == 404
    response = post_background_answers(mallory, SENT_ELSEWHERE, token)
    assert (response.status_code, list(response.get_json())) == (404, ["error"])
    assert read_answers(app) == {}


def test_after_the_answers_were_sent_each_answer_is_refused(
    answering: Respondent, app: Flask
) -> None:
    token = read_background_items(answering).get_json()["token"]
    answering.answer_all(agree())
    answering.finish()
    before = read_records(app)
    assert read_background_items(answering).get_json()["items"] == []
    response = post_background_answers(answering, SENT_ELSEWHERE, token)
    assert read_outcome(response) == ([], [FIRST[0]])
    assert read_records(app) == before
    assert "See your result" in answering.open(f"{answering.base}/refused").text


def test_a_deleted_attempt_is_gone(answering: Respondent, app: Flask) -> None:
    token = read_background_items(answering).get_json()["token"]
    address = answering.address
    answering.open(f"{answering.base}/delete")
    answering.send(answering.page.find_form("/delete"))
    answering.address = address
    response = post_background_answers(answering, SENT_ELSEWHERE, token)
    assert (response.status_code, list(response.get_json())) == (410, ["error"])
    assert read_answers(app) == {}


def test_a_part_that_opens_at_the_same_moment_makes_the_script_send_again(
    answering: Respondent, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "fitquiz.web.quiz.background_answers.record_answers", lambda *_, **__: False
    )
    response = give(answering, (FIRST[0], 1))
    assert (response.status_code, list(response.get_json())) == (409, ["error"])
    assert read_answers(app) == {}
