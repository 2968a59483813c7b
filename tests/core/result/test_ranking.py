"""Traits of a pack without poles are ranked, and scores that chance can exchange share the highest place."""

from fractions import Fraction

import pytest

from fitquiz.core.result.ranking import rank_traits
from fitquiz.core.result.scoring import Score
from tests.core.support.pack_building import build_pack
from tests.core.support.shipped_packs import read_shipped_pack

FIVE = read_shipped_pack("tests/packs/five-traits")


def score(name: str, points: int | None, variance: int = 100) -> Score:
    if points is None:
        return Score(name, (), 2, None, None)
    return Score(name, (), 2, Fraction(points), Fraction(variance))


def test_the_highest_score_comes_first_and_a_missing_score_last() -> None:
    ranking = rank_traits(FIVE, [score("a", 20), score("b", None), score("c", 90), score("d", 50)])
    assert [each.id for each in ranking.scores] == ["c", "d", "a", "b"]


def test_equal_scores_keep_the_order_of_the_pack() -> None:
    ranking = rank_traits(FIVE, [score("a", 50), score("b", 50), score("c", 60)])
    assert [each.id for each in ranking.scores] == ["c", "a", "b"]


@pytest.mark.parametrize(("lower", "highest"), [(62, ("a",)), (63, ("a", "b"))])
def test_a_trait_is_not_highest_from_1_96_standard_errors_below(
    lower: int, highest: tuple[str, ...]
) -> None:
    # The standard error of the difference is the root of 100 + 100, 14.14 points. 1.96 times 14.14 is 27.7.
    ranking = rank_traits(FIVE, [score("a", 90), score("b", lower)])
    assert ranking.highest == highest
    assert ranking.stands_out is (len(highest) == 1)


def test_no_trait_stands_out_if_all_scores_are_close() -> None:
    ranking = rank_traits(FIVE, [score("a", 50), score("b", 55), score("c", None)])
    assert set(ranking.highest) == {"a", "b"}
    assert not ranking.stands_out


@pytest.mark.parametrize(("points", "is_ranked"), [(None, False), (10, True)])
def test_one_score_alone_is_no_ranking(points: int | None, is_ranked: bool) -> None:
    ranking = rank_traits(FIVE, [score("a", 50), score("b", points)])
    assert ranking.is_ranked is is_ranked


def test_a_result_without_scores_has_no_highest_trait() -> None:
    ranking = rank_traits(FIVE, [score("a", None)])
    assert (ranking.highest, ranking.stands_out) == ((), False)


def test_a_pack_with_poles_keeps_the_order_of_its_traits() -> None:
    scores = (score("calm", 10), score("bold", 90))
    ranking = rank_traits(build_pack(), scores)
    assert (ranking.scores, ranking.highest) == (scores, ())
    assert not ranking.is_ranked
