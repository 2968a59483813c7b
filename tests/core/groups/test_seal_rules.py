"""Which responses are published, when and where; and noise that is what it is said to be."""

import math
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import count, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.groups.noise import draw_noise, noise_variance, plus_minus
from fitquiz.core.groups.seal_rules import (
    AT_CLOSE,
    MONTHLY,
    WEEKLY,
    Batch,
    Count,
    choose_batches,
    find_next_seal,
    is_due,
    plan_groups,
    publish_counts,
)
from fitquiz.core.groups.unit_lists import Path

ALPHAS = [Fraction(1, 3), Fraction(1, 2), Fraction(3, 4)]
LABELS = st.lists(st.sampled_from("abc"), max_size=3).map(tuple)
WAITING = st.dictionaries(LABELS, st.integers(0, 12), max_size=12)
OSLO, BERGEN, SALES, IT, ALL = ("sales", "oslo"), ("sales", "bergen"), ("sales",), ("it",), ()


def seal(waiting: dict[Path, int], closing: bool = True, split: bool = True) -> dict[Path, int]:
    return {batch.path: batch.n for batch in choose_batches(waiting, 5, split, closing)}


def test_before_the_close_units_with_enough_are_sealed_and_the_rest_waits() -> None:
    assert seal({OSLO: 5, BERGEN: 4, ALL: 7}, closing=False) == {OSLO: 5, ALL: 7}


def test_at_the_close_what_is_left_goes_up_until_it_is_enough() -> None:
    assert seal({OSLO: 6, BERGEN: 4, SALES: 1, IT: 5}) == {OSLO: 6, SALES: 5, IT: 5}
    assert seal({OSLO: 3, BERGEN: 1, IT: 2}) == {ALL: 6}


def test_a_last_remainder_joins_the_smallest_batch_under_the_campaigns_own_label() -> None:
    assert choose_batches({OSLO: 8, BERGEN: 6, IT: 2}, 5, True, True) == (
        Batch(ALL, (IT, BERGEN), 8),
        Batch(OSLO, (OSLO,), 8),
    )


def test_among_equally_small_batches_the_first_label_is_taken() -> None:
    assert seal({OSLO: 6, BERGEN: 6, IT: 2}) == {ALL: 8, OSLO: 6}


def test_a_last_remainder_alone_waits() -> None:
    assert seal({OSLO: 2, IT: 2}) == {}


def test_a_campaign_that_is_not_split_is_published_as_a_whole() -> None:
    assert seal({OSLO: 8, IT: 7}, split=False) == {ALL: 15}
    assert seal({OSLO: 8, IT: 7}, closing=False, split=False) == {}
    assert seal({ALL: 15}, closing=False, split=False) == {ALL: 15}


def test_a_unit_is_not_split_off_with_more_responses_than_people() -> None:
    room = {OSLO: 6, BERGEN: 4, SALES: 20}
    waiting = {OSLO: 6, BERGEN: 5, SALES: 3, IT: 9}
    assert seal_with(room, waiting) == {OSLO: 6, SALES: 8, IT: 9}
    assert seal_with(room, waiting, closing=False) == {OSLO: 6, IT: 9}


def test_the_people_of_a_unit_limit_the_units_below_too() -> None:
    assert seal_with({SALES: 10}, {OSLO: 6, BERGEN: 7}) == {BERGEN: 7, ALL: 6}
    assert seal_with({SALES: 4}, {OSLO: 6, BERGEN: 7}) == {ALL: 13}


def seal_with(room: dict[Path, int], waiting: dict[Path, int], closing: bool = True) -> object:
    batches = choose_batches(waiting, 5, True, closing, room)
    return {batch.path: batch.n for batch in batches}


@given(WAITING, st.dictionaries(LABELS.filter(bool), st.integers(-3, 15)), st.booleans())
def test_no_unit_ever_has_more_responses_than_room(
    waiting: dict[Path, int], room: dict[Path, int], closing: bool
) -> None:
    batches = choose_batches(waiting, 5, True, closing, room)
    for unit, places in room.items():
        inside = sum(batch.n for batch in batches if batch.path[: len(unit)] == unit)
        assert inside <= max(0, places)
    if closing and sum(waiting.values()) >= 5:
        assert sum(batch.n for batch in batches) == sum(waiting.values())


