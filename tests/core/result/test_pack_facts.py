"""The facts about a pack that decide which sentences are true for it."""

from fractions import Fraction
from statistics import NormalDist

import pytest

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.result.pack_facts import STUDIED_SPREAD, find_pack_facts
from tests.core.support.pack_building import (
    answer_alike,
    build_pack,
    build_six,
    build_with_own_sd,
    find_outcome,
    write_files_without_poles,
)


def test_a_balanced_pack_has_all_facts_of_the_shipped_one() -> None:
    facts = find_pack_facts(build_six(sharpening=2))
    assert (facts.has_minus, facts.is_balanced, facts.has_opposites) == (True, True, True)
    assert (facts.has_equal_weights, facts.has_scales) == (True, False)
    assert facts.standard_error == pytest.approx(10.206, abs=0.001)
    assert facts.sharpened_error == pytest.approx(8.333, abs=0.001)
    assert facts.is_repetition_studied


def test_a_pack_of_plus_items_has_nothing_turned_round() -> None:
    facts = find_pack_facts(build_pack(["calm+ bold+"]))
    assert (facts.has_minus, facts.is_balanced, facts.has_opposites) == (False, False, False)


def test_as_many_minus_as_plus_items_in_all_are_not_balanced_if_the_traits_are_not() -> None:
    facts = find_pack_facts(build_pack(["calm+ bold-"]))
    assert (facts.has_minus, facts.is_balanced, facts.has_opposites) == (True, False, False)


def test_each_form_must_be_balanced() -> None:
    pack = build_pack(["calm+ calm- bold+ bold-"], sharpening=["calm+ bold+"])
    assert not find_pack_facts(pack).is_balanced
    assert find_pack_facts(pack).has_opposites


def test_a_module_with_a_scale_is_told_from_one_without() -> None:
    assert find_pack_facts(build_pack(modules={"extra": ("everyone", "own+")})).has_scales
    assert not find_pack_facts(build_pack(modules={"extra": ("campaign", "-")})).has_scales


def test_weights_are_compared_within_a_pole() -> None:
    unequal = {"a": ("back", 3), "b": ("back", 1), "x": ("front", 1)}
    equal = {"a": ("back", 3), "b": ("back", 3), "x": ("front", 1)}
    assert not find_pack_facts(build_pack(["a+ b+ x+"], unequal)).has_equal_weights
    assert find_pack_facts(build_pack(["a+ b+ x+"], equal)).has_equal_weights


def test_the_error_is_that_of_an_attempt_with_all_answers() -> None:
    traits = {"a": ("back", 3), "b": ("back", 1), "x": ("front", 1)}
    pack = build_pack(["a+ b+ b+ x-"], traits, item_sd=28.4)
    outcome = find_outcome(pack, dict.fromkeys(pack.items, 3))
    assert find_pack_facts(pack).standard_error == outcome.standard_error
    assert outcome.variance == Fraction("28.4") ** 2 * (Fraction(9, 16) + Fraction(1, 32) + 1)


@pytest.mark.parametrize("spread", STUDIED_SPREAD)
def test_the_frequencies_on_the_method_page_follow_from_the_studied_numbers(spread: int) -> None:
    # In steps of half a point, over all true leans. The error is 10 points, and so is half the band.
    whole = others = decided = turned = 0.0
    for lean in (each / 2 for each in range(-200, 201)):
        share = NormalDist(0, spread).pdf(lean)
        back, front = NormalDist(lean, 10).cdf(-10), 1 - NormalDist(lean, 10).cdf(10)
        undecided = 1 - back - front
        whole += share
        others += share * (1 - back**2 - front**2 - undecided**2)
        decided += share * (back + front)
        turned += share * 2 * back * front
    assert others / whole == pytest.approx(0.43, abs=0.03)
    assert turned / decided == pytest.approx(0.047, abs=0.01)


def test_a_pack_without_poles_has_no_error_of_a_lean() -> None:
    facts = find_pack_facts(read_pack(write_files_without_poles()))
    assert (facts.standard_error, facts.sharpened_error) == (None, None)
    assert not facts.is_repetition_studied


@pytest.mark.parametrize(("deviation", "is_studied"), [(29, True), (30, False), (19, False)])
def test_how_often_a_repetition_differs_is_known_for_like_numbers_only(
    deviation: int, is_studied: bool
) -> None:
    # The standard error of the lean is item_sd times 0.408: 11.8, 12.2 and 7.8.
    assert find_pack_facts(build_six(item_sd=deviation)).is_repetition_studied is is_studied
    assert not find_pack_facts(build_six(item_sd=deviation, band=1.5)).is_repetition_studied


def test_the_standard_error_of_the_lean_uses_the_number_of_each_trait() -> None:
    pack = build_with_own_sd(x="10", a="40")
    facts = find_pack_facts(pack)
    outcome = find_outcome(pack, answer_alike(pack, 2))
    assert facts.has_own_item_sd
    assert facts.standard_error == pytest.approx(outcome.standard_error)
    assert not find_pack_facts(build_six()).has_own_item_sd


def test_an_area_can_only_be_missing_where_the_others_are_half_of_its_side() -> None:
    assert find_pack_facts(build_six()).can_lack_area
    assert not find_pack_facts(build_pack(["calm+ bold+"])).can_lack_area
    unequal = {"a": ("back", 3), "b": ("back", 1), "x": ("front", 1)}
    assert find_pack_facts(build_pack(["a+ b+ x+"], unequal)).can_lack_area


def test_a_trait_with_two_items_is_short() -> None:
    assert find_pack_facts(build_pack(["calm+ calm- bold+ bold-"])).has_short_traits
    assert not find_pack_facts(build_pack(["calm+ bold-"] * 3)).has_short_traits


def test_hints_need_ten_scored_items() -> None:
    modules = {"more": ("everyone", "lead+ help-")}
    facts = find_pack_facts(build_pack(["calm+ bold-"] * 4 + ["calm+"], modules=modules))
    assert not facts.has_hints
    assert find_pack_facts(build_pack(["calm+ bold-"] * 5)).has_hints
