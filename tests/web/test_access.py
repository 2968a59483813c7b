"""Every route of the app is listed with who may open it, and holds to it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from fitquiz.web.access import ACCESS, ANYONE, BEARER, HOLDER
from tests.web.answering import FIRST, PACK, agree
from tests.web.page_checks import check_headers
from tests.web.records import read_records
from tests.web.respondent import Respondent
from tests.web.test_hold import read_link

SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Call:
    """One method at one address of a route."""

    endpoint: str
    method: str
    address: str


def list_calls(app: Flask, alice: Respondent) -> Iterator[Call]:
    """Yield every method of every route, at the address that is Alice's."""
    values = {"language": "en", "handle": alice.handle, "pack_id": PACK.id, "item_id": FIRST[0], "part_id": "leading"}
    values |= {"ending": "csv", "token": read_link(alice).rpartition("/")[2]}
    values |= {"address": next(iter(app.extensions["fitquiz_static"]))}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            given = {name: values[name] for name in rule.arguments}
            yield Call(rule.endpoint, method, adapter.build(rule.endpoint, given))


def call(respondent: Respondent, each: Call, **fields: str) -> TestResponse:
    response = respondent.client.open(each.address, method=each.method, data=fields or None)
    check_headers(response)
    return response


def test_every_route_is_listed_and_only_those(app: Flask) -> None:
    assert sorted(ACCESS) == sorted({rule.endpoint for rule in app.url_map.iter_rules()})
    assert set(ACCESS.values()) == {ANYONE, HOLDER, BEARER}


def test_every_address_of_an_attempt_is_for_its_holder(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert ("handle" in rule.arguments) == (ACCESS[rule.endpoint] == HOLDER), rule
        assert ("token" in rule.arguments) == (ACCESS[rule.endpoint] == BEARER), rule


@pytest.mark.parametrize("is_sent", [True, False])
def test_what_is_anothers_is_not_found(app: Flask, alice: Respondent, mallory: Respondent, is_sent: bool) -> None:
    alice.take(agree()) if is_sent else alice.start()
    token, before = mallory.read_token(), read_records(app)
    calls = [each for each in list_calls(app, alice) if ACCESS[each.endpoint] == HOLDER and each.method != "OPTIONS"]
    answers = {each: call(mallory, each, csrf_token=token, answer="1") for each in calls}
    assert {each: answer.status_code for each, answer in answers.items() if answer.status_code != 404} == {}
    assert read_records(app) == before


def test_anothers_attempt_answers_just_as_a_random_one(alice: Respondent, mallory: Respondent) -> None:
    alice.take(agree())
    texts = [mallory.open(f"/en/attempts/{handle}/result", 404).text for handle in (alice.handle, "A" * 12)]
    assert texts[0] == texts[1]


def test_the_holder_may_open_all_of_it(app: Flask, alice: Respondent) -> None:
    alice.take(agree(people=4))
    calls = [each for each in list_calls(app, alice) if each.method == "GET" and each.endpoint != "holds.deleted"]
    statuses = {each: call(alice, each).status_code for each in calls}
    assert {each: status for each, status in statuses.items() if status not in (200, 302, 303)} == {}


@pytest.mark.parametrize("is_sent", [True, False])
def test_looking_changes_nothing(app: Flask, alice: Respondent, mallory: Respondent, is_sent: bool) -> None:
    alice.take(agree()) if is_sent else alice.start()
    calls, before = [each for each in list_calls(app, alice) if each.method in SAFE], read_records(app)
    for each in calls:
        for respondent in (alice, mallory):
            assert call(respondent, each).status_code < 500
    assert len(calls) > 40
    assert read_records(app) == before


@pytest.mark.parametrize("fields", [{}, {"csrf_token": "forged"}], ids=["none", "forged"])
def test_every_unsafe_route_refuses_a_form_without_its_token(
    app: Flask, alice: Respondent, fields: dict[str, str]
) -> None:
    alice.take(agree())
    calls, before = [each for each in list_calls(app, alice) if each.method not in SAFE], read_records(app)
    assert len(calls) >= 7
    assert {each: call(alice, each, answer="1", **fields).status_code for each in calls} == dict.fromkeys(calls, 400)
    assert read_records(app) == before


@pytest.mark.parametrize(
    "header", [("Origin", "https://example.org"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site")]
)
def test_every_unsafe_route_refuses_another_site(app: Flask, alice: Respondent, header: tuple[str, str]) -> None:
    alice.take(agree())
    calls, before = [each for each in list_calls(app, alice) if each.method not in SAFE], read_records(app)
    data = {"csrf_token": alice.read_token(), "answer": "1"}
    for each in calls:
        assert alice.client.post(each.address, data=data, headers=[header]).status_code == 403, each
    assert read_records(app) == before


def test_csrf_protection_is_on_as_the_app_is_shipped(app: Flask) -> None:
    assert app.config["WTF_CSRF_ENABLED"] is True
    assert app.config["WTF_CSRF_CHECK_DEFAULT"] is True
    assert not app.testing
