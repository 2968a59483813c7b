"""Whatever HR ticks, the odds factor of a campaign is at most its budget, in exact fractions."""

from fractions import Fraction
from itertools import chain, combinations, product
from math import ceil, prod

import pytest

import fitquiz.core.groups.factor_budgets
from fitquiz.core.groups.counting import (
    BY_DEFAULT,
    STATISTICS,
    list_cells,
    make_plan,
    odds_factor,
    published_from,
    sensitivity,
)
from fitquiz.core.groups.factor_budgets import (
    BUDGETS,
    MEDIUM,
    STRONG,
    WEAK,
    multiply_factors,
    name_anonymity,
    split_budget,
    useful_from,
)
from fitquiz.core.groups.noise import draw_noise, plus_minus
from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import Pack
from tests.core.support.pack_building import build_pack, write_files_without_poles
from tests.core.support.shipped_packs import PACK

NAMES = [statistic.name for statistic in STATISTICS]
TICKED = list(chain.from_iterable(combinations(NAMES, size) for size in range(1, 7)))
PACKS = [PACK, read_pack(write_files_without_poles()), build_pack(["calm+ bold+"])]
LEFT = [Fraction(144, 50), Fraction(11, 10)]


def find_worst_odds(name: str, noise: Fraction, pack: Pack) -> Fraction:
    """Return the largest odds ratio of all counts of a statistic, over what HR can see and two answers.

    One person changes each of `sensitivity` counts by 1. The odds of seeing z are α^|z - a| in one
    world, and α^|z - b| in the other.
    """
    worst = max(
        noise ** abs(z - a) / noise ** abs(z - b)
        for z in range(-3, 5)
        for a, b in product((0, 1), repeat=2)
    )
    return worst ** sensitivity(name, pack)


def check_budget(pack: Pack, names: tuple[str, ...], budget: Fraction) -> None:
    plan = split_budget([name for name in names if list_cells(name, pack)], pack, budget)
    assert plan is not None
    worst = prod(
        (find_worst_odds(name, noise, pack) for name, noise in plan.items()), start=Fraction(1)
    )
    assert worst == multiply_factors(plan, pack)
    assert worst <= budget


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
@pytest.mark.parametrize("budget", [*BUDGETS.values(), *LEFT], ids=str)
def test_the_exact_odds_ratios_of_any_figures_multiply_to_the_budget_at_most(
    pack: Pack, budget: Fraction
) -> None:
    for names in TICKED:
        check_budget(pack, names, budget)


def test_a_planted_factor_of_an_alpha_that_is_rounded_up_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The factor is multiplied with hundredths, but the noise is drawn with thousandths."""

    def round_up(name: str, noise: Fraction, pack: Pack) -> Fraction:
        return odds_factor(name, Fraction(ceil(100 * noise), 100), pack)

    monkeypatch.setattr(fitquiz.core.groups.factor_budgets, "odds_factor", round_up)
    with pytest.raises(AssertionError):
        check_budget(PACK, tuple(NAMES), Fraction(12))


def test_figures_that_fit_have_the_noise_of_the_table() -> None:
    for names in TICKED:
        whole = make_plan(names)
        for budget in BUDGETS.values():
            fits = multiply_factors(whole, PACK) <= budget
            assert (split_budget(names, PACK, budget) == whole) == fits
    assert split_budget(BY_DEFAULT, PACK, Fraction(12)) == make_plan(BY_DEFAULT)


def test_little_of_a_budget_is_wasted() -> None:
    for names in TICKED:
        for budget in BUDGETS.values():
            plan = split_budget(names, PACK, budget)
            assert plan is not None
            if plan != make_plan(names):
                assert multiply_factors(plan, PACK) > budget * Fraction(85, 100)


def test_a_smaller_budget_gives_every_figure_more_noise() -> None:
    plans = [split_budget(NAMES, PACK, Fraction(budget)) for budget in (50, 12, 4, 2)]
    for name in NAMES:
        noises = [plan[name] for plan in plans if plan]
        assert noises == sorted(noises)
        assert len(set(noises)) == 4
        sizes = [published_from(name, noise, 5) for noise in noises]
        assert sizes == sorted(sizes)


def test_the_noise_of_a_shared_budget_is_a_number_of_thousandths_that_the_sampler_draws_exactly() -> (
    None
):
    asked: list[int] = []

    def randbelow(bound: int) -> int:
        asked.append(bound)
        return bound - 1

    plan = split_budget(NAMES, PACK, Fraction(12))
    assert plan is not None
    for noise in plan.values():
        assert 1000 % noise.denominator == 0
        draw_noise(noise, randbelow)
    assert set(asked) == {noise.denominator for noise in plan.values()}


def test_with_next_to_nothing_left_there_is_no_plan() -> None:
    assert split_budget(NAMES, PACK, Fraction(101, 100)) is None
    assert split_budget(["lean"], PACK, Fraction(1)) is None
    assert split_budget(["lean"], PACK, Fraction(1, 12)) is None


def test_the_words_for_an_anonymity_follow_from_its_factor() -> None:
    factors = {Fraction(3): STRONG, Fraction(12): STRONG, Fraction(12001, 1000): MEDIUM}
    factors |= {Fraction(50): MEDIUM, Fraction(51): WEAK}
    assert {factor: name_anonymity(factor) for factor in factors} == factors


@pytest.mark.parametrize("budget", BUDGETS.values(), ids=BUDGETS)
def test_a_useful_figure_is_less_than_fifty_points_wide_to_each_side(budget: Fraction) -> None:
    plan = split_budget(NAMES, PACK, budget)
    assert plan is not None
    for name, noise in plan.items():
        least = useful_from(name, noise, 5)
        assert least >= published_from(name, noise, 5)
        assert 100 * plus_minus(noise, 1) < 50 * least
    assert useful_from("lean", Fraction(1, 3), 5) == 7
    assert useful_from("lean", Fraction(1, 3), 9) == 9
