"""The optional parts: leading on request, and sharpening where the result is undecided."""

import json
from typing import Any

import pytest
from flask import Flask

from tests.web.support.answering import CASES, FIRST, PACK, agree
from tests.web.support.page_checks import check_page
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent

LEADING = [item.id for item in PACK.parts["leading"].items]
SHARPENING = [item.id for item in PACK.parts["sharpening"].items]
UNDECIDED = [
    name for name, (suggestion, _, _) in CASES.items() if suggestion not in ("front", "back")
]
DECIDED = [name for name in CASES if name not in UNDECIDED]


def collect(alice: Respondent, answers: dict[str, int]) -> list[str]:
    """Answer all items that are asked and return their ids."""
    asked = []
    while alice.item:
        asked.append(alice.item)
        alice.answer(answers[alice.item])
    return asked


def read_file(alice: Respondent) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(alice.client.get(f"{alice.base}/answers.json").text)
    return whole


def download(alice: Respondent) -> dict[str, object]:
    result: dict[str, object] = read_file(alice)["result"]
    return result


def test_leading_is_not_asked_unless_asked_for(alice: Respondent) -> None:
    alice.start()
    assert set(collect(alice, agree())).isdisjoint(LEADING)
    assert PACK.words["en"]["modules"]["leading"]["name"] not in alice.finish().list_texts("h2")


def test_leading_may_be_added_before_sending(alice: Respondent) -> None:
    alice.start()
    alice.answer_all(agree())
    alice.send(alice.page.find_form("/parts/leading"))
    assert alice.page.title.startswith("Leadership: 1 of 8")
    assert collect(alice, agree()) == LEADING
    assert PACK.words["en"]["modules"]["leading"]["name"] in alice.finish().list_texts("h2")


def test_leading_may_be_added_after_the_result(alice: Respondent) -> None:
    alice.send(alice.take(agree()).find_form("/parts/leading"))
    assert alice.page.title.startswith("Leadership: 1 of 8")
    assert collect(alice, agree()) == LEADING
    assert PACK.words["en"]["modules"]["leading"]["name"] in alice.finish().list_texts("h2")


def test_the_check_asks_whether_somebody_leads_and_takes_no_for_an_answer(
    alice: Respondent,
) -> None:
    name = PACK.words["en"]["modules"]["leading"]["name"]
    alice.start()
    page = alice.answer_all(agree())
    assert "Do you lead others, or would you like to?" in page.text
    assert f"Yes, answer 8 more statements: {name}" in page.list_texts("button")
    page = alice.send(page.find_form("/parts/leading/decline"))
    assert page.list_texts("p", role="status") == ["We have saved that you said no."]
    assert "Do you lead others" not in page.text
    assert f"You said no to: {name}." in page.text
    assert f"Answer 8 more statements: {name}" in alice.finish().list_texts("button")


def test_no_is_remembered_on_another_device_too(alice: Respondent, app: Flask) -> None:
    alice.start()
    page = alice.answer_all(agree())
    alice.send(page.find_form("/parts/leading/decline"))
    assert "Do you lead others" not in alice.open(f"{alice.base}/check").text
    other = Respondent(app.test_client())
    other.open(f"/en/return/{alice.find_token()}")
    other.send(other.page.forms[0])
    assert "Do you lead others" not in other.page.text
    assert "You said no to: Leadership." in other.page.text


def test_yes_after_no_asks_the_part(alice: Respondent) -> None:
    alice.start()
    page = alice.answer_all(agree())
    page = alice.send(page.find_form("/parts/leading/decline"))
    alice.send(page.find_form("/parts/leading"))
    assert collect(alice, agree()) == LEADING
    assert "You said no" not in alice.page.text
    alice.finish()
    assert read_file(alice)["declined_parts"] == []


def test_no_to_a_part_that_nobody_can_decline_is_not_found(alice: Respondent, app: Flask) -> None:
    alice.start()
    before = read_records(app)
    for part in ("standard", "sharpening", "conditions", "nothing"):
        fields = {"csrf_token": alice.read_token()}
        check_page(alice.post(f"{alice.base}/parts/{part}/decline", fields), 404)
    assert read_records(app) == before


