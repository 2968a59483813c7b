"""The pages show labels on the ends alone, other labels for some statements, and stems."""

import json
from pathlib import Path

import pytest
from flask import Flask

from tests.core.support.pack_building import change, write_files
from tests.web.support.answering import ROOT
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.background_answers import read_background_items
from tests.web.support.respondent import Respondent
from tests.web.support.small_packs import SAMPLE, install

STEMS = '[stems]\nat-work = "When I am at work …"\n'
OFTEN = '[labels]\noften = ["Never", "Always"]\n'
USUAL = ["1: No", "2", "3", "4", "5", "6", "7: Yes"]
OTHER = ["1: Never", "2", "3", "4", "5", "6", "7: Always"]


@pytest.fixture
def app(make_app: MakeApp, tmp_path: Path) -> Flask:
    files = write_files(points=7)
    files = change(files, "pack.toml", "points = 7", 'points = 7, labelled = "ends"')
    labels = [f"point {number}" for number in range(7)]
    files = change(files, "en.toml", f"labels = {labels}", 'labels = ["No", "Yes"]')
    files = change(files, "pack.toml", '{ id = "bold-1"', '{ id = "bold-1", labels = "often"')
    files = change(files, "pack.toml", "[[blocks]]", '[[blocks]]\nstem = "at-work"')
    files = change(files, "en.toml", "[traits.calm]", f"{OFTEN}{STEMS}[traits.calm]")
    return make_app(questions=install(tmp_path, files), pack=SAMPLE)


@pytest.fixture
def answering(app: Flask) -> Respondent:
    alice = Respondent(app.test_client())
    alice.start(SAMPLE)
    return alice


def test_each_statement_has_its_stem_and_its_labels(answering: Respondent) -> None:
    assert answering.page.h1 == "When I am at work … I am calm here."
    assert answering.page.list_texts("button", name="answer")[:7] == USUAL
    page = answering.answer(6)
    assert page.list_texts("button", name="answer")[:7] == OTHER
    assert [each.get("data-key") for each in page.find_all("button", name="answer")[:7]] == [
        str(number) for number in range(1, 8)
    ]


def test_the_script_gets_the_labels_of_each_statement(answering: Respondent) -> None:
    (form,) = answering.page.find_all("form", **{"class": "item"})
    items = json.loads(form.get("data-items", ""))
    assert [each["labels"] for each in items] == [USUAL, OTHER, USUAL, USUAL]
    assert items == read_background_items(answering).get_json()["items"]


def test_later_pages_name_an_answer_by_the_label_of_its_statement(answering: Respondent) -> None:
    page = answering.answer_all({"calm-1": 6, "bold-1": 0, "calm-2": 0, "bold-2": 6})
    assert page.list_texts("strong") == ["7: Yes", "1: Never", "1: No", "7: Yes"]
    answering.finish()
    page = answering.open(f"{answering.base}/answers")
    assert "1: Never" in page.text
    sent = json.loads(answering.client.get(f"{answering.base}/answers.json").get_data())
    assert [each["answer_in_words"] for each in sent["answers"][:2]] == ["7: Yes", "1: Never"]
    assert sent["answers"][0]["statement"] == "When I am at work … I am calm here."


def test_the_list_of_statements_shows_stems_and_other_labels(answering: Respondent) -> None:
    page = answering.open(f"/en/packs/{SAMPLE}/statements")
    assert "When I am at work … I am bold here. (1: Never … 7: Always)" in page.text
    assert page.text.count("Always") == 1


def test_no_template_names_an_answer_by_the_labels_of_other_statements() -> None:
    folder = ROOT / "templates"
    using = {
        path.name
        for path in folder.rglob("*.html")
        if "words.answers.labels" in path.read_text("utf-8")
    }
    assert using == {"job_rating.html", "statements.html"}
