"""A respondent can say that a statement does not apply, if the pack offers this answer."""

import csv
import io
import json
from pathlib import Path

import pytest
from flask import Flask

from tests.core.support.pack_building import change, write_files
from tests.web.support.answering import FIRST
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.background_answers import post_background_answers, read_background_items
from tests.web.support.counselling import find_shared, preview, share
from tests.web.support.records import read_answers, read_database
from tests.web.support.respondent import Respondent
from tests.web.support.small_packs import SAMPLE, install

BLOCKS = ["calm+ bold- calm- bold+"] * 2


@pytest.fixture
def app(make_app: MakeApp, tmp_path: Path) -> Flask:
    files = write_files(BLOCKS)
    files = change(files, "pack.toml", "points = 5", "points = 5, does_not_apply = true")
    return make_app(questions=install(tmp_path, files), pack=SAMPLE)


@pytest.fixture
def answering(app: Flask) -> Respondent:
    """A respondent to whom the first statement does not apply. The second statement is skipped."""
    alice = Respondent(app.test_client())
    alice.start(SAMPLE)
    alice.answer(-1)
    alice.answer(None)
    return alice


def test_the_answer_is_stored_apart_from_a_skip(answering: Respondent, app: Flask) -> None:
    assert read_answers(app) == {"calm-1": -1, "bold-1": None}


def test_the_page_and_the_check_tell_the_answer_from_a_skip(answering: Respondent) -> None:
    page = answering.open(f"{answering.base}/items/calm-1")
    assert "You answered that it does not apply." in page.text
    assert page.find_all("button", aria_current="true") == []
    page = answering.open(f"{answering.base}/items/bold-1")
    assert "You skipped this one." in page.text
    assert answering.open(f"{answering.base}/check").list_texts("em")[:2] == [
        "Does not apply to you",
        "Left out",
    ]


def test_the_script_sends_and_reads_the_answer(answering: Respondent) -> None:
    post_background_answers(answering, [{"item": "calm-2", "answer": -1}])
    read = read_background_items(answering).get_json()["answers"]
    given = {item: each["answer"] for item, each in read.items()}
    assert given == {"calm-1": -1, "bold-1": None, "calm-2": -1}


def test_scores_treat_the_answer_like_a_skip(answering: Respondent) -> None:
    rest = {"calm-2": 0, "bold-2": 4, "calm-3": 4, "bold-3": 0, "calm-4": 0, "bold-4": 4}
    post_background_answers(
        answering, [{"item": item, "answer": answer} for item, answer in rest.items()]
    )
    answering.open(f"{answering.base}/check")
    page = answering.finish()
    assert "6 statements" in page.text
    assert page.list_texts("td", **{"class": "number"})[0].startswith("100.0")


def test_the_downloads_tell_the_answer_from_a_skip(answering: Respondent) -> None:
    answering.open(f"{answering.base}/check")
    answering.finish()
    sent = answering.client.get(f"{answering.base}/answers.csv").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sent)))
    assert [(row["answer"], row["does_not_apply"]) for row in rows[:2]] == [
        ("", "True"),
        ("", "False"),
    ]
    whole = json.loads(answering.client.get(f"{answering.base}/answers.json").get_data())
    assert [each["does_not_apply"] for each in whole["answers"][:2]] == [True, False]


def test_a_shared_result_tells_the_answer_from_a_skip(answering: Respondent) -> None:
    answering.open(f"{answering.base}/check")
    answering.finish()
    page = share(answering, "link", has_answers="y")
    (address,) = set(find_shared(page))
    reader = Respondent(answering.client.application.test_client())
    reader.open(address)
    shown = reader.send(reader.page.find_form(address))
    assert shown.list_texts("td")[-8:-6] == ["does not apply", "left out"]


def test_a_preview_is_shown_again_if_a_skip_has_become_the_answer(
    answering: Respondent, app: Flask
) -> None:
    answering.open(f"{answering.base}/check")
    answering.finish()
    preview(answering, "link", has_answers="y")
    with read_database(app).engine.begin() as connection:
        connection.exec_driver_sql("UPDATE answer SET value = -1 WHERE item = 'bold-1'")
    page = answering.send(answering.page.find_form("/share"))
    assert page.list_texts("h2")[0] == "What they will see"


@pytest.mark.parametrize("answer", [-2, 5, True, "-1"])
def test_another_number_is_refused(answering: Respondent, answer: object) -> None:
    reply = post_background_answers(answering, [{"item": "calm-2", "answer": answer}]).get_json()
    assert reply["refused"] == ["calm-2"]


def test_a_pack_that_does_not_offer_the_answer_refuses_it(make_app: MakeApp) -> None:
    alice = Respondent(make_app().test_client())
    page = alice.start()
    assert "Does not apply" not in page.text
    reply = post_background_answers(alice, [{"item": FIRST[0], "answer": -1}]).get_json()
    assert reply["refused"] == [FIRST[0]]
    form = alice.page.find_form(f"/items/{FIRST[0]}")
    assert alice.post(form.action, {**form.press(), "answer": "-1"}).status_code == 400
