"""An old result stays what it was, whatever is done to the files of its pack."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.web.site.installed_packs import MAX_KEPT
from tests.web.support.answering import FIRST, PACK, QUESTIONS, ROOT, agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.respondent import Respondent


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return Path(shutil.copytree(QUESTIONS, tmp_path / "questions"))


def edit(questions: Path) -> None:
    """Turn the traits' poles round, reverse every item, and write other words."""
    folder = questions / PACK.id
    structure = (folder / "pack.toml").read_text("utf-8")
    structure = structure.replace('keyed = "plus"', 'keyed = "?"').replace(
        'keyed = "minus"', 'keyed = "plus"'
    )
    structure = structure.replace('keyed = "?"', 'keyed = "minus"').replace(
        "item_sd = 25", "item_sd = 40"
    )
    (folder / "pack.toml").write_text(
        structure.replace('version = "2.0.0"', 'version = "3.0.0"'), "utf-8"
    )
    for language in PACK.languages:
        words = (folder / f"{language}.toml").read_text("utf-8")
        (folder / f"{language}.toml").write_text(words.replace(" office", " OFFICE"), "utf-8")


def move(alice: Respondent, app: Flask) -> Respondent:
    """Return Alice with her cookies at another app."""
    moved = Respondent(app.test_client(), alice.language)
    for name, value in alice.read_kept().items():
        moved.client.set_cookie(name, value)
    moved.address = alice.address
    return moved


def test_editing_a_pack_changes_no_old_result(make_app: MakeApp, questions: Path) -> None:
    alice = Respondent(make_app(questions=questions).test_client())
    before = alice.take(agree(people=4)).text
    edit(questions)
    alice = move(alice, make_app(questions=questions))
    assert alice.open(f"{alice.base}/result").text == before
    assert "OFFICE" in alice.open("/en/").text


def test_an_attempt_goes_on_with_the_pack_that_it_was_begun_with(
    make_app: MakeApp, questions: Path
) -> None:
    alice = Respondent(make_app(questions=questions).test_client())
    alice.start()
    alice.answer(agree(people=4)[FIRST[0]])
    edit(questions)
    alice = move(alice, make_app(questions=questions))
    alice.open(f"{alice.base}/")
    alice.answer_all(agree(people=4))
    assert alice.finish().h1 == PACK.words["en"]["suggestions"]["front"]["headline"]


def test_a_new_attempt_is_taken_with_the_pack_as_it_is_now(
    make_app: MakeApp, questions: Path
) -> None:
    make_app(questions=questions)
    edit(questions)
    alice = Respondent(make_app(questions=questions).test_client())
    assert alice.take(agree(people=4)).h1 == "Your answers point to back OFFICE"


def test_a_result_survives_its_pack_being_taken_away(make_app: MakeApp, questions: Path) -> None:
    alice = Respondent(make_app(questions=questions).test_client())
    before = alice.take(agree(people=4)).text
    shutil.copytree(questions / PACK.id, questions / "other")
    renamed = (
        (questions / "other" / "pack.toml")
        .read_text("utf-8")
        .replace(f'id = "{PACK.id}"', 'id = "other"')
    )
    (questions / "other" / "pack.toml").write_text(renamed, "utf-8")
    shutil.rmtree(questions / PACK.id)
    alice = move(alice, make_app(questions=questions, pack="other"))
    assert alice.open(f"{alice.base}/result").text == before


def test_the_method_of_an_old_result_is_told_with_its_own_numbers(
    make_app: MakeApp, questions: Path
) -> None:
    alice = Respondent(make_app(questions=questions).test_client())
    alice.take(agree(people=4))
    edit(questions)
    alice = move(alice, make_app(questions=questions))
    assert "is 25 divided by" in alice.open(f"{alice.base}/how").text
    assert "is 40 divided by" in alice.open(f"/en/packs/{PACK.id}/how").text


def test_a_result_leads_nowhere_wrong_when_its_pack_is_taken_away(
    make_app: MakeApp, questions: Path
) -> None:
    alice = Respondent(make_app(questions=questions).test_client())
    alice.take(agree(people=4))
    shutil.copytree(ROOT / "tests" / "packs" / "five-traits", questions / "five-traits")
    shutil.rmtree(questions / PACK.id)
    alice = move(alice, make_app(questions=questions, pack="five-traits"))
    text = alice.open(f"{alice.base}/result").response.text
    assert f"/en/packs/{PACK.id}/" not in text
    assert "/en/packs/five-traits/begin" in text


def test_a_start_page_offers_attempts_at_its_own_pack_only(
    make_app: MakeApp, questions: Path
) -> None:
    shutil.copytree(ROOT / "tests" / "packs" / "five-traits", questions / "five-traits")
    alice = Respondent(make_app(questions=questions).test_client())
    alice.take(agree(people=4))
    assert "See your result" in alice.open("/en/").text
    assert "See your result" not in alice.open("/en/packs/five-traits/").text


def test_the_memory_for_old_packs_never_grows_past_its_limit(
    make_app: MakeApp, questions: Path
) -> None:
    alice = Respondent(make_app(questions=questions).test_client())
    alice.take(agree(people=4))
    edit(questions)
    app = make_app(questions=questions)
    kept = app.extensions["fitquiz_packs"].kept
    kept.update({f"pack {number}": PACK for number in range(MAX_KEPT)})
    alice = move(alice, app)
    alice.open(f"{alice.base}/result")
    assert list(kept) == [PACK.content_hash]
