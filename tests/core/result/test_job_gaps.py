"""Gaps between what a respondent wants and what a job offers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.result.comparisons import BEYOND, WITHIN, Difference
from fitquiz.core.result.job_gaps import compare_offer, find_widest
from tests.core.support.pack_building import (
    answer,
    answer_alike,
    build_pack,
    build_with_own_sd,
    find_scores,
)

PACK = build_pack(item_sd=20)
"""Two traits of two items each, on five points: calm speaks for the back, bold for the front."""
HIGH = answer(calm=[4, 0], bold=[0, 4])


def test_wanted_stands_before_and_offered_after() -> None:
    # Wanted 100, two answers: 200; one rating: 20² = 400.
    (gap,) = compare_offer(PACK, tuple(find_scores(PACK, HIGH).values()), {"calm": 1})
    assert (gap.id, gap.before, gap.after, gap.points, gap.variance) == ("calm", 100, 25, -75, 600)
    assert gap.standing == BEYOND


def test_what_is_not_rated_or_has_no_score_has_no_gap() -> None:
    scores = tuple(find_scores(PACK, answer(calm=[4, 0])).values())
    assert compare_offer(PACK, scores, {"calm": None, "bold": 2}) == ()
    assert compare_offer(PACK, scores, {}) == ()
    assert [each.id for each in compare_offer(PACK, scores, {"bold": 2, "calm": 0, "gone": 3})] == [
        "calm"
    ]


@pytest.mark.parametrize("rating", [-1, 5])
def test_a_rating_outside_the_scale_is_refused(rating: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 4"):
        compare_offer(PACK, tuple(find_scores(PACK, HIGH).values()), {"calm": rating})


def gap(name: str, points: int) -> Difference:
    return Difference(name, Fraction(50), Fraction(50 + points), Fraction(1), WITHIN)


def test_the_three_widest_gaps_come_first_whichever_way_they_go() -> None:
    gaps = [gap("a", 5), gap("b", -40), gap("c", 0), gap("d", 30), gap("e", -6)]
    assert [each.id for each in find_widest(gaps)] == ["b", "d", "e"]


def test_no_gap_is_none_of_the_widest() -> None:
    assert [each.id for each in find_widest([gap("a", 0), gap("b", 1)])] == ["b"]


def test_gaps_of_one_width_stay_in_their_order() -> None:
    assert [each.id for each in find_widest([gap(name, 7) for name in "dcba"])] == ["d", "c", "b"]


@given(st.lists(st.integers(-50, 50), max_size=8))
def test_no_other_gap_is_wider_than_the_widest(points: list[int]) -> None:
    gaps = [gap(str(number), each) for number, each in enumerate(points)]
    widest = find_widest(gaps)
    assert len(widest) == min(3, sum(each != 0 for each in points))
    others = [abs(each.points) for each in gaps if each not in widest]
    assert all(abs(each.points) >= other for each in widest for other in others)


def test_a_rating_is_as_uncertain_as_an_answer_to_its_trait() -> None:
    # Four answers to x: 10² / 4 = 25; one rating: 10² = 100.
    pack = build_with_own_sd(x="10")
    scores = tuple(find_scores(pack, answer_alike(pack, 2)).values())
    (gap,) = compare_offer(pack, scores, {"x": 4})
    assert gap.variance == 125
