"""The browser that holds attempts: its cookies, the secret link, and clearing them."""

import re

import pytest
from flask import Flask

from fitquiz.core.secrets.tokens import make_handle
from tests.web.support.answering import agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.page_checks import check_page
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link
from tests.web.support.staff_member import StaffMember

DAY, MINUTE = 24 * 3600, 60
OWN_SECONDS = (30 + 180) * DAY
SHARED_SECONDS = 30 * MINUTE


def read_cookies(alice: Respondent, device: str) -> dict[str, set[str]]:
    """Begin an attempt and return the attributes of each cookie that was set."""
    response = alice.client.get("/en/packs/front-back-office/begin", base_url=alice.host)
    form = check_page(response).find_form("/begin")
    cookies = response.headers.getlist("Set-Cookie")
    cookies += alice.post(form.action, {**form.fields, "device": device}).headers.getlist(
        "Set-Cookie"
    )
    parts = [cookie.split("; ") for cookie in cookies]
    # The name of a kept cookie ends with the handle of its attempt.
    found = {first.partition("=")[0]: set(rest) for first, *rest in parts}
    return {re.sub("(?<=-kept)-.{12}$", "", name): rest for name, rest in found.items()}


def read_held_tokens(alice: Respondent) -> list[str]:
    """Return the tokens that an own device keeps, the newest first."""
    values = sorted(alice.read_kept().values(), reverse=True)
    return [value.split(".")[1] for value in values]


BOTH_DEVICES = pytest.mark.parametrize(
    ("device", "name", "seconds"),
    [("own", "attempts-kept", OWN_SECONDS), ("shared", "attempts", SHARED_SECONDS)],
)


@BOTH_DEVICES
def test_over_https_cookies_are_bound_to_host_and_https(
    app: Flask, device: str, name: str, seconds: int
) -> None:
    common = {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"}
    assert read_cookies(Respondent(app.test_client(), host="https://localhost"), device) == {
        "__Host-form": common,
        f"__Host-{name}": {*common, f"Max-Age={seconds}"},
    }


@BOTH_DEVICES
def test_over_http_cookies_are_as_strict_as_they_can_be(
    alice: Respondent, device: str, name: str, seconds: int
) -> None:
    common = {"Path=/", "HttpOnly", "SameSite=Lax"}
    expected = {"form": common, name: {*common, f"Max-Age={seconds}"}}
    assert read_cookies(alice, device) == expected


@pytest.mark.parametrize("device", ["own", "shared"])
def test_the_whole_quiz_is_taken_over_https(app: Flask, device: str) -> None:
    alice = Respondent(app.test_client(), host="https://localhost")
    alice.start(device=device)
    alice.answer_all(agree())
    assert alice.finish().h1


@pytest.mark.parametrize("device", [None, "", "mine", "own "])
def test_nothing_begins_before_a_device_is_chosen(
    alice: Respondent, app: Flask, device: str | None
) -> None:
    form = alice.open("/en/packs/front-back-office/begin").find_form("/begin")
    chosen = {} if device is None else {"device": device}
    check_page(alice.post(form.action, {**form.fields, **chosen}), 400)
    assert read_records(app)["attempt"] == []


@pytest.mark.parametrize(
    ("unfinished", "finished", "days"), [(30, 180, 210), (1, 1, 2), (99, 999, 400)]
)
def test_an_own_device_remembers_as_long_as_answers_may_be_kept(
    make_app: MakeApp, unfinished: int, finished: int, days: int
) -> None:
    app = make_app(unfinished_days=unfinished, finished_days=finished)
    cookies = read_cookies(Respondent(app.test_client()), "own")
    assert f"Max-Age={days * DAY}" in cookies["attempts-kept"]


def test_using_an_attempt_on_an_own_device_sends_no_cookie(alice: Respondent) -> None:
    form = alice.start().forms[0]
    alice.client.get(form.action)
    for response in (
        alice.client.get(form.action),
        alice.post(form.action, {**form.fields, "answer": "2"}),
        alice.client.get(f"{alice.base}/check"),
        alice.client.get("/en/"),
    ):
        assert response.headers.getlist("Set-Cookie") == []


def test_the_secret_is_stored_nowhere_but_on_the_device(alice: Respondent, app: Flask) -> None:
    alice.start()
    (token,) = read_held_tokens(alice)
    assert token == alice.find_token()
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


@BOTH_DEVICES
def test_the_buttons_of_a_secret_link_open_the_attempt_there(
    alice: Respondent, app: Flask, device: str, name: str, seconds: int
) -> None:
    alice.take(agree(people=4))
    elsewhere = Respondent(app.test_client())
    form = elsewhere.open(read_link(alice)).forms[0]
    (cookie,) = elsewhere.post(form.action, {**form.fields, "device": device}).headers.getlist(
        "Set-Cookie"
    )
    assert cookie.startswith(f"{name}-" if device == "own" else f"{name}=")
    assert f"Max-Age={seconds};" in cookie
    elsewhere.open(f"{alice.base}/result")


def test_a_secret_link_opens_nothing_before_a_device_is_chosen(
    alice: Respondent, mallory: Respondent
) -> None:
    alice.take(agree())
    form = mallory.open(read_link(alice)).forms[0]
    check_page(mallory.post(form.action, form.fields), 400)
    mallory.open(f"{alice.base}/result", 404)


def test_a_device_that_keeps_an_attempt_opens_its_secret_link_with_one_button(
    alice: Respondent,
) -> None:
    alice.take(agree())
    form = alice.open(read_link(alice)).forms[0]
    assert list(form.buttons) == ["Open on this device"]
    response = alice.post(form.action, form.fields)
    assert response.location == f"/en/attempts/{make_handle(read_held_tokens(alice)[0])}/"
    assert response.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 44, "..", "A" * 42 + "%0A"])
