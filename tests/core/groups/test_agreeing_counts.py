"""Published figures can be true together, and are no further from the truth than before."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.groups.agreeing_counts import fit_to_total, make_counts_agree
from fitquiz.core.groups.seal_rules import Batch, Count
from tests.core.support.random_answers import PLAN, SCALES
from tests.core.support.random_seals import Groups, draw_campaign, read


def find_lies(groups: Groups) -> list[str]:
    """Return what cannot be true in the counts."""
    lies = []
    for group, counts in groups.items():
        found = read(counts)
        outside = any(not 0 <= number <= group.n for number in found.values())
        lies += ["outside"] * outside
        for name in ("suggestion", "strongest"):
            cells = [number for column, number in found.items() if column[0] == name]
            lies += ["total"] * (bool(cells) and sum(cells) != group.n)
        most = found.get(("leading", "answered"), 0)
        lies += ["leading" for scale in SCALES if found.get(("leading", scale), 0) > most]
        if ("suggestion", "front") in found:
            lean = find_lean(groups, group)
            lies += ["front"] * (found["suggestion", "front"] > lean)
            lies += ["back"] * (found["suggestion", "back"] > group.n - lean)
    return lies


def find_lean(groups: Groups, group: Batch) -> int:
    """Return the published lean of the responses of a group."""
    leans = 0
    for batch, counts in groups.items():
        if set(batch.units) <= set(group.units):
            leans += read(counts).get(("lean", "front"), 0)
    return leans


@pytest.mark.parametrize("seals", [80, pytest.param(10_000, marks=pytest.mark.long)])
def test_no_published_figure_is_impossible(seals: int) -> None:
    rng = random.Random(1)
    impossible = 0
    for _ in range(seals):
        noisy, _ = draw_campaign(rng)
        impossible += bool(find_lies(noisy))
        moved = {
            (group.path, each.statistic, each.cell): rng.randrange(-9, 10)
            for group, counts in noisy.items()
            for each in counts
        }
        assert find_lies(make_counts_agree(noisy, moved)) == []
    assert impossible > seals / 2, "the noise alone gives impossible figures"


def test_true_counts_stay_as_they_are() -> None:
    rng = random.Random(2)
    for _ in range(40):
        noisy, true = draw_campaign(rng)
        exact = {
            group: tuple(
                Count(each.statistic, each.cell, each.noise, true[group][each.statistic, each.cell])
                for each in counts
            )
            for group, counts in noisy.items()
        }
        assert make_counts_agree(exact) == exact


def test_the_figures_are_not_further_from_the_truth() -> None:
    """Measured: suggestion 1.35 before and 1.18 after, strongest 1.32 before and 1.10 after."""
    rng = random.Random(3)
    before = dict.fromkeys(PLAN, 0)
    after = dict.fromkeys(PLAN, 0)
    for _ in range(80):
        noisy, true = draw_campaign(rng)
        agreeing = make_counts_agree(noisy)
        for group, sums in true.items():
            for old, new in zip(noisy[group], agreeing[group], strict=True):
                truth = sums[old.statistic, old.cell]
                before[old.statistic] += abs(old.count - truth)
                after[old.statistic] += abs(new.count - truth)
    assert all(after[name] <= before[name] for name in PLAN)
    assert after["strongest"] < 0.9 * before["strongest"]
    assert after["suggestion"] < 0.9 * before["suggestion"]


def lean_groups(counts: list[int], n: int) -> dict[Batch, tuple[Count, ...]]:
    groups: dict[Batch, tuple[Count, ...]] = {}
    for number, count in enumerate(counts):
        path = (f"Unit {number:03}",)
        groups[Batch(path, (path,), n)] = (Count("lean", "front", PLAN["lean"], count),)
    return groups


def test_a_sum_over_many_small_groups_is_kept() -> None:
    counts = [4 if number % 2 else 7 for number in range(100)]
    agreeing = make_counts_agree(lean_groups(counts, 6))
    found = [each[0].count for each in agreeing.values()]
    assert max(found) <= 6
    assert sum(found) == sum(counts)


def test_the_order_of_groups_and_counts_is_kept_and_equal_input_gives_equal_output() -> None:
    noisy, _ = draw_campaign(random.Random(4))
    agreeing = make_counts_agree(noisy)
    assert list(agreeing) == list(noisy)
    for group, counts in noisy.items():
        assert list(read(agreeing[group])) == list(read(counts))
        assert [each.noise for each in agreeing[group]] == [each.noise for each in counts]
    assert agreeing == make_counts_agree(dict(noisy))


SMALL = st.lists(st.integers(-4, 8), min_size=1, max_size=3)


@given(SMALL, st.data())
def test_numbers_that_add_up_are_the_nearest_ones(values: list[int], data: st.DataObject) -> None:
    lowest = [data.draw(st.integers(0, 2)) for _ in values]
    highest = [low + data.draw(st.integers(0, 4)) for low in lowest]
    total = data.draw(st.integers(sum(lowest), sum(highest)))

    def distance(numbers: tuple[int, ...]) -> int:
        return sum((a - b) ** 2 for a, b in zip(values, numbers, strict=True))

    ranges = [range(low, high + 1) for low, high in zip(lowest, highest, strict=True)]
    possible = [numbers for numbers in product(*ranges) if sum(numbers) == total]
    fitted = fit_to_total(values, lowest, highest, total)
    assert fitted in possible
    assert distance(fitted) == min(map(distance, possible))


def test_no_position_is_preferred() -> None:
    extra = [0, 0, 0]
    for values in product(range(6), repeat=3):
        fitted = fit_to_total(values, [-99] * 3, [99] * 3, 10)
        for at, number in enumerate(fitted):
            extra[at] += 3 * (number - values[at]) - (10 - sum(values))
    assert extra == [0, 0, 0]


def test_an_impossible_total_is_refused() -> None:
    with pytest.raises(ValueError, match="add up to 9"):
        fit_to_total([1, 2], [0, 0], [4, 4], 9)
