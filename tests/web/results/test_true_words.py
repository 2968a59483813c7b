"""The sentences of the result are true for every answer sheet and for every pack."""

import re
import shutil
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask

from fitquiz.core.packs import Keyed
from tests.core.support.pack_building import write_files
from tests.web.support.answering import CASES, FIRST, PACK, ROOT, agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.counselling import preview, read_shown
from tests.web.support.page import Page
from tests.web.support.records import change_behind
from tests.web.support.respondent import Respondent

Install = Callable[[Mapping[str, str]], Respondent]


@pytest.fixture
def install(make_app: MakeApp, tmp_path: Path) -> Install:
    """Install a pack of these files, and return a respondent at its app."""

    def at_pack(files: Mapping[str, str]) -> Respondent:
        folder = tmp_path / "packs" / "sample"
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        app = make_app(questions=tmp_path / "packs", pack="sample")
        return Respondent(app.test_client())

    return at_pack


def read_number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace("+", ""))


def read_numbers(page: Page) -> list[Decimal]:
    """Return the numbers of all tables on the page, without empty cells and without scores."""
    cells = [text for text in page.list_texts("td", class_="number") if text and "±" not in text]
    return [read_number(text) for text in cells]


def step(count: int) -> dict[str, int]:
    """Answers whose lean is `count` times one step of one answer, towards the front office."""
    answers = agree()
    front = [item for item in FIRST if item.startswith(("people", "listening"))][:count]
    for item in front:
        answers[item] += 1 if PACK.items[item].keyed is Keyed.PLUS else -1
    return answers


@pytest.mark.parametrize(
    ("language", "case"), [("nb", "front, clearly"), ("en", "front"), ("nb", "too close")]
)
def test_no_chance_is_told_in_per_cent(app: Flask, language: str, case: str) -> None:
    page = Respondent(app.test_client(), language).take(CASES[case][2])
    assert not PACK.rule.calibrated
    assert re.search(r"\d\s?%", page.text) is None


@pytest.mark.parametrize(
    ("steps", "headline", "says"),
    [
        (0, "pull both ways", "There is no difference between the two sides."),
        (3, "pull both ways", "The difference between the two sides is too small to say more."),
        (4, "pull both ways", "The difference between the two sides is too small to say more."),
        (5, "point to front office", "This is uncertain: one different answer could change it."),
        (8, "point to front office", "This is fairly clear: you would have to change at least two"),
    ],
)
def test_one_certainty_is_told_in_words(
    alice: Respondent, steps: int, headline: str, says: str
) -> None:
    page = alice.take(step(steps))
    caption = page.list_texts("figcaption")[0]
    assert page.h1 == f"Your answers {headline}"
    assert says in caption
    others = ("no difference", "too small", "uncertain:", "fairly clear", "clearly")
    assert sum(other in f"{page.h1} {caption}" for other in others) == 1
    is_one_enough = "One different answer would be enough" in page.text
    if "pull both ways" not in page.h1:
        assert is_one_enough == ("uncertain:" in caption)


def test_a_result_says_that_it_can_change_and_where_the_middle_comes_from(
    alice: Respondent,
) -> None:
    caption = alice.take(CASES["back, clearly"][2]).list_texts("figcaption")[0]
    assert "You would have to change at least two of your answers to get another result." in caption
    assert "On another day, you may get another result." in caption
    assert "What we ask about decides where the middle lies." in alice.page.text


def test_a_missing_area_is_told_beside_the_band(alice: Respondent) -> None:
    answers = {item: given for item, given in agree(people=4).items() if item[:5] != "focus"}
    caption = alice.take(answers).list_texts("figcaption")[0]
    assert "The band is wider because 1 area has too few answers: Time to focus." in caption
    assert "± 13.0" in alice.page.text


def test_no_missing_area_is_told_where_none_is(alice: Respondent) -> None:
    assert "The band is wider" not in alice.take(agree(people=4)).text


