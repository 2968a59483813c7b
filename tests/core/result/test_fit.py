"""From scores to a suggestion: worked examples of every suggestion and its borders, and what must always hold."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import SHARPENING, STANDARD
from fitquiz.core.result.fit import Outcome, has_suggestion, suggest_role, weigh_traits
from fitquiz.core.result.scoring import TRAIT_SD, score_traits
from tests.core.support.pack_building import (
    SIX,
    answer,
    answer_alike,
    build_pack,
    build_six,
    find_outcome,
    find_scores,
    write_files_without_poles,
)


def decide(
    calm: Sequence[int | None], bold: Sequence[int | None], points: int = 11, **rule: Any
) -> Outcome:
    """The outcome of plus-keyed answers to two traits; of eleven points, an answer is worth ten times itself."""
    blocks = [" ".join(["calm+"] * len(calm) + ["bold+"] * len(bold))]
    return find_outcome(build_pack(blocks, points=points, **rule), answer(calm=calm, bold=bold))


def name(outcome: Outcome) -> tuple[str, bool]:
    return outcome.suggestion, outcome.is_clear


def test_a_fit_is_the_mean_of_the_poles_traits() -> None:
    # back = (100 + 50 + 0) / 3 = 50, front = (50 + 50 + 75) / 3 = 175 / 3; lean = 175 / 3 - 50 = 25 / 3.
    pack = build_pack(["a+ b+ c+ x+ y+ z+"], SIX)
    outcome = find_outcome(pack, answer(a=[4], b=[2], c=[0], x=[2], y=[2], z=[3]))
    assert outcome.fits == {"back": 50, "front": Fraction(175, 3)}
    assert outcome.lean == Fraction(25, 3)


def test_a_fit_counts_each_trait_by_its_weight() -> None:
    # back = (3 * 100 + 1 * 0) / 4 = 75; front = 50; lean -25.
    traits = {"a": ("back", 3), "b": ("back", 1), "x": ("front", 0.1)}
    outcome = find_outcome(build_pack(["a+ b+ x+"], traits), answer(a=[4], b=[0], x=[2]))
    assert outcome.fits == {"back": 75, "front": 50}
    assert outcome.weights == {"a": Fraction(-3, 4), "b": Fraction(-1, 4), "x": 1}


def test_the_standard_error_is_10_2_at_24_answers() -> None:
    # Six traits of share 1/3 and 4 answers: 6 * (1/3)**2 * 25**2 / 4 = 104.17, whose root is 10.206.
    outcome = find_outcome(build_six(), answer_alike(build_six(), 2))
    assert outcome.variance == Fraction(625, 6)
    assert outcome.standard_error == pytest.approx(10.206, abs=0.001)


def test_the_standard_error_is_8_3_at_36_answers() -> None:
    # 6 * (1/3)**2 * 25**2 / 6 = 69.44, whose root is 8.333.
    pack = build_six(sharpening=2)
    outcome = find_outcome(pack, answer_alike(pack, 2), (STANDARD, SHARPENING))
    assert outcome.standard_error == pytest.approx(8.333, abs=0.001)


def test_unequal_weights_make_the_lean_less_sure() -> None:
    # Shares 3/4, 1/4 and 1, one answer each: (9/16 + 1/16 + 1) * 625 = 1015.625.
    traits = {"a": ("back", 3), "b": ("back", 1), "x": ("front", 1)}
    outcome = find_outcome(build_pack(["a+ b+ x+"], traits), answer(a=[4], b=[0], x=[2]))
    assert outcome.variance == Fraction("1015.625")


def test_fewer_answers_make_the_lean_less_sure() -> None:
    # 625 / 4 + 625 / 2 = 468.75 with two of four left out.
    assert decide([5, 5, 5, 5], [5, 5, None, None]).variance == Fraction("468.75")


# Two answers a trait and a deviation of 25 make the variance 625 / 2 + 625 / 2 = 625: one standard error is 25.


def test_a_lean_exactly_at_one_standard_error_is_not_clear_of_zero() -> None:
    assert name(decide([3, 4], [6, 6])) == ("too-close", False)  # 60 - 35 = 25
    assert name(decide([6, 6], [3, 4])) == ("too-close", False)  # 35 - 60 = -25


def test_a_lean_just_above_one_standard_error_is_clear_of_zero() -> None:
    assert name(decide([3, 3], [6, 6])) == ("front", False)  # 60 - 30 = 30
    assert name(decide([6, 6], [3, 3])) == ("back", False)


def test_a_lean_exactly_at_two_standard_errors_is_not_clearly_so() -> None:
    assert name(decide([2, 2], [7, 7])) == ("front", False)  # 70 - 20 = 50
    assert name(decide([7, 7], [2, 2])) == ("back", False)


def test_a_lean_just_above_two_standard_errors_is_clearly_so() -> None:
    assert name(decide([2, 1], [7, 7])) == ("front", True)  # 70 - 15 = 55
    assert name(decide([7, 7], [2, 1])) == ("back", True)


def test_the_band_and_the_clear_limit_are_the_packs_own() -> None:
    # A lean of 30 is 1.2 standard errors, one of 55 is 2.2.
    assert name(decide([3, 3], [6, 6], band=1.2)) == ("too-close", False)
    assert name(decide([3, 3], [6, 6], band=1.19)) == ("front", False)
    assert name(decide([2, 1], [7, 7], clear=2.2)) == ("front", False)
    assert name(decide([2, 1], [7, 7], clear=2.19)) == ("front", True)
    assert name(decide([3, 3], [6, 6], clear=1.1)) == ("front", True)


def test_a_lean_of_less_than_one_point_is_decided_where_the_deviation_is_small() -> None:
    # One step of one answer in twenty is half a point; the standard error is 0.1 * sqrt(2 / 20) = 0.03.
    assert name(decide([5] * 20, [5] * 19 + [6], item_sd=0.1)) == ("front", True)
    assert name(decide([5] * 19 + [6], [5] * 20, item_sd=0.1)) == ("back", True)


def test_both_fits_exactly_60_are_versatile() -> None:
    assert name(decide([6, 6], [6, 6])) == ("versatile", False)


def test_one_fit_below_60_is_not_versatile() -> None:
    assert decide([6, 6], [6, 5]).suggestion == "too-close"
    assert decide([6, 5], [6, 6]).suggestion == "too-close"


def test_both_fits_exactly_40_pull_nowhere() -> None:
    assert name(decide([4, 4], [4, 4])) == ("neither", False)


def test_one_fit_above_40_is_too_close_to_call() -> None:
    assert decide([4, 4], [4, 5]).suggestion == "too-close"
    assert decide([4, 5], [4, 4]).suggestion == "too-close"


def test_the_limits_of_versatile_and_neither_are_the_packs_own() -> None:
    assert decide([6, 6], [6, 6], both_from=61).suggestion == "too-close"
    assert decide([5, 5], [5, 5], both_from=50).suggestion == "versatile"
    assert decide([4, 4], [4, 4], neither_to=39).suggestion == "too-close"
    assert decide([5, 5], [5, 5], neither_to=50).suggestion == "neither"


def test_two_high_fits_far_apart_are_decided_and_not_versatile() -> None:
    assert name(decide([6, 6], [10, 10])) == ("front", False)  # lean 40
    assert name(decide([4, 4], [0, 0])) == ("back", False)


def test_an_exact_tie_leans_nowhere() -> None:
    outcome = decide([5, 5], [5, 5])
    assert (outcome.lean, outcome.suggestion) == (0, "too-close")


@pytest.mark.parametrize("given", range(11))
def test_a_tie_is_not_broken_by_the_order_of_the_traits(given: int) -> None:
    swapped = {"bold": ("front", 1.0), "calm": ("back", 1.0)}
    pack = build_pack(["bold+ calm+"], swapped, points=11, band=0)
    assert find_outcome(pack, answer(calm=[given], bold=[given])).suggestion in (
        "versatile",
        "neither",
        "too-close",
    )


def test_only_the_poles_are_decided() -> None:
    assert decide([0], [10]).is_decided
    assert not decide([6], [6]).is_decided


def test_contributions_are_signed_by_their_pole() -> None:
    # share * (score - 50): -3/4 * 50, -1/4 * -50 and 1 * 25; together 0 = 75 - 75.
    traits = {"a": ("back", 3), "b": ("back", 1), "x": ("front", 1)}
    outcome = find_outcome(build_pack(["a+ b+ x+"], traits), answer(a=[4], b=[0], x=[3]))
    points = {each.trait: each.points for each in outcome.contributions}
    assert points == {"a": Fraction("-37.5"), "b": Fraction("12.5"), "x": 25}


def test_an_item_contributes_its_part_of_the_trait() -> None:
    # share -1, two answers: -1 * (100 - 50) / 2 = -25 for the plus item, -1 * (0 - 50) / 2 = 25 for the minus one.
    outcome = find_outcome(build_pack(), answer(calm=[4, 4], bold=[2, 2]))
    items = {each.item.id: each.points for each in outcome.contributions[0].items}
    assert items == {"calm-1": -25, "calm-2": 25}


def test_no_answers_give_no_outcome() -> None:
    assert suggest_role(build_pack(), score_traits(build_pack(), {}, (STANDARD,))) is None


def test_a_pole_without_a_score_gives_no_outcome() -> None:
    pack = build_six()
    for missing in ("abc", "xyz"):
        given = {item: None if item[0] in missing else 2 for item in pack.items}
        assert suggest_role(pack, score_traits(pack, given, (STANDARD,))) is None


def test_half_of_a_poles_weight_is_enough() -> None:
    # Only a, of weight 2 in 4, is answered: it stands for its whole pole.
    traits = {"a": ("back", 2), "b": ("back", 1), "c": ("back", 1), "x": ("front", 1)}
    outcome = find_outcome(build_pack(["a+ b+ c+ x+"], traits), answer(a=[4], x=[2]))
    assert (outcome.fits, outcome.weights) == ({"back": 100, "front": 50}, {"a": -1, "x": 1})


def test_less_than_half_of_a_poles_weight_is_not_enough() -> None:
    traits = {"a": ("back", 1.9), "b": ("back", 1), "c": ("back", 1), "x": ("front", 1)}
    pack = build_pack(["a+ b+ c+ x+"], traits)
    assert weigh_traits(pack, {"a", "x"}) is None
    assert not has_suggestion(pack, answer(a=[4], x=[2]), (STANDARD,))


def test_one_trait_of_three_is_not_enough_but_two_are() -> None:
    pack = build_pack(["a+ b+ c+ x+ y+ z+"], SIX)
    assert suggest_role(pack, list(find_scores(pack, answer(a=[4], x=[2], y=[2])).values())) is None
    outcome = find_outcome(pack, answer(a=[4], b=[3], x=[2], y=[2]))
    assert outcome.fits == {"back": Fraction(175, 2), "front": 50}


def measure_missing(weights: Sequence[int], is_scored: Sequence[bool], spread: int) -> Fraction:
    """The mean squared error of one fit, over every way in which each trait is a spread above or below the mean."""
    ways = list(product((-spread, spread), repeat=len(weights)))
    pairs = list(zip(weights, is_scored, strict=True))
    squares = []
    for way in ways:
        whole = sum(w * t for w, t in zip(weights, way, strict=True)) / Fraction(sum(weights))
        used = sum(w * t for (w, there), t in zip(pairs, way, strict=True) if there)
        squares.append((whole - used / Fraction(sum(w for w, there in pairs if there))) ** 2)
    return sum(squares, Fraction(0)) / len(squares)


@pytest.mark.parametrize(
    ("weights", "is_scored"),
    [
        ((1, 1, 1), (True, True, False)),
        ((3, 1, 1), (True, False, False)),
        ((1, 2, 3), (False, True, True)),
        ((1, 1, 1), (True, True, True)),
    ],
)
def test_a_missing_trait_adds_what_a_small_enumeration_adds(
    weights: tuple[int, ...], is_scored: tuple[bool, ...]
) -> None:
    traits = {name: ("back", weight) for name, weight in zip("abc", weights, strict=True)}
    pack = build_pack(["a+ b+ c+ x+"], traits | {"x": ("front", 1)})
    given = [[2] if there else [None] for there in is_scored]
    outcome = find_outcome(pack, answer(x=[2], **dict(zip("abc", given, strict=True))))
    assert outcome.missing_variance == measure_missing(weights, is_scored, TRAIT_SD)
    shares = [abs(weight) for weight in outcome.weights.values()]
    assert outcome.variance == 625 * sum(share**2 for share in shares) + outcome.missing_variance


def test_a_missing_trait_is_named_and_widens_the_band() -> None:
    # 625/4 * (2/4 + 3/9) = 130.2 by the answers, and 15² / 6 = 37.5 by the missing trait.
    pack = build_six()
    given = {item: None if item[0] == "c" else 2 for item in pack.items}
    outcome = find_outcome(pack, given)
    assert outcome.missing == ("c",)
    assert outcome.missing_variance == Fraction("37.5")
    assert outcome.standard_error == pytest.approx(12.950, abs=0.001)
    assert find_outcome(pack, answer_alike(pack, 2)).missing == ()


def test_a_missing_trait_of_each_pole_counts_twice() -> None:
    pack = build_six()
    given = {item: None if item[0] in "cx" else 2 for item in pack.items}
    assert find_outcome(pack, given).missing_variance == 75
    assert find_outcome(pack, given).missing == ("c", "x")


def test_a_trait_without_a_score_contributes_nothing() -> None:
    pack = build_pack(["a+ b+ c+ x+ y+ z+"], SIX)
    outcome = find_outcome(pack, answer(a=[4], b=[3], x=[2], y=[2]))
    assert [each.trait for each in outcome.contributions] == ["a", "b", "x", "y"]


def test_a_pack_without_poles_has_no_outcome() -> None:
    pack = read_pack(write_files_without_poles())
    assert suggest_role(pack, score_traits(pack, answer(calm=[4, 0]), (STANDARD,))) is None
