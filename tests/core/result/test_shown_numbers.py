"""The shown numbers of a result add up, whatever the answers."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given

from fitquiz.core.packs import Pack
from fitquiz.core.result.fit import Outcome, suggest_role
from fitquiz.core.result.scoring import Answers, score_traits
from fitquiz.core.result.shown_numbers import (
    ShownNumbers,
    round_answers,
    round_half_up,
    round_lean,
    round_outcome,
    round_to_sum,
)
from tests.core.support.pack_building import build_six
from tests.core.support.strategies import answered_packs

PARTS = ("standard", "sharpening")


def check(outcome: Outcome, shown: ShownNumbers) -> None:
    """Add up the numbers as a reader does: only from the texts that a page shows."""
    back, front = (Decimal(f"{float(fit):.1f}") for fit in shown.fits.values())
    lean = Decimal(f"{float(shown.lean):.1f}")
    pulls = {name: Decimal(f"{float(each):.1f}") for name, each in shown.contributions.items()}
    assert front - back == lean
    assert sum(pulls.values()) == lean
    for pole, fit in ((-1, back), (1, front)):
        own = [pulls[trait] for trait, weight in outcome.weights.items() if weight * pole > 0]
        assert sum(own) == pole * (fit - 50)
    answers = round_answers(outcome, shown)
    for each in outcome.contributions:
        added = [Decimal(f"{float(answers[item.item.id]):.1f}") for item in each.items]
        assert sum(added) == pulls[each.trait]
        assert abs(shown.contributions[each.trait] - each.points) < Fraction(1, 10)
        for item in each.items:
            assert abs(answers[item.item.id] - item.points) < Fraction(1, 10)
    assert abs(shown.lean - outcome.lean) <= Fraction(1, 20)
    assert all(abs(shown.fits[pole] - fit) < Fraction(1, 10) for pole, fit in outcome.fits.items())


@pytest.mark.parametrize("sheets", [1000, pytest.param(10_000, marks=pytest.mark.long)])
def test_the_numbers_of_thousands_of_answer_sheets_add_up(sheets: int) -> None:
    pack, random = build_six(sharpening=2), Random(sheets)
    for number in range(sheets):
        parts = PARTS[: 1 + number % 2]
        answers = {item: random.choice((None, 0, 1, 2, 3, 4, 4)) for item in pack.items}
        outcome = suggest_role(pack, score_traits(pack, answers, parts))
        if outcome:
            check(outcome, round_outcome(outcome))


@given(answered_packs())
def test_the_numbers_of_every_pack_add_up(answered: tuple[Pack, Answers]) -> None:
    pack, answers = answered
    outcome = suggest_role(pack, score_traits(pack, answers, PARTS))
    if outcome:
        check(outcome, round_outcome(outcome))


def test_the_largest_remainders_are_rounded_up() -> None:
    values = [Fraction("1.3"), Fraction("1.4"), Fraction("-0.7"), Fraction("2")]
    assert round_to_sum(values, 4) == [1, 2, -1, 2]
    assert round_to_sum([], 0) == []


def test_three_thirds_are_shown_as_one() -> None:
    assert sorted(round_to_sum([Fraction(1000, 3)] * 3, 1000)) == [333, 333, 334]


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.5", 1), ("-0.5", -1), ("2.49", 2), ("-2.5", -3), ("0", 0)]
)
def test_a_half_is_rounded_away_from_zero(value: str, rounded: int) -> None:
    assert round_half_up(Fraction(value)) == rounded


def test_whole_points_of_a_lean_follow_its_tenths() -> None:
    # 16.46 is 16.5 in tenths. A reader rounds 16.5 to 17.
    assert round_lean(Fraction("16.46")) == 17
    assert round_lean(Fraction("-16.46")) == -17
    assert round_lean(Fraction("16.44")) == 16
