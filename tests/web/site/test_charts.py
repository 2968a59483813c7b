"""Where things stand in a chart, in per cent of its width."""

from dataclasses import replace
from fractions import Fraction

import pytest

from fitquiz.core.groups.percentages import Percentage
from fitquiz.core.result.comparisons import LEAN, Difference
from fitquiz.core.result.fit import suggest_role
from fitquiz.core.result.scoring import score_traits
from fitquiz.web.site.charts import (
    Ends,
    Mark,
    PercentageBar,
    find_heat,
    find_pull,
    find_share_side,
    find_side,
    order_ends,
    place_ends,
    place_percentage,
    place_points,
    place_pull,
)
from tests.web.support.answering import PACK, agree


@pytest.mark.parametrize(
    ("level", "mark"),
    [(0, Mark(50.0, 50.0, 50.0)), (1, Mark(50.0, 50.0, 25.0)), (2, Mark(50.0, 50.0, 0.0))],
)
def test_the_bar_of_a_pull_goes_from_the_middle_to_its_side(level: int, mark: Mark) -> None:
    # Autonomy speaks for the back office, the first pole: against it is a pull to the right, for it one to the left.
    low = suggest_role(PACK, score_traits(PACK, agree(autonomy=level), PACK.first_parts))
    high = suggest_role(PACK, score_traits(PACK, agree(autonomy=4 - level), PACK.first_parts))
    assert low is not None
    assert high is not None
    assert place_points(low)["autonomy"] == mark
    assert place_points(high)["autonomy"] == Mark(50.0, 50.0 - mark.width, mark.width)


def test_the_ends_of_a_difference_stand_on_its_own_line() -> None:
    area = Difference(
        "people", before=Fraction(40), after=Fraction(65), variance=Fraction(25), standing="beyond"
    )
    lean = Difference(
        LEAN, before=Fraction(-20), after=Fraction(50), variance=Fraction(25), standing="beyond"
    )
    assert place_ends(PACK, area) == Ends(ring=40.0, dot=65.0)
    assert place_ends(PACK, replace(area, id="focus")) == Ends(ring=60.0, dot=35.0)
    assert place_ends(PACK, lean) == Ends(ring=40.0, dot=75.0)


def test_the_whisker_of_a_share_ends_where_the_line_does() -> None:
    share = Percentage(percent=20, bound="", low=0, high=50, plus_minus=30, n=40)
    assert place_percentage(share) == PercentageBar(0, 20, 0, 50)


def test_a_share_that_is_only_a_bound_shows_its_range_too() -> None:
    share = Percentage(percent=90, bound="or-more", low=86, high=100, plus_minus=5, n=40)
    assert place_percentage(share) == PercentageBar(0, 90, 86, 100)


@pytest.mark.parametrize(
    ("low", "high", "side"), [(51, 70, 2), (50, 70, 0), (30, 50, 0), (30, 49, 1)]
)
def test_the_side_of_a_share_is_told_only_if_its_whole_range_is_there(
    low: int, high: int, side: int
) -> None:
    assert find_share_side(Percentage(50, "", low, high, plus_minus=10, n=40)) == side


@pytest.mark.parametrize(("percent", "heat"), [(9, 0), (10, 1), (49, 4), (50, 5), (90, 5)])
def test_the_heat_of_a_share_grows_with_each_ten_per_cent(percent: int, heat: int) -> None:
    assert find_heat(Percentage(percent, "", 0, 100, plus_minus=5, n=40)) == heat


def test_the_side_of_a_trait_follows_the_order_of_the_poles() -> None:
    sides = {trait.pole: find_side(PACK, trait) for trait in PACK.traits}
    assert sides == {"back": 1, "front": 2}


@pytest.mark.parametrize(
    ("trait", "level", "at", "pull"),
    [
        ("autonomy", 4, 0.0, 1),
        ("autonomy", 2, 50.0, 0),
        ("autonomy", 1, 75.0, 2),
        ("people", 1, 25.0, 1),
        ("people", 4, 100.0, 2),
    ],
)
def test_a_trait_stands_on_the_side_to_which_its_answers_pull(
    trait: str, level: int, at: float, pull: int
) -> None:
    scores = score_traits(PACK, agree(PACK, 2, **{trait: level}), PACK.first_parts)
    score = next(each for each in scores if each.id == trait)
    mark = place_pull(PACK, score)
    assert (mark.at, find_pull(PACK, score)) == (at, pull)
    assert mark.start <= mark.at <= mark.start + mark.width <= 100


def test_the_ends_of_a_trait_stand_where_their_scores_do() -> None:
    assert order_ends(PACK, "autonomy") == ("high", "low")
    assert order_ends(PACK, "people") == ("low", "high")