def test_the_file_of_answers_contains_the_no(alice: Respondent) -> None:
    alice.start()
    page = alice.answer_all(agree())
    alice.send(page.find_form("/parts/leading/decline"))
    alice.finish()
    assert read_file(alice)["declined_parts"] == ["leading"]


def test_the_check_can_be_sent_from_its_top_and_from_its_end(alice: Respondent) -> None:
    alice.start()
    buttons = alice.answer_all(agree()).list_texts("button")
    assert (buttons[0], buttons[-1]) == ("See my result", "See my result")


@pytest.mark.parametrize("case", ["front, clearly", "too close"])
def test_the_check_of_leading_alone_can_be_opened(alice: Respondent, case: str) -> None:
    alice.send(alice.take(CASES[case][2]).find_form("/parts/leading"))
    page = alice.open(f"{alice.base}/check")
    assert [form.action for form in page.forms] == [f"{alice.base}/check"]


def test_leading_never_moves_the_suggestion(alice: Respondent) -> None:
    before = download_after(alice, agree(people=4))
    alice.send(alice.open(f"{alice.base}/result").find_form("/parts/leading"))
    alice.answer_all(dict.fromkeys(LEADING, 4))
    alice.finish()
    after = download(alice)
    assert {name: after[name] for name in ("lean", "standard_error")} == before


def download_after(alice: Respondent, answers: dict[str, int]) -> dict[str, object]:
    alice.take(answers)
    return {
        name: value for name, value in download(alice).items() if name in ("lean", "standard_error")
    }


def test_the_earlier_result_stays_while_more_is_answered(alice: Respondent) -> None:
    alice.send(alice.take(agree(people=4)).find_form("/parts/leading"))
    page = alice.open(f"{alice.base}/result")
    assert page.h1 == PACK.words["en"]["suggestions"]["front"]["headline"]
    assert "You have more to answer." in page.text
    assert [form.action for form in page.forms] == []


@pytest.mark.parametrize("case", UNDECIDED)
def test_sharpening_is_offered_where_it_is_undecided(alice: Respondent, case: str) -> None:
    alice.take(CASES[case][2])
    assert alice.page.find_form("/parts/sharpening").method == "post"


@pytest.mark.parametrize("case", DECIDED)
def test_sharpening_is_neither_offered_nor_opened_where_it_is_decided(
    alice: Respondent, case: str
) -> None:
    alice.take(CASES[case][2])
    assert [form.action for form in alice.page.forms] == [f"{alice.base}/parts/leading"]
    check_page(
        alice.post(f"{alice.base}/parts/sharpening", {"csrf_token": alice.read_token()}), 404
    )


def test_sharpening_gives_40_answers_and_a_narrower_band(alice: Respondent) -> None:
    before = download_after(alice, agree(people=3))
    alice.send(alice.open(f"{alice.base}/result").find_form("/parts/sharpening"))
    assert collect(alice, agree(people=3)) == SHARPENING
    page = alice.finish()
    assert "The result builds on 40 answers." in page.text
    assert [round(each, 1) for each in (error(before), error(download(alice)))] == [10.2, 8.3]
    assert [form for form in page.forms if form.action.endswith("/sharpening")] == []


def error(result: dict[str, object]) -> float:
    value = result["standard_error"]
    assert isinstance(value, float)
    return value


def test_too_few_answers_can_be_completed(alice: Respondent) -> None:
    alice.take({item: 4 for item in FIRST if not item.startswith(("people", "listening"))})
    alice.send(alice.page.find_form("/reopen"))
    for item in FIRST:
        if item.startswith(("people", "listening")):
            alice.open(f"{alice.base}/items/{item}?from=check")
            alice.answer(agree()[item])
    assert alice.finish().find_all("figure")


def test_completing_keeps_the_moment_of_the_first_result(alice: Respondent, app: Flask) -> None:
    alice.take(dict.fromkeys(FIRST, None))
    before = read_records(app)["attempt"]
    alice.send(alice.page.find_form("/reopen"))
    alice.finish()
    assert read_records(app)["attempt"] == before


def test_a_result_with_a_suggestion_cannot_be_taken_back(alice: Respondent, app: Flask) -> None:
    alice.take(agree(people=4))
    before = read_records(app)
    response = alice.post(f"{alice.base}/reopen", {"csrf_token": alice.read_token()})
    assert response.location == f"{alice.base}/"
    assert read_records(app) == before