@given(WAITING, st.integers(1, 9), st.booleans(), st.booleans())
def test_every_unit_is_in_one_batch_at_most_and_no_batch_is_too_small(
    waiting: dict[Path, int], threshold: int, split: bool, closing: bool
) -> None:
    batches = choose_batches(waiting, threshold, split, closing)
    taken = [unit for batch in batches for unit in batch.units]
    assert len(taken) == len(set(taken))
    assert all(
        batch.n == sum(waiting[unit] for unit in batch.units) >= threshold for batch in batches
    )
    assert all(unit[: len(batch.path)] == batch.path for batch in batches for unit in batch.units)
    assert list(batches) == sorted(batches, key=lambda batch: batch.path)


@given(WAITING, st.integers(1, 9), st.booleans())
def test_at_the_close_nobody_is_left_out_unless_all_are_too_few(
    waiting: dict[Path, int], threshold: int, split: bool
) -> None:
    total = sum(waiting.values())
    published = sum(batch.n for batch in choose_batches(waiting, threshold, split, True))
    assert published == (total if total >= threshold else 0)


@given(st.permutations([(OSLO, 7), (BERGEN, 3), (SALES, 1), (IT, 2), (ALL, 1)]))
def test_the_order_in_which_units_come_makes_no_difference(waiting: list[tuple[Path, int]]) -> None:
    assert choose_batches(dict(waiting), 5, True, True) == choose_batches(
        dict(sorted(waiting)), 5, True, True
    )


@pytest.mark.parametrize(
    ("sealing", "ticked_on", "today", "expected"),
    [
        (AT_CLOSE, None, date(2026, 12, 31), False),
        (WEEKLY, None, date(2026, 1, 7), False),
        (WEEKLY, None, date(2026, 1, 8), True),
        (WEEKLY, date(2026, 1, 8), date(2026, 1, 14), False),
        (WEEKLY, date(2026, 1, 8), date(2026, 1, 15), True),
        (MONTHLY, None, date(2026, 1, 30), False),
        (MONTHLY, None, date(2026, 1, 31), True),
    ],
)
def test_a_campaign_is_due_on_its_schedule(
    sealing: str, ticked_on: date | None, today: date, expected: bool
) -> None:
    assert is_due(sealing, date(2026, 1, 1), ticked_on, today) is expected


@pytest.mark.parametrize(
    ("sealing", "ticked_on", "expected"),
    [
        (AT_CLOSE, None, date(2026, 2, 11)),
        (WEEKLY, None, date(2026, 1, 8)),
        (WEEKLY, date(2026, 1, 9), date(2026, 1, 16)),
        (WEEKLY, date(2026, 2, 9), date(2026, 2, 11)),
        (MONTHLY, None, date(2026, 1, 31)),
        (MONTHLY, date(2026, 1, 31), date(2026, 2, 11)),
    ],
)
def test_the_next_seal_is_on_schedule_or_after_the_last_day(
    sealing: str, ticked_on: date | None, expected: date
) -> None:
    first, last = date(2026, 1, 1), date(2026, 2, 10)
    assert find_next_seal(sealing, first, last, ticked_on) == expected
    if expected <= last:
        assert is_due(sealing, first, ticked_on, expected)
        assert not is_due(sealing, first, ticked_on, expected - timedelta(1))


def enumerate_noise(noise: Fraction, draws: int) -> Counter[int]:
    """Give `draw_noise` every sequence of this many lots, and sum up how likely each result is."""
    found: Counter[int] = Counter()
    for lots in product(range(noise.denominator), repeat=draws):
        drawn = draw_from(lots, noise)
        if drawn is not None:
            found[drawn] += 1
    return found


def draw_from(lots: tuple[int, ...], noise: Fraction) -> int | None:
    """Return what `draw_noise` makes of these lots, or None if it needs more."""
    rest = iter(lots)
    try:
        return draw_noise(noise, lambda _bound: next(rest))
    except StopIteration:
        return None


@pytest.mark.parametrize("noise", ALPHAS)
def test_each_step_away_from_zero_is_less_likely_by_the_same_factor(noise: Fraction) -> None:
    lots = 6 if noise.denominator == 4 else 8
    found = enumerate_noise(noise, lots)
    near = {z: Fraction(found[z], noise.denominator**lots) for z in (-2, -1, 0, 1, 2)}
    assert near[1] == near[-1]
    assert near[2] == near[-2]
    exact = {z: (1 - noise) / (1 + noise) * noise ** abs(z) for z in near}
    assert all(0 <= exact[z] - near[z] <= exact[z] * 8 * noise ** (lots - 2) for z in near)