@pytest.mark.parametrize(("left_out", "count"), [(0, 28), (5, 23), (28, 0)])
def test_all_answers_are_counted(alice: Respondent, left_out: int, count: int) -> None:
    page = alice.take(dict.fromkeys(FIRST[left_out:], 2))
    assert f"{count} answers · " in page.text


def test_nothing_is_said_of_areas_that_nobody_answered(alice: Respondent) -> None:
    page = alice.take({})
    assert "You have given 0 of the 24 answers that count for the suggestion." in page.text
    assert "near the middle" not in page.text


def test_the_numbers_on_the_pages_add_up(alice: Respondent) -> None:
    random = Random(5)
    for _ in range(3):
        page = alice.take({item: random.randrange(5) for item in FIRST})
        *pulls, back, front, lean = read_numbers(page)
        assert front - back == lean
        assert (sum(pulls[:3]), sum(pulls[3:])) == (50 - back, front - 50)
        account = alice.open(f"{alice.base}/answers")
        added = read_numbers(account)
        assert sum(added) == 2 * lean
        assert [pull for pull in pulls if pull not in added] == []


def test_a_shared_result_shows_the_same_numbers(alice: Respondent) -> None:
    own = alice.take(step(7))
    shared = preview(alice, "link")
    assert read_numbers(shared) == read_numbers(own)
    caption = own.list_texts("figcaption")
    assert shared.list_texts("figcaption") == caption
    assert "28 answers" in read_shown(shared)


def test_two_results_of_one_day_are_told_apart_by_the_time(app: Flask, alice: Respondent) -> None:
    for number, time in ((1, "09:30:00"), (2, "12:00:00")):
        alice.take(agree(people=number))
        moment = f"'2026-03-01 {time}.000000'"
        change_behind(app, f"UPDATE attempt SET finished_at = {moment} WHERE id = {number}")
    page = alice.open(f"{alice.base}/compare")
    assert "From 1 March 2026 10:30 CET to 1 March 2026 13:00 CET" in page.text
    change_behind(app, "UPDATE attempt SET finished_at = '2026-03-01 12:00:59.000000' WHERE id = 1")
    page = alice.open(f"{alice.base}/compare")
    assert "From 1 March 2026 13:00:00 CET to 1 March 2026 13:00:59 CET" in page.text


NUMBERS: dict[str, Any] = {
    "item_sd": 28.4,
    "band": 1.5,
    "clear": 2.75,
    "both_from": 62.3,
    "least_answered": 0.375,
}
TRAITS = {"a": ("back", 1.5), "b": ("back", 1), "x": ("front", 1)}


def test_the_method_page_shows_the_very_numbers_of_a_pack(install: Install) -> None:
    files = write_files(["a+ b+ x+"], TRAITS, points=11, **NUMBERS)
    text = install(files).open("/en/packs/sample/how").text
    assert "uncertainty is 28.4 divided" in text
    assert "weight 1.5." in text
    assert "reaches 1.5 times the standard error" in text
    assert "more than 2.75 standard errors from zero" in text
    assert "at least 62.3" in text
    assert "at least 37.5% of it" in text
    assert "spread evenly over the 11 choices" in text
    assert "lie 15 points apart" in text
    assert "If you answer everything, it is 35.0 points." in text


def test_the_method_page_says_only_what_is_true_for_a_pack(install: Install) -> None:
    files = write_files(["a+ b+ x+"], TRAITS, **NUMBERS)
    text = install(files).open("/en/packs/sample/how").text
    for says in (
        "turned round",
        "contradict each other",
        "4 in 10",
        "two in three",
        "short reports",
    ):
        assert says not in text
    assert "we do not know how many people would get another suggestion the next time" in text
    assert "by weight, 0 to 100" in text


