"""The quiz refuses bad forms, and a refusal changes nothing."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.support.answering import FIRST, PACK
from tests.web.support.page_checks import check_page
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent


@pytest.fixture
def unchanged(app: Flask, alice: Respondent) -> Callable[[], bool]:
    """Alice has answered one item. The function returns whether the database is unchanged since."""
    alice.start()
    alice.answer(3)
    before = read_records(app)
    return lambda: read_records(app) == before


@pytest.mark.parametrize(
    "answer", ["5", "-1", "99", "x", "", "1.0", "２", "3\0", "skip ", "9" * 5000]
)
def test_an_answer_that_is_not_offered_is_refused(
    alice: Respondent, unchanged: Callable[[], bool], answer: str
) -> None:
    form = alice.page.find_form(f"/items/{FIRST[1]}")
    check_page(alice.post(form.action, {**form.fields, "answer": answer}), 400)
    assert unchanged()


def test_a_form_without_an_answer_is_refused(
    alice: Respondent, unchanged: Callable[[], bool]
) -> None:
    form = alice.page.find_form(f"/items/{FIRST[1]}")
    check_page(alice.post(form.action, form.fields), 400)
    assert unchanged()


def test_an_answer_in_the_address_is_none(alice: Respondent, unchanged: Callable[[], bool]) -> None:
    form = alice.page.find_form(f"/items/{FIRST[1]}")
    check_page(alice.post(f"{form.action}?answer=1", form.fields), 400)
    assert unchanged()


@pytest.mark.parametrize("token", ["", "forged", "IjEi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
def test_a_form_with_a_forged_token_is_refused_and_nothing_is_lost(
    alice: Respondent, unchanged: Callable[[], bool], token: str
) -> None:
    form = alice.page.find_form(f"/items/{FIRST[1]}")
    page = check_page(alice.post(form.action, {"csrf_token": token, "answer": "1"}), 400)
    assert "Everything you saved before is safe." in page.text
    assert unchanged()


def test_a_form_without_a_token_is_refused(
    alice: Respondent, unchanged: Callable[[], bool]
) -> None:
    page = check_page(
        alice.post(alice.page.find_form(f"/items/{FIRST[1]}").action, {"answer": "1"}), 400
    )
    assert page.h1 == "We could not send the form"
    assert unchanged()


def test_the_token_of_another_device_is_refused(
    alice: Respondent, mallory: Respondent, unchanged: Callable[[], bool]
) -> None:
    form = alice.page.find_form(f"/items/{FIRST[1]}")
    check_page(alice.post(form.action, {"csrf_token": mallory.read_token(), "answer": "1"}), 400)
    assert unchanged()


@pytest.mark.parametrize(
    "origin", ["https://example.org", "http://localhost:8080", "null", "", "http://[", "localhost"]
)
def test_a_form_sent_from_a_foreign_origin_is_refused(
    alice: Respondent, unchanged: Callable[[], bool], origin: str
) -> None:
    form = alice.page.find_form(f"/items/{FIRST[1]}")
    response = alice.client.post(
        form.action, data={**form.fields, "answer": "1"}, headers={"Origin": origin}
    )
    assert "sent from another site" in check_page(response, 403).text
    assert unchanged()


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_form_that_the_browser_calls_foreign_is_refused(
    alice: Respondent, unchanged: Callable[[], bool], site: str
) -> None:
    form = alice.page.find_form(f"/items/{FIRST[1]}")
    response = alice.client.post(
        form.action, data={**form.fields, "answer": "1"}, headers={"Sec-Fetch-Site": site}
    )
    check_page(response, 403)
    assert unchanged()


def test_a_browser_that_tells_no_origin_may_answer(
    alice: Respondent, unchanged: Callable[[], bool]
) -> None:
    form = alice.page.find_form(f"/items/{FIRST[1]}")
    assert alice.client.post(form.action, data={**form.fields, "answer": "1"}).status_code == 303
    assert not unchanged()


def test_a_body_too_large_is_refused(alice: Respondent, unchanged: Callable[[], bool]) -> None:
    form = alice.page.find_form(f"/items/{FIRST[1]}")
    check_page(alice.post(form.action, {**form.fields, "answer": "1", "more": "x" * 70_000}), 413)
    assert unchanged()


@pytest.mark.parametrize(
    ("method", "place", "allowed"),
    [
        ("POST", "", {"GET", "HEAD", "OPTIONS"}),
        ("PUT", f"items/{FIRST[1]}", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("DELETE", "delete", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("GET", "parts/leading", {"POST", "OPTIONS"}),
        ("GET", "reopen", {"POST", "OPTIONS"}),
    ],
)
def test_a_wrong_method_is_refused_with_those_that_are_right(
    alice: Respondent, unchanged: Callable[[], bool], method: str, place: str, allowed: set[str]
) -> None:
    response = alice.client.open(f"{alice.base}/{place}", method=method)
    check_page(response, 405)
    assert {name.strip() for name in response.headers["Allow"].split(",")} == allowed
    assert unchanged()


@pytest.mark.parametrize("item", ["no-such-item", "autonomy-01", "..", "x" * 3000])
def test_an_unknown_item_is_not_found(
    alice: Respondent, unchanged: Callable[[], bool], item: str
) -> None:
    alice.open(f"{alice.base}/items/{item}", 404)
    assert unchanged()


@pytest.mark.parametrize(
    "part", ["conditions", "standard", "customer-readiness", "sharpening", "no-such-part"]
)
def test_a_part_that_is_not_offered_cannot_be_opened(
    alice: Respondent, unchanged: Callable[[], bool], part: str
) -> None:
    check_page(alice.post(f"{alice.base}/parts/{part}", {"csrf_token": alice.read_token()}), 404)
    assert unchanged()


def test_an_item_of_a_part_that_is_not_open_takes_no_answer(
    alice: Respondent, unchanged: Callable[[], bool]
) -> None:
    for part in ("leading", "conditions", "sharpening"):
        address = f"{alice.base}/items/{PACK.parts[part].items[0].id}"
        assert (
            alice.post(address, {"csrf_token": alice.read_token(), "answer": "1"}).location
            == f"{alice.base}/refused"
        )
    assert unchanged()


def test_a_random_handle_is_not_found(alice: Respondent, unchanged: Callable[[], bool]) -> None:
    for handle in ("AAAAAAAAAAAA", "x", alice.handle.swapcase()):
        alice.client.get(f"/en/attempts/{handle}/check")
        check_page(alice.client.get(f"/en/attempts/{handle}/check"), 404)
    assert unchanged()


@pytest.mark.parametrize("address", ["/en/\0", "/en/?x=\0", "/en/?\0=x", "/en/attempts/\0/check"])
def test_an_address_with_a_nul_byte_is_refused(alice: Respondent, address: str) -> None:
    check_page(alice.client.get(address.replace("\0", "%00")), 400)


@pytest.mark.parametrize(
    "query", ["handle=x", "item_id=x", "endpoint=x", "language=fr", "_scheme=evil", "_external=1"]
)
def test_a_query_of_somebody_else_changes_no_address_on_the_page(
    alice: Respondent, unchanged: Callable[[], bool], query: str
) -> None:
    page = alice.open(f"{alice.base}/items/{FIRST[1]}?{query}")
    assert [form.action for form in page.forms] == [f"{alice.base}/items/{FIRST[1]}"]
    assert unchanged()


@pytest.mark.parametrize("token", ["", "short", "x" * 44, "!" * 43, "\0" * 43])
def test_an_attempt_is_not_started_with_a_made_up_token(
    alice: Respondent, app: Flask, token: str
) -> None:
    form = alice.open(f"/en/packs/{PACK.id}/begin").find_form("/begin")
    check_page(alice.post(form.action, {**form.press(), "token": token}), 400)
    assert read_records(app)["attempt"] == []
