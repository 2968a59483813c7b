"""A respondent's own answers as files."""

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from tests.web.support.answering import FIRST, PACK, QUESTIONS, agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.page_checks import check_headers
from tests.web.support.respondent import Respondent


def read_rows(alice: Respondent) -> list[dict[str, str]]:
    response = alice.client.get(f"{alice.base}/answers.csv")
    check_headers(response)
    assert response.mimetype == "text/csv"
    separator = "," if alice.language == "en" else ";"
    text = response.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=separator))


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_csv_file_has_a_row_an_item(app: Flask, language: str) -> None:
    alice, answers = Respondent(app.test_client(), language), agree(people=4)
    alice.take(answers)
    rows, words = read_rows(alice), PACK.words[language]
    assert [row["item"] for row in rows] == FIRST
    assert [row["statement"] for row in rows] == [words["items"][item] for item in FIRST]
    assert [row["answer"] for row in rows] == [str(answers[item]) for item in FIRST]
    assert [row["answer_in_words"] for row in rows] == [
        words["answers"]["labels"][answers[item]] for item in FIRST
    ]


def test_an_answer_left_out_is_an_empty_cell(alice: Respondent) -> None:
    alice.take({})
    assert {row["answer"] for row in read_rows(alice)} == {""}


def test_the_json_file_has_answers_scores_and_the_pack(alice: Respondent) -> None:
    answers = agree(people=4)
    alice.take(answers)
    response = alice.client.get(f"{alice.base}/answers.json")
    check_headers(response)
    whole = json.loads(response.text)
    assert (whole["pack"], whole["version"], whole["content_hash"]) == (
        PACK.id,
        PACK.version,
        PACK.content_hash,
    )
    assert {each["item"]: each["answer"] for each in whole["answers"]} == {
        item: answers[item] for item in FIRST
    }
    assert whole["result"]["scores"]["people"] == 100
    assert whole["result"]["suggestion"] == "front"
    assert sum(whole["result"]["contributions"].values()) == pytest.approx(whole["result"]["lean"])


def test_before_sending_there_are_answers_and_no_result(alice: Respondent) -> None:
    alice.start()
    alice.answer(4)
    whole = json.loads(alice.client.get(f"{alice.base}/answers.json").text)
    assert (whole["result"], whole["finished_at"], whole["answers"][0]["answer"]) == (None, None, 4)


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_file_is_named_by_the_day_and_not_by_the_person(alice: Respondent, ending: str) -> None:
    alice.take(agree())
    disposition = alice.client.get(f"{alice.base}/answers.{ending}").headers["Content-Disposition"]
    assert re.fullmatch(rf'attachment; filename="fitquiz-\d{{4}}-\d\d-\d\d\.{ending}"', disposition)


@pytest.mark.parametrize("ending", ["xml", "json.exe", "csv%00"])
def test_no_other_kind_of_file_is_there(alice: Respondent, ending: str) -> None:
    alice.start()
    assert alice.client.get(f"{alice.base}/answers.{ending}").status_code in (400, 404)


def test_a_formula_in_a_pack_reaches_no_spreadsheet(make_app: MakeApp, tmp_path: Path) -> None:
    shutil.copytree(QUESTIONS, tmp_path / "packs")
    words, formula = tmp_path / "packs" / PACK.id / "en.toml", "=HYPERLINK(I)"
    words.write_text(
        re.sub(r'(?m)^autonomy-1 = ".*"$', f'autonomy-1 = "{formula}"', words.read_text("utf-8")),
        "utf-8",
    )
    alice = Respondent(make_app(questions=tmp_path / "packs").test_client())
    assert alice.start().h1 == formula
    assert read_rows(alice)[0]["statement"] == f"'{formula}"
