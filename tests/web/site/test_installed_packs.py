"""A second pack, without poles and with seven answers, beside the shipped one."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.config.settings import SettingsError
from fitquiz.core.pack_files.reading import read_pack
from fitquiz.web.site.installed_packs import read_files
from tests.web.support.answering import PACK, QUESTIONS, ROOT, agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.page import read_text
from tests.web.support.page_checks import check_page
from tests.web.support.records import listing_statements, read_answers
from tests.web.support.respondent import Respondent

FOLDER = ROOT / "tests" / "packs" / "five-traits"
FIVE = read_pack(read_files(FOLDER))


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A folder with both packs."""
    shutil.copytree(QUESTIONS, tmp_path / "questions")
    shutil.copytree(FOLDER, tmp_path / "questions" / FIVE.id)
    return tmp_path / "questions"


@pytest.fixture
def app(make_app: MakeApp, questions: Path) -> Flask:
    return make_app(questions=questions)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_second_pack_is_taken_from_the_start_to_the_profile(app: Flask, language: str) -> None:
    alice, words, answers = (
        Respondent(app.test_client(), language),
        FIVE.words[language],
        agree(FIVE, 6),
    )
    assert alice.open(f"/{language}/packs/five-traits/").h1 == words["title"]
    alice.open(alice.page.find_link("/begin"))
    page = alice.take(answers, FIVE.id)
    assert page.h1 == words["title"]
    assert all(trait["high"] in page.text for trait in words["traits"].values())
    assert read_answers(app) == answers


def test_a_profile_has_neither_lean_nor_reasons_nor_sharpening(alice: Respondent) -> None:
    page = alice.take(agree(FIVE, 5), FIVE.id)
    assert page.find_all("figure") == page.find_all("table", class_="pulls") == page.forms == []
    assert "office" not in page.text
    assert "Occupations to explore" not in page.text
    (rows,) = page.find_all("ul", class_="traits")
    assert "little Openness much" in read_text(rows)


def test_as_many_answers_are_offered_as_the_pack_has(alice: Respondent) -> None:
    buttons = alice.start(FIVE.id).forms[0].buttons
    assert list(buttons.values()) == [*"0123456", "skip"]
    check_page(
        alice.post(alice.page.forms[0].action, {**alice.page.forms[0].fields, "answer": "7"}), 400
    )


def test_a_profile_does_not_warn_of_too_few_answers(alice: Respondent) -> None:
    alice.start(FIVE.id)
    assert alice.answer_all({}).list_texts("p", class_="note") == []
    assert "Too few answers." in alice.finish().text


@pytest.mark.parametrize("place", ["how", "statements"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_second_pack_is_explained_too(app: Flask, language: str, place: str) -> None:
    text = (
        Respondent(app.test_client(), language).open(f"/{language}/packs/five-traits/{place}").text
    )
    assert all(trait["name"] in text for trait in FIVE.words[language]["traits"].values())


def test_each_pack_keeps_its_own_result(alice: Respondent) -> None:
    alice.take(agree(FIVE, 6), FIVE.id)
    five = alice.base
    alice.take(agree(people=4))
    assert alice.page.h1 == PACK.words["en"]["suggestions"]["front"]["headline"]
    assert alice.open(f"{five}/result").h1 == FIVE.words["en"]["title"]


def test_items_of_another_pack_are_unknown(alice: Respondent) -> None:
    alice.start(FIVE.id)
    alice.open(f"{alice.base}/items/{PACK.parts['standard'].items[0].id}", 404)


def test_any_installed_pack_may_stand_on_the_front_page(make_app: MakeApp, questions: Path) -> None:
    alice = Respondent(make_app(questions=questions, pack="five-traits").test_client())
    page = alice.open("/en/")
    assert page.h1 == FIVE.words["en"]["title"]
    assert "10 short statements" in page.text
    assert "/en/packs/five-traits/how" in page.links


def test_a_faulty_pack_stops_the_start_and_names_every_fault(
    make_app: MakeApp, questions: Path
) -> None:
    structure = questions / "five-traits" / "pack.toml"
    structure.write_text(structure.read_text("utf-8").replace("points = 7", "points = 70"), "utf-8")
    (questions / "five-traits" / "nb.toml").unlink()
    with pytest.raises(
        SettingsError, match=r"five-traits cannot be used:\n  pack.toml.*\n(.*\n)*Correct the pack"
    ):
        make_app(questions=questions)


def test_a_pack_that_is_no_text_stops_the_start(make_app: MakeApp, questions: Path) -> None:
    (questions / "five-traits" / "nb.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(
        SettingsError, match=r"nb\.toml cannot be read .*; save the file as text in UTF-8\."
    ):
        make_app(questions=questions)


def test_an_installed_pack_is_not_read_from_the_database(alice: Respondent, app: Flask) -> None:
    alice.start(FIVE.id)
    with listing_statements(app) as statements:
        alice.client.get(f"{alice.base}/check")
    assert len(statements) == 1


def test_two_packs_of_one_id_stop_the_start(make_app: MakeApp, questions: Path) -> None:
    shutil.copytree(FOLDER, questions / "another-folder")
    with pytest.raises(SettingsError, match="Two packs have the id 'five-traits'"):
        make_app(questions=questions)
