"""What pages ask of the database: few statements, and none once more for each row of a list."""

from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment

from fitquiz.web.site import installed_packs, page_language
from tests.web.support.answering import FIRST, PACK, agree
from tests.web.support.calls import list_calls
from tests.web.support.records import listing_statements
from tests.web.support.respondent import Respondent
from tests.web.support.stage import Stage

MOST = {"GET": 9, "POST": 19}
MOST_ALIKE = 3
"""Limits are counted one by one; a list on the stage is longer."""
MORE_ALIKE = {"POST units.units": 4}
"""The form of the units first finds out which links would end, and reads the units again with the lock."""
BEGIN, ITEM, ANSWER, CHECK, SEND, RESULT = 3, 1, 2, 1, 2, 4


def test_an_items_page_reads_once(app: Flask, alice: Respondent) -> None:
    alice.start()
    with listing_statements(app) as statements:
        alice.client.get(alice.address)
    assert len(statements) == ITEM


def test_who_holds_no_attempt_is_shown_the_start_without_the_database(
    app: Flask, client: FlaskClient
) -> None:
    with listing_statements(app) as statements:
        assert (
            client.get("/en/").status_code == client.get(f"/en/packs/{PACK.id}/").status_code == 200
        )
    assert statements == []


def test_an_attempt_is_begun_in_three_statements(app: Flask, alice: Respondent) -> None:
    alice.start()  # Which keeps the pack.
    form = alice.open(f"/en/packs/{PACK.id}/begin").find_form("/begin")
    with listing_statements(app) as statements:
        alice.post(form.action, form.press())
    assert len(statements) == BEGIN
    assert not any("files" in statement for statement in statements)


def test_the_check_reads_once_and_sending_writes_once(app: Flask, alice: Respondent) -> None:
    alice.start()
    alice.answer_all(agree(autonomy=4))
    with listing_statements(app) as statements:
        form = alice.open(f"{alice.base}/check").find_form("/check")
    assert len(statements) == CHECK
    with listing_statements(app) as statements:
        alice.post(form.action, form.fields)
    assert len(statements) == SEND


def test_an_answer_is_one_read_and_one_write(app: Flask, alice: Respondent) -> None:
    fields = alice.start().find_form(f"/items/{FIRST[0]}").fields
    with listing_statements(app) as statements:
        assert alice.post(alice.address, {**fields, "answer": "2"}).status_code == 303
    assert len(statements) == ANSWER


def test_a_result_is_read_in_four_statements(app: Flask, alice: Respondent) -> None:
    alice.take(agree(autonomy=4))
    with listing_statements(app) as statements:
        alice.client.get(alice.address)
    assert len(statements) == RESULT


def test_no_page_asks_once_for_each_row(stage: Stage) -> None:
    many = {}
    for call in list_calls(stage, "GET", "POST"):
        stage.restore()
        fields = call.fields(stage)
        with listing_statements(stage.app) as statements:
            stage.ask(call.doer, call.method, call.address, fields)
        alike = max(Counter(statements).values(), default=0)
        name = f"{call.method} {call.endpoint}"
        if len(statements) > MOST[call.method] or alike > MORE_ALIKE.get(name, MOST_ALIKE):
            many[name] = (len(statements), alike)
    assert many == {}


def test_ten_attempts_on_a_device_are_read_like_one(
    app: Flask, client: FlaskClient, alice: Respondent
) -> None:
    alice.start()
    with listing_statements(app) as one:
        client.get(f"/en/packs/{PACK.id}/")
    for _ in range(9):
        alice.start()
    with listing_statements(app) as ten:
        assert client.get(f"/en/packs/{PACK.id}/").text.count("/attempts/") >= 10
    assert ten == [statement.replace("(?)", f"({', '.join('?' * 10)})") for statement in one]


def test_templates_catalogs_and_packs_are_read_once(
    alice: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice.take(agree(autonomy=4))

    def refuse(*_arguments: object, **_more: object) -> None:
        raise AssertionError("this has been read before")

    monkeypatch.setattr(Environment, "compile", refuse)
    monkeypatch.setattr(page_language, "read_po", refuse)
    monkeypatch.setattr(installed_packs, "examine_pack", refuse)
    monkeypatch.setattr(installed_packs, "load_pack", refuse)
    assert "Why this result?" in alice.take(agree(people=4)).text
