"""Deleting answers: what is deleted, the receipt, and that every address is gone (410)."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from flask import Flask

from fitquiz.config.settings import BACKUP_DAYS
from fitquiz.store.attempts.deletion import delete_attempt
from fitquiz.web.device.held_attempts import HeldAttempt, load_held_attempt
from fitquiz.web.quiz import answering
from fitquiz.web.site.database_session import writing
from tests.web.support.answering import FIRST, agree
from tests.web.support.page_checks import check_page
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link

PAGES = ["", "check", f"items/{FIRST[0]}", "items/no-such-item", "result", "answers"]
PAGES += ["answers.csv", "answers.json", "link", "delete"]


@pytest.fixture
def link(alice: Respondent) -> str:
    """Alice has deleted a finished attempt; its secret link is left."""
    alice.take(agree())
    link = read_link(alice)
    alice.send(alice.open(f"{alice.base}/delete").find_form("/delete"))
    return link


def test_the_page_before_names_what_goes(alice: Respondent) -> None:
    alice.start()
    alice.answer(1)
    assert "1 answer, and when you gave it" in alice.open(f"{alice.base}/delete").text


def test_the_back_button_finds_no_page_of_deleted_answers(alice: Respondent) -> None:
    alice.start()
    form = alice.open(f"{alice.base}/delete").find_form("/delete")
    response = alice.post(form.action, form.fields)
    assert response.headers["Clear-Site-Data"] == '"cache"'


def test_only_a_receipt_is_left(app: Flask, link: str) -> None:
    records = read_records(app)
    assert (records["attempt"], records["answer"]) == ([], [])
    assert [row[-1] for row in records["deleted_attempt"]] == [28]


def test_the_receipt_names_day_and_number(alice: Respondent, link: str) -> None:
    facts = alice.page.list_texts("dd")
    assert facts[0] == alice.handle
    assert facts[1].endswith((" CET", " CEST"))
    assert facts[2] == "28"


def test_an_answer_that_meets_the_deletion_is_gone_and_renews_no_cookie(
    alice: Respondent, app: Flask
) -> None:
    form = alice.start().find_form(f"/items/{FIRST[0]}")
    fields = {**form.fields, "answer": "1"}

    def load_and_delete(handle: str, item_id: str) -> HeldAttempt:
        held = load_held_attempt(handle, item_id)
        with writing() as session:
            assert delete_attempt(session, held.attempt.token_hash, datetime.now(UTC))
        return held

    with patch.object(answering, "load_held_attempt", side_effect=load_and_delete):
        response = alice.post(form.action, fields)
    check_page(response, 410)
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_page_of_a_deletion_promises_anything_of_backups(
    alice: Respondent, language: str
) -> None:
    alice.start()
    base = f"/{language}{alice.base[3:]}"
    before = alice.open(f"{base}/delete")
    receipt = alice.send(before.find_form("/delete"))
    for page in (before, receipt, alice.open(f"{base}/check", 410)):
        assert f" {BACKUP_DAYS} " in page.text, page.h1
        assert [words for words in ("for good", "for godt") if words in page.text] == [], page.h1


def test_every_address_of_a_deleted_attempt_is_gone(alice: Respondent, link: str) -> None:
    for page in PAGES:
        for language in ("nb", "en"):
            alice.language = language
            check_page(alice.client.get(f"{alice.base}/{page}"), 410)


@pytest.mark.parametrize("place", ["check", f"items/{FIRST[0]}", "parts/leading", "reopen"])
def test_a_form_of_a_deleted_attempt_is_gone(alice: Respondent, link: str, place: str) -> None:
    response = alice.post(
        f"{alice.base}/{place}", {"csrf_token": alice.read_token(), "answer": "1"}
    )
    check_page(response, 410)
    assert "Set-Cookie" not in response.headers, "what is gone is held no longer than it was"


def test_the_secret_link_is_gone_for_everybody(
    alice: Respondent, mallory: Respondent, link: str
) -> None:
    alice.open(link, 410)
    mallory.open(link, 410)
    check_page(mallory.post(link, {"csrf_token": mallory.read_token()}), 410)


def test_deleting_twice_gives_the_same_receipt(alice: Respondent, app: Flask) -> None:
    alice.take(agree())
    form = alice.open(f"{alice.base}/delete").find_form("/delete")
    first = alice.send(form).text
    before = read_records(app)
    assert alice.send(form).text == first
    assert read_records(app) == before


def test_another_device_sees_no_receipt(alice: Respondent, mallory: Respondent, link: str) -> None:
    mallory.open(alice.address, 404)


def test_deleting_one_attempt_leaves_the_other(alice: Respondent, app: Flask) -> None:
    alice.start()
    alice.answer(3)
    kept = alice.base
    alice.start()
    alice.send(alice.open(f"{alice.base}/delete").find_form("/delete"))
    assert [row[1] for row in read_records(app)["answer"]] == [FIRST[0]]
    alice.open(f"{kept}/check")


def test_the_start_page_offers_a_start_again(alice: Respondent, link: str) -> None:
    assert "/en/packs/front-back-office/begin" in alice.open("/en/").links
    alice.start()
    alice.answer(1)