def spread(noise: Fraction, batches: int) -> dict[int, float]:
    """Return how likely each sum of so many noises is, by adding them up one by one."""
    reach = 60
    one = {
        z: float((1 - noise) / (1 + noise)) * float(noise) ** abs(z)
        for z in range(-reach, reach + 1)
    }
    whole = {0: 1.0}
    for _ in range(batches):
        added: dict[int, float] = {}
        for (first, likely), (second, other) in product(whole.items(), one.items()):
            added[first + second] = added.get(first + second, 0) + likely * other
        whole = added
    return whole


@pytest.mark.parametrize("noise", ALPHAS)
@pytest.mark.parametrize("batches", [1, 2, 3, 8])
def test_the_plus_minus_holds_the_noise_95_times_in_100_and_is_not_much_too_wide(
    noise: Fraction, batches: int
) -> None:
    likely = spread(noise, batches)
    width = plus_minus(noise, batches)
    within = [sum(p for z, p in likely.items() if abs(z) <= each) for each in (width, width - 2)]
    assert within[0] >= 0.95 > within[1]


def test_one_count_has_the_noise_that_is_published() -> None:
    assert [plus_minus(noise, 1) for noise in ALPHAS] == [3, 4, 10]
    assert [round(math.sqrt(noise_variance(noise)), 1) for noise in ALPHAS] == [1.2, 2.0, 4.9]
    assert plus_minus(Fraction(0), 4) == plus_minus(Fraction(1, 3), 0) == 0


PLAN = {"lean": Fraction(1, 3), "strongest": Fraction(1, 2)}


def group(waiting: dict[Path, int], threshold: int = 5) -> dict[Path, tuple[str, ...]]:
    batches = choose_batches(waiting, 5, True, True)
    return {
        batch.path: statistics
        for batch, statistics in plan_groups(batches, PLAN, threshold).items()
    }


def test_a_batch_that_is_large_enough_has_all_statistics() -> None:
    assert group({OSLO: 20, IT: 25}) == {OSLO: ("lean", "strongest"), IT: ("lean", "strongest")}


def test_what_needs_more_people_is_published_of_batches_together() -> None:
    lean, strongest = ("lean",), ("strongest",)
    assert group({OSLO: 12, BERGEN: 9, IT: 30}) == {
        OSLO: lean,
        BERGEN: lean,
        IT: (*lean, *strongest),
        SALES: strongest,
    }
    assert group({OSLO: 12, IT: 9}) == {OSLO: lean, IT: lean, ALL: strongest}
    assert group({OSLO: 12, IT: 7}) == {OSLO: lean, IT: lean}
    assert group({OSLO: 30, IT: 30}, threshold=40) == {OSLO: (), IT: (), ALL: (*lean, *strongest)}


@given(WAITING, st.integers(5, 30))
def test_each_response_is_in_one_group_of_a_statistic_at_most(
    waiting: dict[Path, int], threshold: int
) -> None:
    batches = choose_batches(waiting, 5, True, True)
    groups = plan_groups(batches, PLAN, threshold)
    assert set(batches) <= set(groups)
    for statistic in PLAN:
        taken = [
            unit for batch, names in groups.items() if statistic in names for unit in batch.units
        ]
        assert len(taken) == len(set(taken))
        assert all(batch.n >= threshold for batch, names in groups.items() if statistic in names)
        assert taken or sum(batch.n for batch in batches) < max(threshold, 20)


def test_counts_get_the_noise_of_their_own_statistic() -> None:
    sums = {("lean", "front"): 4, ("strongest", "people"): 2}
    published = publish_counts(sums, ["strongest"], PLAN, lambda bound: bound - 1)
    assert published == (Count("strongest", "people", Fraction(1, 2), 2),)
    assert [
        each.count
        for each in publish_counts(sums, ["lean", "strongest"], PLAN, lambda bound: bound - 1)
    ] == [4, 2]


def test_every_count_gets_noise_of_its_own() -> None:
    lots = count()
    sums = {("lean", str(number)): 0 for number in range(30)}
    counts = publish_counts(sums, ["lean"], PLAN, lambda bound: next(lots) * 7919 % 101 % bound)
    assert len({each.count for each in counts}) > 2