def test_a_guessed_link_is_not_found(alice: Respondent, token: str) -> None:
    alice.open(f"/en/return/{token}", 404)


def test_clearing_leaves_nothing_on_the_device(alice: Respondent) -> None:
    alice.take(agree())
    base, form = alice.base, alice.open("/en/clear").forms[0]
    response = alice.post(form.action, form.fields)
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert response.location == "/en/cleared"
    assert alice.client._cookies == {}
    alice.open(f"{base}/result", 404)


def test_clearing_leaves_what_other_sites_and_staff_have_stored(hana: StaffMember) -> None:
    hana.client.set_cookie("intranet", "other")
    hana.start()
    hana.send(hana.open("/en/clear").find_form("/clear"))
    assert not hana.read_kept()
    assert hana.client.get_cookie("intranet") is not None
    assert hana.open("/en/account").h1


def test_clearing_deletes_no_answers(alice: Respondent, app: Flask) -> None:
    alice.take(agree())
    link, before = read_link(alice), read_records(app)
    alice.send(alice.open("/en/clear").forms[0])
    assert read_records(app) == before
    alice.send(alice.open(link).forms[0])
    assert alice.address.endswith("/result")


def test_the_clear_page_says_whether_there_is_anything(alice: Respondent) -> None:
    assert "No answers can be opened on this device." in alice.open("/en/clear").text
    alice.start()
    page = alice.open("/en/clear")
    assert "No answers can be opened on this device." not in page.text
    assert "Answers that are not saved yet are lost." in page.text


def test_at_most_ten_attempts_are_held_the_newest_first(alice: Respondent) -> None:
    bases = []
    for _ in range(11):
        alice.start()
        bases.append(alice.base)
    assert len(set(read_held_tokens(alice))) == len(read_held_tokens(alice)) == 10
    alice.open(f"{bases[0]}/check", 404)
    for base in bases[1:]:
        alice.open(f"{base}/check")


@pytest.mark.parametrize("name", ["attempts", "attempts-kept"])
@pytest.mark.parametrize(
    "cookie",
    [
        "",
        ".",
        "kept",
        "kept.x",
        "idle.",
        "idle.x",
        "kept." + "A" * 43,
        "A" * 43 + ".aaaaaa." + "A" * 27,
        "kept." + ".".join(["é" * 43] * 9),
        "A" * 4000,
        '"\\000"',
    ],
)
def test_a_garbage_cookie_counts_as_none(alice: Respondent, name: str, cookie: str) -> None:
    alice.client.set_cookie(name, cookie)
    alice.open("/en/")
    alice.open("/en/attempts/AAAAAAAAAAAA/check", 404)
    alice.start()
    alice.answer(1)


def test_a_garbage_form_cookie_counts_as_none(alice: Respondent) -> None:
    alice.client.set_cookie("form", "garbage.x.y")
    alice.start()


def test_the_start_page_lists_every_attempt_held_here_open_ones_first(alice: Respondent) -> None:
    alice.take(agree())
    finished = alice.handle
    alice.start()
    links = [
        link
        for link in alice.open("/en/").links
        if "/attempts/" in link and not link.endswith(("/delete", "/link"))
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
