"""The certainty of a suggestion in words: the limits of each word, and that no two lines of a page disagree."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given

from fitquiz.core.packs import SHARPENING, STANDARD, Keyed, Pack
from fitquiz.core.result.certainty import CERTAINTIES, CLEAR, FAIRLY, UNCERTAIN, UNDECIDED
from fitquiz.core.result.fit import suggest_role
from fitquiz.core.result.scoring import Answers, score_traits
from fitquiz.core.result.whole_result import Result, work_out_result
from tests.core.support.pack_building import build_pack, build_six
from tests.core.support.shipped_packs import read_shipped_pack
from tests.core.support.strategies import answered_packs

SHIPPED = read_shipped_pack()


def work_out(pack: Pack, answers: Answers, *parts: str) -> Result:
    return work_out_result(pack, answers, parts or (STANDARD,), {}, "en")


def suggest(pack: Pack, answers: Answers, *parts: str) -> str | None:
    outcome = suggest_role(pack, score_traits(pack, answers, parts or (STANDARD,)))
    return outcome.suggestion if outcome else None


def change_one(pack: Pack, answers: Answers) -> Iterator[Answers]:
    """Yield all answer sheets in which one given answer is another answer."""
    for item, given_answer in answers.items():
        if given_answer is None:
            continue
        for other in range(pack.answer_points):
            if other != given_answer:
                yield {**answers, item: other}


def draw_answers(random: Random, *parts: str) -> dict[str, int | None]:
    """Return answers that pull more or less to one side, some of them skipped."""
    pull, skipped = random.uniform(-2.5, 2.5), random.choice((0, 0, 0.3))
    answers: dict[str, int | None] = {}
    for item in SHIPPED.items_of(parts):
        pole = next(trait.pole for trait in SHIPPED.traits if trait.id == item.measures)
        sign = (1 if pole == "front" else -1) * (1 if item.keyed is Keyed.PLUS else -1)
        drawn = round(2 + sign * pull + random.gauss(0, 1))
        answers[item.id] = None if random.random() < skipped else min(4, max(0, drawn))
    return answers


@pytest.mark.parametrize("parts", [(STANDARD,), (STANDARD, SHARPENING)])
def test_a_result_that_one_answer_would_change_is_never_told_as_clear(
    parts: tuple[str, ...],
) -> None:
    random = Random(f"one answer {len(parts)}")
    seen = set()
    for _ in range(120):
        answers = draw_answers(random, *parts)
        result = work_out(SHIPPED, answers, *parts)
        if result.outcome is None:
            continue
        seen.add(result.certainty)
        if not result.outcome.is_decided:
            assert result.certainty == UNDECIDED
            continue
        present = result.outcome.suggestion
        others = change_one(SHIPPED, answers)
        is_fragile = any(suggest(SHIPPED, each, *parts) != present for each in others)
        assert (result.certainty == UNCERTAIN) == is_fragile
    assert seen == set(CERTAINTIES)


@given(answered_packs())
def test_the_certainty_agrees_with_the_suggestion(answered: tuple[Pack, Answers]) -> None:
    pack, answers = answered
    result = work_out(pack, answers)
    outcome = result.outcome
    if outcome is None:
        assert result.certainty is None
        return
    assert result.certainty in CERTAINTIES
    assert (result.certainty == UNDECIDED) == (not outcome.is_decided)
    if result.certainty == CLEAR:
        assert outcome.is_clear
    if result.certainty in (CLEAR, FAIRLY):
        assert all(len(way.changes) > 1 for way in result.ways_out)


@pytest.mark.parametrize(
    ("steps", "certainty"), [(0, UNDECIDED), (4, UNDECIDED), (5, UNCERTAIN), (10, CLEAR)]
)
def test_each_word_has_its_distance_from_zero(steps: int, certainty: str) -> None:
    # A step of one of 24 answers moves the lean by 25 / 12 = 2.08 points, and the standard error is 10.2.
    pack = build_six()
    raised = [item for item in pack.items if item[0] in "xyz"][:steps]
    agreeing = {item: 3 if pack.items[item].keyed is Keyed.PLUS else 1 for item in raised}
    assert work_out(pack, dict.fromkeys(pack.items, 2) | agreeing).certainty == certainty


def test_a_decided_result_between_the_limits_is_fairly_clear() -> None:
    # No answer can fall by more than three steps, so a lean of nine steps needs two answers.
    pack = build_six()
    raised = [item for item in pack.items if item[0] in "xyz"][:9]
    agreeing = {item: 3 if pack.items[item].keyed is Keyed.PLUS else 1 for item in raised}
    result = work_out(pack, dict.fromkeys(pack.items, 2) | agreeing)
    assert result.certainty == FAIRLY
    assert result.ways_out
    assert result.outcome is not None
    assert not result.outcome.is_clear


def test_a_far_lean_that_one_answer_decides_is_uncertain() -> None:
    # One answer of each trait: the lean is beyond two standard errors, and one answer brings it back.
    pack = build_pack(["calm+ bold+"], item_sd=10, band=1, clear=2)
    result = work_out(pack, {"calm-1": 2, "bold-1": 4})
    assert result.outcome is not None
    assert result.outcome.is_clear
    assert result.certainty == UNCERTAIN
