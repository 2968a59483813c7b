"""The fixed sentences of the pages are true for packs that use the format in an unusual way."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import Keyed, Pack
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.counselling import preview
from tests.web.support.odd_packs import LANGUAGES, write_odd_packs
from tests.web.support.page import Page
from tests.web.support.respondent import Respondent
from tests.web.support.small_packs import SAMPLE, install

ODD = write_odd_packs()
HOW = f"/en/packs/{SAMPLE}/how"
FALSE_EVERYWHERE = (
    r"\b(\d+) (to|til) \1\b",
    r"\b0\s?%",
    r"\b(1 more statements|1 påstander|1 påstandar|1 statements)\b",
    r"\bNone\b",
)
ONLY_WITH_POLES = (
    "What you enjoy",
    "Dette trives du med",
    "Dette trivst du med",
    "would like work to be",
    "ønsker at jobben",
    "ønskjer at jobben",
    "suggestion",
    "forslag",
)
MakeRespondent = Callable[[str], Respondent]


@pytest.fixture
def at_pack(make_app: MakeApp, tmp_path: Path) -> MakeRespondent:
    """Install the odd pack with this name, and return a respondent at its app."""

    def make(name: str) -> Respondent:
        app: Flask = make_app(questions=install(tmp_path, ODD[name]), pack=SAMPLE)
        return Respondent(app.test_client())

    return make


def list_sheets(pack: Pack) -> list[dict[str, int]]:
    """Return a sheet without answers, one that answers a single trait, and one with high scores."""
    best = {Keyed.PLUS: pack.answer_points - 1, Keyed.MINUS: 0, None: 0}
    first = pack.traits[0].id
    return [
        {},
        {item.id: 0 for item in pack.items.values() if item.measures == first},
        {item.id: best[item.keyed] for item in pack.items.values()},
    ]


def walk(alice: Respondent, pack: Pack) -> list[Page]:
    """Return the pages about the pack, and all pages from the beginning to a shared result."""
    at = f"/{alice.language}/packs/{SAMPLE}"
    pages = [alice.open(f"{at}/{page}") for page in ("", "how", "statements", "paper", "begin")]
    for answers in list_sheets(pack):
        pages.append(alice.start(SAMPLE))
        pages.append(alice.answer_all(answers))
        pages.append(alice.finish())
        pages.append(alice.open(f"{alice.base}/compare"))
        pages.append(preview(alice, "link"))
    return pages


@pytest.mark.parametrize("name", ODD)
def test_no_page_says_what_is_false(at_pack: MakeRespondent, name: str) -> None:
    alice = at_pack(name)
    pack = read_pack(ODD[name])
    false = list(FALSE_EVERYWHERE)
    if pack.rule.poles is None:
        false += ONLY_WITH_POLES
    for language in LANGUAGES:
        alice.language = language
        for page in walk(alice, pack):
            found = [says for says in false if re.search(says, page.text)]
            assert found == [], page.text


@pytest.mark.parametrize("name", ["no poles, one trait", "one item"])
def test_one_trait_is_not_ranked(at_pack: MakeRespondent, name: str) -> None:
    alice = at_pack(name)
    page = alice.take(list_sheets(read_pack(ODD[name]))[2], SAMPLE)
    assert "highest" not in page.text
    assert page.find_link("/answers")
    assert "comes first" not in alice.open(HOW).text


def test_one_scored_trait_of_several_is_not_ranked(at_pack: MakeRespondent) -> None:
    alice = at_pack("no poles")
    assert "highest" not in alice.take({"calm-1": 4, "calm-2": 0}, SAMPLE).text
    assert "comes first" in alice.open(HOW).text


def test_a_pack_without_poles_tells_what_stands_out(at_pack: MakeRespondent) -> None:
    alice = at_pack("no poles")
    page = alice.take({"calm-1": 4, "calm-2": 0}, SAMPLE)
    assert "What stands out" in page.list_texts("h2")
    assert "What stands out comes from areas with a high or low score" in alice.open(HOW).text


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("unequal weights", "areas with at least half of the weight on each side need a score."),
        ("any answer is enough", "An area gets a score if it has at least one answer."),
    ],
)
def test_the_check_and_the_result_say_alike_what_a_suggestion_needs(
    at_pack: MakeRespondent, name: str, says: str
) -> None:
    alice = at_pack(name)
    alice.start(SAMPLE)
    assert says in alice.answer_all({}).text
    assert says in alice.finish().text


def test_one_more_statement_is_one(at_pack: MakeRespondent) -> None:
    alice = at_pack("modules of one item")
    alice.start(SAMPLE)
    page = alice.answer_all({})
    assert "Yes, answer 1 more statement: leading" in page.list_texts("button")
    assert "Answer 1 more statement: leading" in alice.finish().list_texts("button")


def test_a_group_of_one_statement_is_named_by_its_number(at_pack: MakeRespondent) -> None:
    alice = at_pack("one item")
    alice.start(SAMPLE)
    assert alice.answer_all({"calm-1": 2}).list_texts("h2")[0] == "Statement 1"


def test_two_results_without_a_common_score_are_not_called_unchanged(
    at_pack: MakeRespondent,
) -> None:
    alice = at_pack("no poles")
    alice.take({}, SAMPLE)
    alice.take({"calm-1": 4, "calm-2": 0}, SAMPLE)
    page = alice.open(f"{alice.base}/compare")
    assert "No area has a score in both results." in page.text
    assert "margin of error" not in page.text


def test_the_method_page_names_no_hint_that_a_short_pack_cannot_give(
    at_pack: MakeRespondent,
) -> None:
    text = at_pack("two points").open(HOW).text
    assert "When the result may say little" not in text
    assert "we tell you about these signs" not in text


def test_a_side_of_one_area_has_no_other_areas(at_pack: MakeRespondent) -> None:
    assert "stand for the whole side" not in at_pack("two points").open(HOW).text
