"""Differences of results, and of wanted and offered, with known figures; what is within the doubt is called so."""

from fractions import Fraction

import pytest

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.result.comparisons import (
    BEYOND,
    CLEAR,
    LEAN,
    WITHIN,
    Difference,
    compare_leans,
    compare_results,
    compare_scores,
)
from fitquiz.core.result.whole_result import work_out_result
from tests.core.support.pack_building import (
    answer,
    build_pack,
    find_outcome,
    find_scores,
    write_files_without_poles,
)

PACK = build_pack(item_sd=20)
"""Two traits of two items each, on five points: calm speaks for the back, bold for the front."""
LOW, HIGH = answer(calm=[0, 4], bold=[4, 0]), answer(calm=[4, 0], bold=[0, 4])
POINT = Fraction(25, 2)


def compare(before: dict[str, int | None], after: dict[str, int | None]) -> dict[str, Difference]:
    found = compare_scores(
        PACK.rule, *(tuple(find_scores(PACK, each).values()) for each in (before, after))
    )
    return {each.id: each for each in found}


def test_a_difference_runs_from_before_to_after_with_the_doubt_of_both() -> None:
    # Two answers a trait: 20² / 2 = 200 each time, together 400, so the doubt is 20.
    calm = compare(LOW, HIGH)["calm"]
    assert (calm.before, calm.after, calm.points, calm.variance) == (0, 100, 100, 400)
    assert compare(HIGH, LOW)["calm"].points == -100


@pytest.mark.parametrize(
    ("answers", "points", "standing"),
    [
        ([2, 2], 0, WITHIN),
        ([3, 2], POINT, WITHIN),
        ([3, 1], 25, BEYOND),
        ([4, 1], 3 * POINT, BEYOND),
        ([4, 0], 50, CLEAR),
    ],
)
def test_what_is_more_than_the_doubt_and_clearly_more_is_called_so(
    answers: list[int | None], points: Fraction, standing: str
) -> None:
    for given_answers, sign in ((answers, 1), ([4 - (each or 0) for each in answers], -1)):
        calm = compare(answer(calm=[2, 2]), answer(calm=given_answers))["calm"]
        assert (calm.points, calm.standing) == (sign * points, standing)


@pytest.mark.parametrize(("sd", "standing"), [(50, WITHIN), (25, WITHIN), (24, BEYOND)])
def test_a_difference_that_just_touches_its_band_is_within_it(sd: int, standing: str) -> None:
    # From 50 to 75 with two answers each time: the doubt is exactly the item's standard deviation.
    pack = build_pack(item_sd=sd)
    before, after = (
        tuple(find_scores(pack, answer(calm=each)).values()) for each in ([2, 2], [3, 1])
    )
    assert compare_scores(pack.rule, before, after)[0].standing == standing


def test_the_bands_of_the_rule_are_the_ones_that_count() -> None:
    pack = build_pack(item_sd=20, band=2, clear=3)
    before, after = (
        tuple(find_scores(pack, answer(calm=each)).values()) for each in ([2, 2], [4, 0])
    )
    assert compare_scores(pack.rule, before, after)[0].standing == BEYOND


def test_a_trait_without_a_score_on_either_side_is_left_out() -> None:
    assert set(compare(LOW, answer(bold=[4, 0]))) == {"bold"}
    assert set(compare(answer(bold=[4, 0]), LOW)) == {"bold"}


def test_more_answers_make_the_doubt_smaller() -> None:
    assert compare(answer(calm=[4, None]), HIGH)["calm"].variance == 400 + 200


def test_a_trait_of_one_of_two_questionnaires_is_left_out() -> None:
    other = build_pack(["calm+ dull-", "calm- dull+"], {"calm": ("back", 1), "dull": ("front", 1)})
    before, after = (tuple(find_scores(each, LOW).values()) for each in (other, PACK))
    assert [each.id for each in compare_scores(PACK.rule, before, after)] == ["calm"]


def test_the_lean_is_compared_with_the_doubt_of_both() -> None:
    back, front = answer(calm=[4, 0], bold=[4, 0]), answer(calm=[0, 4], bold=[0, 4])
    found = compare_leans(PACK.rule, find_outcome(PACK, back), find_outcome(PACK, front))
    assert found == Difference(LEAN, Fraction(-100), Fraction(100), Fraction(800), CLEAR)


def test_a_lean_on_one_side_alone_is_not_compared() -> None:
    outcome = find_outcome(PACK, LOW)
    assert compare_leans(PACK.rule, None, outcome) is None
    assert compare_leans(PACK.rule, outcome, None) is None


def test_two_results_are_compared_with_lean_traits_and_modules() -> None:
    pack = build_pack(modules={"leading": ("on-request", "lead+ lead-")})
    parts = ("standard", "leading")
    before, after = (
        work_out_result(pack, LOW | {"lead-1": first, "lead-2": 2}, parts, {}, "en")
        for first in (0, 4)
    )
    found = compare_results(pack.rule, before, after)
    assert found.lean is not None
    assert [each.id for each in found.traits] == ["calm", "bold"]
    assert [(each.id, each.points) for each in found.scales] == [("lead", 50)]


def test_a_module_that_was_asked_once_is_not_compared() -> None:
    pack = build_pack(modules={"leading": ("on-request", "lead+ lead-")})
    once = work_out_result(pack, LOW, ("standard",), {}, "en")
    twice = work_out_result(
        pack, LOW | {"lead-1": 4, "lead-2": 2}, ("standard", "leading"), {}, "en"
    )
    assert compare_results(pack.rule, once, twice).scales == ()
    assert compare_results(pack.rule, twice, once).scales == ()


def test_a_profile_without_poles_is_compared_without_a_lean() -> None:
    pack = read_pack(write_files_without_poles())
    results = [
        work_out_result(pack, answer(calm=each), ("standard",), {}, "en")
        for each in ([4, 0], [0, 4])
    ]
    found = compare_results(pack.rule, *results)
    assert found.lean is None
    assert [each.points for each in found.traits] == [-100]
