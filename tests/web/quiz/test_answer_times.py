"""The time of an answer decides which answer counts, and whether a shared cookie is renewed."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.answers import list_moments
from fitquiz.store.attempts.attempts import find_attempt
from fitquiz.web.site.database_session import get_session
from tests.web.support.answering import FIRST
from tests.web.support.background_answers import (
    post_background_answers,
    read_background_items,
)
from tests.web.support.clock import Clock
from tests.web.support.records import read_answers
from tests.web.support.respondent import Respondent


@pytest.fixture
def answering(alice: Respondent) -> Respondent:
    alice.start()
    return alice


@pytest.fixture
def read_moments(app: Flask, answering: Respondent) -> Callable[[], dict[str, Any]]:
    def read() -> dict[str, Any]:
        with app.app_context():
            attempt = find_attempt(get_session(), hash_token(answering.find_token()))
            assert attempt is not None
            return {"start": attempt.started_at, **list_moments(get_session(), attempt)}

    return read


def test_the_stored_time_is_the_time_of_the_tap(
    answering: Respondent, read_moments: Callable[[], dict[str, Any]]
) -> None:
    now = read_background_items(answering).get_json()["now"]
    answers = [
        {"item": FIRST[0], "answer": 1, "given": now + 1},
        {"item": FIRST[1], "answer": 1, "given": now + 3},
        {"item": FIRST[2], "answer": 1, "given": now - 10**9},
        {"item": FIRST[3], "answer": 1, "given": now + 10**9},
    ]
    time.sleep(0.01)
    read = post_background_answers(answering, answers).get_json()
    moments = read_moments()
    assert moments[FIRST[1]] - moments[FIRST[0]] == timedelta(milliseconds=2)
    assert moments[FIRST[2]] == moments["start"]
    assert moments[FIRST[1]] < moments[FIRST[3]]
    assert int(moments[FIRST[3]].timestamp() * 1000) == read["now"]


def test_an_answer_that_arrives_late_does_not_replace_a_newer_one(
    answering: Respondent, app: Flask
) -> None:
    now = read_background_items(answering).get_json()["now"]
    time.sleep(0.01)
    post_background_answers(answering, [{"item": FIRST[0], "answer": 4, "given": now + 3}])
    late = {"item": FIRST[0], "answer": 1, "given": now + 2}
    reply = post_background_answers(
        answering, [late, {"item": FIRST[1], "answer": 2, "given": now + 2}]
    )
    assert reply.get_json()["stored"] == FIRST[:2]
    assert read_answers(app) == {FIRST[0]: 4, FIRST[1]: 2}
    read = read_background_items(answering).get_json()
    assert read["answers"][FIRST[0]] == {"answer": 4, "given": now + 3}


def test_a_fresh_answer_in_the_background_renews_an_old_cookie(
    alice: Respondent, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    clock.stop()
    alice.start(device="shared")
    given = read_background_items(alice).get_json()["now"]
    for minutes, seconds, is_renewed in ((9, 0, False), (2, 121, False), (0, 119, True)):
        clock.turn(minutes=minutes)
        given += minutes * 60_000
        assert "Set-Cookie" not in read_background_items(alice).headers
        answer = {"item": FIRST[0], "answer": 3, "given": given - seconds * 1000}
        response = post_background_answers(alice, [answer])
        assert ("attempts=" in response.headers.get("Set-Cookie", "")) == is_renewed


def test_the_request_of_a_closing_page_stores_its_answer_and_renews_no_cookie(
    alice: Respondent, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    clock.stop()
    alice.start(device="shared")
    clock.turn(minutes=29)
    token = read_background_items(alice).get_json()["token"]
    response = post_background_answers(
        alice, [{"item": FIRST[0], "answer": 1}], token, closing="true"
    )
    assert response.get_json()["stored"] == [FIRST[0]]
    assert read_answers(app) == {FIRST[0]: 1}
    assert "attempts=" not in response.headers.get("Set-Cookie", "")


@pytest.mark.parametrize("given", [-5, 10**30, "7", 1.5, None, True, []])
def test_a_time_that_cannot_be_is_taken_as_now(
    answering: Respondent, read_moments: Callable[[], dict[str, Any]], given: object
) -> None:
    answers = [{"item": FIRST[0], "answer": 1, "given": given}]
    assert post_background_answers(answering, answers).get_json()["stored"] == [FIRST[0]]
    moments = read_moments()
    assert moments[FIRST[0]] >= moments["start"]
