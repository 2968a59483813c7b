"""The result of a pack without poles: ranked traits, and a page with the points of each answer."""

from pathlib import Path

import pytest
from flask import Flask

from tests.core.support.pack_building import change, write_files_without_poles
from tests.core.support.shipped_packs import read_shipped_pack
from tests.web.support.answering import ROOT, agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.respondent import Respondent
from tests.web.support.small_packs import SAMPLE, install

FIVE = read_shipped_pack("tests/packs/five-traits")
OPENNESS = ("new-ideas", "known-ways")
CLEAR = agree(FIVE, 0, stability=6)
CLOSE = agree(FIVE, 3, stability=4)
SEVERAL = agree(FIVE, 0, stability=6, openness=5)


@pytest.fixture
def alice(make_app: MakeApp, tmp_path: Path) -> Respondent:
    folder = ROOT / "tests" / "packs" / "five-traits"
    files = {path.name: path.read_text("utf-8") for path in folder.glob("*.toml")}
    app: Flask = make_app(questions=install(tmp_path, files), pack="five-traits")
    return Respondent(app.test_client())


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (CLEAR, "Stability is clearly highest."),
        (SEVERAL, "Highest, but too close to rank: Stability, Openness."),
        (CLOSE, "The scores are too close to say which area is highest."),
    ],
    ids=["clear", "several", "close"],
)
def test_the_result_says_which_traits_are_highest(
    alice: Respondent, answers: dict[str, int], says: str
) -> None:
    page = alice.take(answers, "five-traits")
    assert says in page.text
    (traits,) = page.list_texts("ul", **{"class": "traits"})
    assert traits.startswith("little Stability much")


def test_a_row_shows_the_name_of_its_trait_beside_words_for_both_ends(
    make_app: MakeApp, tmp_path: Path
) -> None:
    files = change(write_files_without_poles(), "pack.toml", "[rule]", 'extras = ["ends"]\n[rule]')
    files["en.toml"] += '[traits.calm.ends]\nhigh = "at ease"\nlow = "on edge"\n'
    app: Flask = make_app(questions=install(tmp_path, files), pack=SAMPLE)
    page = Respondent(app.test_client()).take({"calm-1": 4, "calm-2": 0}, SAMPLE)
    assert page.list_texts("ul", **{"class": "traits"}) == ["on edge at ease calm: high calm"]
    assert "calm:" in page.list_texts("b")
    assert page.find_all("b", **{"class": "unseen"}) == []


def test_one_page_shows_the_points_of_each_answer(alice: Respondent) -> None:
    page = alice.take(SEVERAL, "five-traits")
    page = alice.open(page.find_link("/answers"))
    assert page.list_texts("caption")[:2] == ["Stability", "Openness"]
    assert page.list_texts("td", **{"class": "number"})[:6] == [
        "100.0",
        "100.0",
        "100.0",
        "83.3",
        "83.3",
        "83.3",
    ]


def test_a_trait_with_too_few_answers_comes_last(alice: Respondent) -> None:
    answers = {item: answer for item, answer in CLEAR.items() if item not in OPENNESS}
    page = alice.take(answers, "five-traits")
    page = alice.open(f"{alice.base}/answers")
    assert page.list_texts("caption")[-1] == "Openness"
    assert page.list_texts("td", **{"class": "number"})[-1] == "Too few answers."


def test_without_sent_answers_there_is_no_page_of_answers(alice: Respondent) -> None:
    alice.start("five-traits")
    alice.open(f"{alice.base}/answers", 404)
