"""A form is taken only with the token of its own session, and only from our own pages."""

import pytest
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from tests.web.support.answering import FIRST
from tests.web.support.page import Form
from tests.web.support.records import read_answers
from tests.web.support.respondent import Respondent

FOREIGN = [
    "https://evil.example/",
    "https://localhost.evil.example/",
    "https://localhost@evil.example/",
    "https://localhost:444/",
    "http://localhost/",
    "//localhost/",
    "null",
    "https://localhost:abc/",
    "https://[localhost/",
]


def begin(person: Respondent) -> Form:
    return person.start().find_form(f"/items/{FIRST[0]}")


def send(person: Respondent, form: Form, token: str, answer: str = "1") -> int:
    return person.post(form.action, {"csrf_token": token, "answer": answer}).status_code


def test_a_token_is_refused_in_another_session(alice: Respondent, mallory: Respondent) -> None:
    alices_form = begin(alice)
    mallorys_form = begin(mallory)
    alices_token = alices_form.fields["csrf_token"]
    mallorys_token = mallorys_form.fields["csrf_token"]

    assert send(alice, alices_form, alices_token) == 303
    assert send(alice, alices_form, mallorys_token) == 400
    assert send(mallory, mallorys_form, mallorys_token) == 303
    assert send(mallory, mallorys_form, alices_token) == 400
    assert send(alice, alices_form, alices_token) == 303


def test_a_wrong_link_is_refused_each_time(alice: Respondent, app: Flask) -> None:
    form = begin(alice)
    wrong = form.fields["csrf_token"][:-1] + "!"
    for token in (wrong, wrong, "", ""):
        assert send(alice, form, token) == 400
    assert read_answers(app) == {}


def test_a_token_is_refused_without_a_session(alice: Respondent) -> None:
    form = begin(alice)
    token = form.fields["csrf_token"]
    assert send(alice, form, token) == 303
    alice.client.delete_cookie("form")
    assert send(alice, form, token) == 400


def test_no_key_is_not_an_empty_key(app: Flask) -> None:
    with app.test_request_context():
        session["csrf_token"] = ""
        token = generate_csrf()
        sessions = app.session_interface
        serializer = sessions.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own has it
        cookie = serializer.dumps(dict(session))
    for sent, status in ((cookie, 303), ("", 400)):
        answer = app.test_client(use_cookies=False).post(
            "/en/clear", data={"csrf_token": token}, headers={"Cookie": f"form={sent}"}
        )
        assert answer.status_code == status


@pytest.mark.parametrize("referer", [*FOREIGN, None])
def test_over_https_a_token_is_refused_from_another_site(app: Flask, referer: str | None) -> None:
    alice = Respondent(app.test_client(), host="https://localhost")
    form = begin(alice)
    token = form.fields["csrf_token"]
    assert send(alice, form, token) == 303
    data = {"csrf_token": token, "answer": "2"}
    headers = {"Referer": referer} if referer else {}
    sent = alice.client.post(form.action, base_url=alice.host, data=data, headers=headers)
    assert sent.status_code == 400
    assert read_answers(app) == {FIRST[0]: 1}
    assert send(alice, form, token, "3") == 303


@pytest.mark.parametrize("address", ["/nowhere", "/en/privacy", "/en/clear"])
def test_a_malformed_referer_is_refused_by_every_route(app: Flask, address: str) -> None:
    for referer in ("https://localhost:abc/", "https://localhost:99999/", "https://[localhost/"):
        answer = app.test_client().post(
            address,
            base_url="https://localhost",
            data={"csrf_token": "x"},
            headers={"Referer": referer},
        )
        assert answer.status_code == 400


@pytest.mark.parametrize(("address", "status"), [("/nowhere", 404), ("/en/privacy", 405)])
def test_a_route_that_takes_no_form_does_not_check_one(
    app: Flask, address: str, status: int
) -> None:
    answer = app.test_client().post(
        address, data={"csrf_token": "x"}, headers={"Origin": "http://localhost"}
    )
    assert (answer.status_code, "Cookie" in answer.vary) == (status, False)
