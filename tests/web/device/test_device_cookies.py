"""The cookies of attempts: the signed one of a shared device, and those that an earlier version sent."""

import pytest
from flask import Flask
from itsdangerous import TimestampSigner

from tests.web.support.app_fixtures import MakeApp
from tests.web.support.clock import Clock
from tests.web.support.kiosks import read_shared
from tests.web.support.respondent import Respondent

SHARED = "A quiz on this shared device"


def test_a_cookie_that_somebody_else_signed_is_refused(
    alice: Respondent, mallory: Respondent, app: Flask, clock: Clock
) -> None:
    alice.start(device="shared")
    token, stamp, signature = read_shared(alice).split(".")
    later = TimestampSigner("x", salt="y").sign(token).decode().split(".")[1]
    other_salt = TimestampSigner(app.secret_key or "", salt="y").sign(token).decode()
    forged = (
        token,
        f"shared.{token}",
        f"{token}.{stamp}",
        f"{token}.{later}.{'A' * len(signature)}",
        f"{token}.zzzzzz.{signature}",
        other_salt,
    )
    for value in forged:
        mallory.client.set_cookie("attempts", value)
        mallory.open(f"{alice.base}/check", 404)
    mallory.client.set_cookie("attempts", f"{token}.{stamp}.{signature}")
    mallory.open(f"{alice.base}/check")


def test_another_secret_key_takes_no_earlier_cookie(
    make_app: MakeApp, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = make_app()
    alice = Respondent(here.test_client())
    alice.start(device="shared")
    there = make_app()
    other = Respondent(there.test_client())
    other.client.set_cookie("attempts", read_shared(alice))
    other.open(f"{alice.base}/check")

    signer = there.extensions["fitquiz_device_signer"]
    monkeypatch.setattr(signer, "secret_keys", [b"another key"])
    other.open(f"{alice.base}/check", 404)


def test_a_signed_text_that_is_no_token_counts_as_none(alice: Respondent, app: Flask) -> None:
    with app.test_request_context():
        signed = app.extensions["fitquiz_device_signer"].sign("no-token").decode()
    alice.client.set_cookie("attempts", signed)
    assert SHARED not in alice.open("/en/").text


def test_the_first_attempt_of_an_earlier_cookie_goes_on_as_a_shared_one(
    alice: Respondent, clock: Clock
) -> None:
    alice.start(device="own")
    bases, tokens = [alice.base], [alice.find_token()]
    alice.start(device="own")
    bases.append(alice.base)
    tokens.append(alice.find_token())
    for name in alice.read_kept():
        alice.client.delete_cookie(name)
    alice.client.set_cookie("attempts", f"idle.{tokens[0]}.{tokens[1]}")

    assert SHARED in alice.open("/en/").text
    alice.open(f"{bases[1]}/check", 404)
    alice.open(f"{bases[0]}/check")
    assert read_shared(alice).startswith(f"{tokens[0]}.")
    clock.turn(minutes=31)
    alice.open(f"{bases[0]}/check", 404)


def test_two_tabs_that_begin_at_the_same_moment_keep_both_attempts(
    alice: Respondent, app: Flask
) -> None:
    alice.start()
    forms = [alice.open("/en/packs/front-back-office/begin").find_form("/begin") for _ in range(2)]
    before = alice.client.get_cookie("form"), alice.read_kept()
    responses = []
    for form in forms:
        tab = Respondent(app.test_client())
        assert before[0]
        for name, value in {"form": before[0].value, **before[1]}.items():
            tab.client.set_cookie(name, value)
        responses.append(tab.post(form.action, {**form.fields, "device": "own"}))
    for response in responses:
        for cookie in response.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            alice.client.set_cookie(name, value)
    for response in responses:
        alice.open(response.location)
    assert len(alice.read_kept()) == 3


def test_the_cookie_of_an_earlier_version_is_read_and_forgets_one_attempt(
    alice: Respondent,
) -> None:
    bases, tokens = [], []
    for _ in range(2):
        alice.start()
        bases.append(alice.base)
        tokens.append(alice.find_token())
    for name in alice.read_kept():
        alice.client.delete_cookie(name)
    alice.client.set_cookie("attempts-kept", ".".join(("kept", *tokens)))
    alice.start()
    page = alice.open("/en/")
    assert [base for base in bases if f"{base}/" in page.links] == bases
    alice.post(f"{bases[0]}/forget", {"csrf_token": alice.read_token()})
    alice.open(f"{bases[0]}/check", 404)
    alice.open(f"{bases[1]}/check")
    kept = alice.client.get_cookie("attempts-kept")
    assert kept
    assert kept.value == f"kept.{tokens[1]}"
