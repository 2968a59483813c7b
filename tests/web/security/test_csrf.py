"""A form is taken only with the token of its own session, and only from our own pages."""

import pytest
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from tests.web.support.answering import FIRST
from tests.web.support.page import Form
from tests.web.support.page_checks import check_page
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


@pytest.mark.parametrize("host", ["https://localhost", "http://localhost"])
@pytest.mark.parametrize("referer", FOREIGN)
def test_without_better_headers_a_form_is_refused_from_another_site(
    app: Flask, referer: str, host: str
) -> None:
    if host == "http://localhost" and referer == "http://localhost/":
        return
    alice = Respondent(app.test_client(), host=host)
    form = begin(alice)
    data = {"csrf_token": form.fields["csrf_token"], "answer": "2"}
    sent = alice.client.post(form.action, base_url=host, data=data, headers={"Referer": referer})
    assert sent.status_code == 403
    assert read_answers(app) == {}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost:8443", "Sec-Fetch-Site": "same-origin"},
        {"Referer": "http://localhost:8443/en/", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://localhost", "Referer": "https://spoofed.example/"},
        {"Sec-Fetch-Site": "same-origin", "Referer": "https://[spoofed"},
        {"Referer": "https://localhost"},
    ],
)
def test_over_https_a_browser_needs_no_referer(app: Flask, headers: dict[str, str]) -> None:
    alice = Respondent(app.test_client(), host="https://localhost")
    form = begin(alice)
    data = {"csrf_token": form.fields["csrf_token"], "answer": "2"}
    sent = alice.client.post(form.action, base_url=alice.host, data=data, headers=headers)
    assert sent.status_code == 303
    assert read_answers(app) == {FIRST[0]: 2}
    sent = alice.client.post(
        form.action, base_url=alice.host, data={"answer": "3"}, headers=headers
    )
    assert sent.status_code == 400
    assert read_answers(app) == {FIRST[0]: 2}


@pytest.mark.parametrize("origin", ["https://localhost", "http://localhost:8443", "null"])
def test_behind_a_proxy_that_is_not_known_the_word_of_the_browser_is_enough(
    alice: Respondent, app: Flask, origin: str
) -> None:
    form = begin(alice)
    data = {"csrf_token": form.fields["csrf_token"], "answer": "2"}
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert alice.client.post(form.action, data=data, headers=headers).status_code == 303
    assert read_answers(app) == {FIRST[0]: 2}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://localhost", "Sec-Fetch-Site": "same-site"},
        {"Origin": "https://localhost", "Sec-Fetch-Site": ""},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost"},
        {"Origin": "https://localhost:8443"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "https://evil.example", "Referer": "https://localhost/"},
    ],
)
def test_a_form_that_the_headers_call_foreign_is_refused(
    app: Flask, headers: dict[str, str]
) -> None:
    alice = Respondent(app.test_client(), host="https://localhost")
    form = begin(alice)
    data = {"csrf_token": form.fields["csrf_token"], "answer": "2"}
    sent = alice.client.post(form.action, base_url=alice.host, data=data, headers=headers)
    assert sent.status_code == 403
    assert read_answers(app) == {}


@pytest.mark.parametrize("language", ["en", "nb"])
def test_the_error_page_blames_cookies_only_if_none_came(app: Flask, language: str) -> None:
    address = f"/{language}/clear"
    word = {"en": "cookies", "nb": "informasjonskapsler"}[language]
    without = check_page(app.test_client().post(address, data={"csrf_token": "x"}), 400)
    assert word in without.text

    alice = Respondent(app.test_client(), language)
    begin(alice)
    for token in ("", "x", alice.read_token()[:-1] + "!"):
        page = check_page(alice.post(address, {"csrf_token": token}), 400)
        assert word not in page.text
        assert {"en": "too old", "nb": "for gammel"}[language] in page.text


@pytest.mark.parametrize("address", ["/nowhere", "/en/privacy", "/en/clear"])
def test_a_malformed_referer_is_refused_by_every_route(app: Flask, address: str) -> None:
    for referer in ("https://localhost:abc/", "https://localhost:99999/", "https://[localhost/"):
        answer = app.test_client().post(
            address,
            base_url="https://localhost",
            data={"csrf_token": "x"},
            headers={"Referer": referer},
        )
        assert answer.status_code == 403


@pytest.mark.parametrize(("address", "status"), [("/nowhere", 404), ("/en/privacy", 405)])
def test_a_route_that_takes_no_form_does_not_check_one(
    app: Flask, address: str, status: int
) -> None:
    answer = app.test_client().post(
        address, data={"csrf_token": "x"}, headers={"Origin": "http://localhost"}
    )
    assert (answer.status_code, "Cookie" in answer.vary) == (status, False)


def test_a_browser_without_cookies_is_told_so_first(alice: Respondent) -> None:
    form = begin(alice)
    without_cookies = alice.client.application.test_client(use_cookies=False)
    response = without_cookies.post(form.action, data=form.fields)
    page = check_page(response, 400)
    assert "does not store cookies" in page.text
    assert "Allow cookies" in page.text
    alice.client.delete_cookie("form")
    assert (
        "does not store cookies" not in check_page(alice.post(form.action, form.fields), 400).text
    )
