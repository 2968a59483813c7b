"""A campaign's odds factor in a word."""

from fractions import Fraction

import pytest

from fitquiz.core.groups.anonymity import MEDIUM, STRONG, WEAK, find_strength
from fitquiz.core.groups.counting import STATISTICS, CountingPlan, make_plan
from tests.core.support.shipped_packs import PACK


@pytest.mark.parametrize(
    ("plan", "strength"),
    [
        (make_plan(["lean"]), STRONG),
        (make_plan(["lean", "strongest"]), STRONG),
        ({"lean": Fraction(1, 12)}, STRONG),
        ({"lean": Fraction(1, 13)}, MEDIUM),
        (make_plan(["lean", "suggestion", "strongest"]), MEDIUM),
        ({"lean": Fraction(1, 50)}, MEDIUM),
        ({"lean": Fraction(1, 51)}, WEAK),
        (make_plan(each.name for each in STATISTICS), WEAK),
    ],
)
def test_the_word_follows_the_odds_factor(plan: CountingPlan, strength: str) -> None:
    assert find_strength(plan, PACK) == strength
