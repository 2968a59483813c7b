"""The browser that holds attempts: its cookies, the secret link, and clearing them."""

import pytest
from flask import Flask

from fitquiz.core.secrets.tokens import make_handle
from tests.web.support.answering import agree
from tests.web.support.page_checks import check_page
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link

DAYS, MINUTES = 24 * 3600, 60


def read_cookies(alice: Respondent) -> dict[str, set[str]]:
    """Begin an attempt and return the attributes of each cookie that was set."""
    response = alice.client.get("/en/packs/front-back-office/begin", base_url=alice.host)
    form = check_page(response).find_form("/begin")
    cookies = response.headers.getlist("Set-Cookie")
    cookies += alice.post(form.action, form.fields).headers.getlist("Set-Cookie")
    parts = [cookie.split("; ") for cookie in cookies]
    return {first.partition("=")[0]: set(rest) for first, *rest in parts}


def read_held_tokens(alice: Respondent) -> list[str]:
    cookie = alice.client.get_cookie("attempts")
    return cookie.value.split(".")[1:] if cookie else []


def test_over_https_cookies_are_bound_to_host_and_https(app: Flask) -> None:
    common = {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"}
    assert read_cookies(Respondent(app.test_client(), host="https://localhost")) == {
        "__Host-form": common,
        "__Host-attempts": {*common, f"Max-Age={30 * MINUTES}"},
    }


def test_over_http_cookies_are_as_strict_as_they_can_be(alice: Respondent) -> None:
    common = {"Path=/", "HttpOnly", "SameSite=Lax"}
    assert read_cookies(alice) == {"form": common, "attempts": {*common, f"Max-Age={30 * MINUTES}"}}


def test_the_whole_quiz_is_taken_over_https(app: Flask) -> None:
    alice = Respondent(app.test_client(), host="https://localhost")
    alice.take(agree())
    assert alice.client.get_cookie("__Host-attempts") is not None


@pytest.mark.parametrize(("choices", "seconds"), [({}, 30 * MINUTES), ({"keep": "y"}, 30 * DAYS)])
def test_a_device_remembers_for_as_long_as_was_asked(
    alice: Respondent, choices: dict[str, str], seconds: int
) -> None:
    alice.start(**choices)
    for page in ("", "check"):
        cookies = alice.client.get(f"{alice.base}/{page}").headers.getlist("Set-Cookie")
        assert [cookie for cookie in cookies if f"Max-Age={seconds};" in cookie]


def test_every_answer_renews_the_cookie(alice: Respondent) -> None:
    form = alice.start().forms[0]
    for response in (
        alice.client.get(form.action),
        alice.post(form.action, {**form.fields, "answer": "2"}),
    ):
        (cookie,) = response.headers.getlist("Set-Cookie")
        assert cookie.startswith(f"attempts=idle.{alice.find_token()};")
        assert f"Max-Age={30 * MINUTES};" in cookie


def test_the_secret_is_stored_nowhere_but_on_the_device(alice: Respondent, app: Flask) -> None:
    alice.start()
    (token,) = read_held_tokens(alice)
    assert token not in str(read_records(app))
    assert token.encode() not in b"".join(
        alice.client.get(alice.base + page).data for page in ("/check", "/delete")
    )


def test_looking_at_a_secret_link_opens_and_changes_nothing(
    alice: Respondent, mallory: Respondent, app: Flask
) -> None:
    alice.start()
    link, before = read_link(alice), read_records(app)
    mallory.open(link)
    mallory.client.head(link)
    assert read_held_tokens(mallory) == []
    assert read_records(app) == before
    mallory.open(f"{alice.base}/check", 404)


def test_the_button_of_a_secret_link_opens_the_attempt_there(alice: Respondent, app: Flask) -> None:
    alice.take(agree(people=4))
    elsewhere = Respondent(app.test_client())
    elsewhere.send(elsewhere.open(read_link(alice)).forms[0])
    assert elsewhere.address == f"{alice.base}/result"


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 44, "..", "A" * 42 + "%0A"])
def test_a_guessed_link_is_not_found(alice: Respondent, token: str) -> None:
    alice.open(f"/en/return/{token}", 404)


def test_clearing_leaves_nothing_on_the_device(alice: Respondent) -> None:
    alice.take(agree())
    base, form = alice.base, alice.open("/en/clear").forms[0]
    response = alice.post(form.action, form.fields)
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert response.location == "/en/cleared"
    assert alice.client.get_cookie("attempts") is None
    alice.open(f"{base}/result", 404)


def test_clearing_deletes_no_answers(alice: Respondent, app: Flask) -> None:
    alice.take(agree())
    link, before = read_link(alice), read_records(app)
    alice.send(alice.open("/en/clear").forms[0])
    assert read_records(app) == before
    alice.send(alice.open(link).forms[0])
    assert alice.address.endswith("/result")


def test_the_clear_page_says_whether_there_is_anything(alice: Respondent) -> None:
    assert "This device holds no answers." in alice.open("/en/clear").text
    alice.start()
    assert "This device holds no answers." not in alice.open("/en/clear").text


def test_at_most_ten_attempts_are_held_the_newest_first(alice: Respondent) -> None:
    bases = []
    for _ in range(11):
        alice.start()
        bases.append(alice.base)
    assert len(set(read_held_tokens(alice))) == len(read_held_tokens(alice)) == 10
    alice.open(f"{bases[0]}/check", 404)
    for base in bases[1:]:
        alice.open(f"{base}/check")


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        ".",
        "kept",
        "idle.x",
        "kept." + "A" * 43,
        "idle." + ".".join(["é" * 43] * 9),
        "A" * 4000,
        '"\\000"',
    ],
)
def test_a_garbage_cookie_counts_as_none(alice: Respondent, cookie: str) -> None:
    alice.client.set_cookie("attempts", cookie)
    alice.open("/en/")
    alice.open("/en/attempts/AAAAAAAAAAAA/check", 404)
    alice.start()
    alice.answer(1)


def test_a_garbage_form_cookie_counts_as_none(alice: Respondent) -> None:
    alice.client.set_cookie("form", "garbage.x.y")
    alice.start()


def test_each_attempt_is_remembered_for_as_long_as_was_asked_for_it(alice: Respondent) -> None:
    alice.start(keep="y")
    first = alice.handle
    alice.start()
    kept, idle = alice.client.get_cookie("attempts-kept"), alice.client.get_cookie("attempts")
    assert kept
    assert idle
    assert make_handle(kept.value.removeprefix("kept.")) == first
    assert make_handle(idle.value.removeprefix("idle.")) == alice.handle


def test_the_start_page_lists_every_attempt_held_here_open_ones_first(alice: Respondent) -> None:
    alice.take(agree())
    finished = alice.handle
    alice.start()
    links = [
        link for link in alice.open("/en/").links if "/attempts/" in link and "delete" not in link
    ]
    assert links == [
        f"/en/attempts/{name}" for name in (f"{name_of_open(alice)}/", f"{finished}/result")
    ]


def name_of_open(alice: Respondent) -> str:
    return make_handle(read_held_tokens(alice)[0])


def test_clearing_nothing_sets_no_cookie(alice: Respondent) -> None:
    page = alice.open("/en/clear")
    assert page.forms == []
    assert "Set-Cookie" not in page.response.headers