def test_the_method_page_says_all_that_is_true_for_the_shipped_pack(alice: Respondent) -> None:
    text = alice.open(f"/en/packs/{PACK.id}/how").text
    for says in ("turned round", "contradict each other", "4 in 10", "1 in 20", "short reports"):
        assert says in text
    assert (
        "If the number 25 is right, the band contains the true value for about two in three people"
        in text
    )
    assert "it is 10.2 points. If you answer the extra ones too, it is 8.3." in text
    assert "confidence" not in text


@pytest.mark.parametrize(
    ("traits", "least", "area", "side"),
    [
        (TRAITS, 0.375, "at least 37.5% of it", "areas with at least half of the weight"),
        (TRAITS, 0, "at least one answer", "areas with at least half of the weight"),
        (
            {"a": ("back", 1), "b": ("back", 1), "x": ("front", 1)},
            0.5,
            "at least 50% of it",
            "at least half of the areas on each side need a score",
        ),
        (
            {"a": ("back", 1), "x": ("front", 1)},
            0.5,
            "at least 50% of it",
            "every area needs a score",
        ),
    ],
)
def test_the_result_and_the_method_page_agree_about_few_answers(
    install: Install, traits: dict[str, tuple[str, float]], least: float, area: str, side: str
) -> None:
    items = " ".join(f"{name}+" for name in traits)
    alice = install(write_files([items], traits, least_answered=least))
    page = alice.take({}, "sample")
    how = alice.open(f"{alice.base}/how").text
    for says in (area, side):
        assert says in page.text
        assert says in how
    can_lack = "every area" not in side
    assert ("stand for the whole side" in how) == can_lack
    assert ("lie 15 points apart" in how) == can_lack


def test_the_same_answer_throughout_cancels_out_only_in_a_balanced_pack(install: Install) -> None:
    alice = install(write_files([" ".join(["calm+ bold-"] * 6)]))
    alice.take(
        dict.fromkeys([f"{trait}-{n}" for trait in ("calm", "bold") for n in range(1, 7)], 3),
        "sample",
    )
    assert "Most of your answers are the same." in alice.page.text
    assert "cancel each other out" not in alice.page.text


@pytest.mark.parametrize("points", [2, 11])
@pytest.mark.parametrize("given", [None, 1])
def test_packs_of_two_and_of_eleven_points_have_true_pages(
    install: Install, points: int, given: int | None
) -> None:
    alice = install(write_files(points=points))
    page = alice.take({"calm-1": given, "calm-2": 0, "bold-1": 1, "bold-2": 0}, "sample")
    assert f"{4 - (given is None)} answers" in page.text
    assert "band is wider" not in page.text
    alice.open(f"{alice.base}/answers")
    assert f"over the {points} choices" in alice.open(f"{alice.base}/how").text


def test_labels_on_the_ends_alone_are_shown_as_they_are(install: Install) -> None:
    files = write_files(points=11)
    labels = ["Never", *(str(number) for number in range(1, 10)), "Always"]
    words = re.sub(r"(?m)^answers.labels = .*$", f"answers.labels = {labels}", files["en.toml"])
    alice = install({**files, "en.toml": words})
    page = alice.take({"calm-1": 10, "calm-2": 3, "bold-1": 10, "bold-2": 2}, "sample")
    assert "You answered “always” to “I am calm here.”" in page.text
    assert alice.open(f"{alice.base}/answers").list_texts("td")[2] == "3"


def test_a_pack_without_poles_says_nothing_of_sides(make_app: MakeApp, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "packs", tmp_path / "packs")
    app = make_app(questions=tmp_path / "packs", pack="five-traits")
    for answers in ({}, {"new-ideas": 6, "known-ways": 0}):
        alice = Respondent(app.test_client())
        page = alice.take(answers, "five-traits")
        assert f"{len(answers)} answers · " in page.text
        how = alice.open(f"{alice.base}/how").text
        for says in ("side", "overall direction", "suggestion", "kind of role"):
            assert re.search(rf"\b{says}", f"{page.text} {how}".lower()) is None, says
