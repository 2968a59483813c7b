"""The signed cookie of a shared device, and the cookie that an earlier version sent."""

import pytest
from flask import Flask
from itsdangerous import TimestampSigner

from tests.web.support.app_fixtures import MakeApp
from tests.web.support.clock import Clock
from tests.web.support.kiosks import read_shared
from tests.web.support.respondent import Respondent

SHARED = "An attempt on this shared device"


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
