"""Differences of results, and of wanted and offered, with known figures; what is within the doubt is called so."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.result.comparisons import (
    BEYOND,
    LEAN,
    WITHIN,
    Difference,
    compare_leans,
    compare_results,
    compare_scores,
    measure_difference,
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
    found = compare_scores(*(tuple(find_scores(PACK, each).values()) for each in (before, after)))
    return {each.id: each for each in found}


def test_a_difference_runs_from_before_to_after_with_the_doubt_of_both() -> None:
    # Two answers a trait: 20² / 2 = 200 each time, together 400, so the doubt is 20.
    calm = compare(LOW, HIGH)["calm"]
    assert (calm.before, calm.after, calm.points, calm.variance) == (0, 100, 100, 400)
    assert compare(HIGH, LOW)["calm"].points == -100


# Two answers a trait and a deviation of 20 make the margin of error 1.96 * 20 = 39.2 points.


@pytest.mark.parametrize(
    ("answers", "points", "standing"),
    [
        ([2, 2], 0, WITHIN),
        ([3, 1], 25, WITHIN),
        ([4, 1], 3 * POINT, WITHIN),
        ([4, 0], 50, BEYOND),
    ],
)
def test_a_change_is_called_so_from_the_margin_of_error(
    answers: list[int | None], points: Fraction, standing: str
) -> None:
    for given_answers, sign in ((answers, 1), ([4 - (each or 0) for each in answers], -1)):
        calm = compare(answer(calm=[2, 2]), answer(calm=given_answers))["calm"]
        assert (calm.points, calm.standing) == (sign * points, standing)


@pytest.mark.parametrize(("variance", "standing"), [(10000, BEYOND), (10001, WITHIN)])
def test_a_difference_of_exactly_1_96_errors_is_a_change(variance: int, standing: str) -> None:
    # The standard error is 100, and 1.96 times 100 is 196.
    change = measure_difference(LEAN, Fraction(-96), Fraction(100), Fraction(variance))
    assert change.standing == standing
    assert change.margin == pytest.approx(196, abs=0.01)


def test_the_band_of_a_pack_does_not_decide_what_is_a_change() -> None:
    for band in (0, 3):
        pack = build_pack(item_sd=20, band=band, clear=3)
        before, after = (
            tuple(find_scores(pack, answer(calm=each)).values()) for each in ([2, 2], [4, 0])
        )
        assert compare_scores(before, after)[0].standing == BEYOND


def test_no_difference_is_no_change_also_with_hardly_any_doubt() -> None:
    assert measure_difference("calm", Fraction(50), Fraction(50), Fraction(1, 100)).standing == (
        WITHIN
    )


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("-50/3", "50/3", (-17, 17, 34)),
        ("16.45", "16.44", (17, 16, -1)),  # Tenths 16.5 and 16.4, as on the pages of the results.
        ("0.3", "-0.4", (0, 0, 0)),
    ],
)
def test_the_shown_difference_is_that_of_the_shown_values(
    before: str, after: str, shown: tuple[int, int, int]
) -> None:
    lean = measure_difference(LEAN, Fraction(before), Fraction(after), Fraction(100))
    assert (lean.shown_before, lean.shown_after, lean.shown_points) == shown


def test_the_shown_values_of_a_score_are_rounded_once() -> None:
    score = measure_difference("calm", Fraction("16.45"), Fraction("62.5"), Fraction(100))
    assert (score.shown_before, score.shown_after, score.shown_points) == (16, 63, 47)


def test_rounding_never_makes_a_change_smaller_than_its_margin() -> None:
    # The change is 27.9, and is shown as 38 - 11 = 27. The margin is 27.8, which alone is shown as 28.
    change = measure_difference("calm", Fraction("10.5"), Fraction("38.4"), Fraction("201.2"))
    assert (change.standing, change.shown_points, change.shown_margin) == (BEYOND, 27, 27)
    # The other way round, 28.0 is shown as 29, and a margin of 28.4 alone as 28.
    change = measure_difference("calm", Fraction("10.49"), Fraction("38.5"), Fraction("210"))
    assert (change.standing, change.shown_points, change.shown_margin) == (WITHIN, 29, 30)


@given(st.fractions(-100, 100), st.fractions(-100, 100), st.fractions(1, 1000))
def test_the_shown_margin_says_the_same_as_the_standing(
    before: Fraction, after: Fraction, variance: Fraction
) -> None:
    for name in (LEAN, "calm"):
        change = measure_difference(name, before, after, variance)
        assert (abs(change.shown_points) >= change.shown_margin) == (change.standing == BEYOND)
        assert abs(change.shown_margin - change.margin) < 2.5


def test_a_trait_without_a_score_on_either_side_is_left_out() -> None:
    assert set(compare(LOW, answer(bold=[4, 0]))) == {"bold"}
    assert set(compare(answer(bold=[4, 0]), LOW)) == {"bold"}


def test_more_answers_make_the_doubt_smaller() -> None:
    assert compare(answer(calm=[4, None]), HIGH)["calm"].variance == 400 + 200


def test_a_trait_of_one_of_two_questionnaires_is_left_out() -> None:
    other = build_pack(["calm+ dull-", "calm- dull+"], {"calm": ("back", 1), "dull": ("front", 1)})
    before, after = (tuple(find_scores(each, LOW).values()) for each in (other, PACK))
    assert [each.id for each in compare_scores(before, after)] == ["calm"]


def test_the_lean_is_compared_with_the_doubt_of_both() -> None:
    back, front = answer(calm=[4, 0], bold=[4, 0]), answer(calm=[0, 4], bold=[0, 4])
    found = compare_leans(find_outcome(PACK, back), find_outcome(PACK, front))
    assert found == Difference(LEAN, Fraction(-100), Fraction(100), Fraction(800), BEYOND)


def test_a_lean_on_one_side_alone_is_not_compared() -> None:
    outcome = find_outcome(PACK, LOW)
    assert compare_leans(None, outcome) is None
    assert compare_leans(outcome, None) is None


def test_two_results_are_compared_with_lean_traits_and_modules() -> None:
    pack = build_pack(modules={"leading": ("on-request", "lead+ lead-")})
    parts = ("standard", "leading")
    before, after = (
        work_out_result(pack, LOW | {"lead-1": first, "lead-2": 2}, parts, {}, "en")
        for first in (0, 4)
    )
    found = compare_results(before, after)
    assert found.lean is not None
    assert [each.id for each in found.traits] == ["calm", "bold"]
    assert [(each.id, each.points) for each in found.scales] == [("lead", 50)]


def test_a_module_that_was_asked_once_is_not_compared() -> None:
    pack = build_pack(modules={"leading": ("on-request", "lead+ lead-")})
    once = work_out_result(pack, LOW, ("standard",), {}, "en")
    twice = work_out_result(
        pack, LOW | {"lead-1": 4, "lead-2": 2}, ("standard", "leading"), {}, "en"
    )
    assert compare_results(once, twice).scales == ()
    assert compare_results(twice, once).scales == ()


def test_a_profile_without_poles_is_compared_without_a_lean() -> None:
    pack = read_pack(write_files_without_poles())
    results = [
        work_out_result(pack, answer(calm=each), ("standard",), {}, "en")
        for each in ([4, 0], [0, 4])
    ]
    found = compare_results(*results)
    assert found.lean is None
    assert [each.points for each in found.traits] == [-100]
