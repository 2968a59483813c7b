"""A finding says only what is true for every value within the published ranges."""

from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.groups.findings import (
    FEW,
    MAX_NAMES,
    MOST,
    OVER_HALF,
    UNCLEAR,
    UNDER_HALF,
    StrongestFinding,
    find_lean,
    find_level,
    find_strongest,
    find_units,
)
from fitquiz.core.groups.percentages import Percentage
from fitquiz.core.groups.unit_lists import Path

TRUE = {
    MOST: lambda share: share >= 75,
    OVER_HALF: lambda share: share > 50,
    UNDER_HALF: lambda share: share < 50,
    FEW: lambda share: share <= 25,
    UNCLEAR: lambda share: True,
}
"""Whether a level is true for a share, in per cent."""


def share(low: int, high: int, half_width: int = 5) -> Percentage:
    return Percentage((low + high) // 2, "", low, high, half_width, n=50)


def test_a_level_is_true_for_both_ends_of_its_range() -> None:
    for low, high in combinations_with_replacement(range(101), 2):
        level = find_level(low, high)
        assert TRUE[level](low), (low, high)
        assert TRUE[level](high), (low, high)
        assert (level == UNCLEAR) == (low <= 50 <= high)


@pytest.mark.parametrize(
    ("low", "high", "level"),
    [
        (75, 90, MOST),
        (74, 90, OVER_HALF),
        (51, 60, OVER_HALF),
        (50, 60, UNCLEAR),
        (40, 50, UNCLEAR),
        (40, 49, UNDER_HALF),
        (10, 26, UNDER_HALF),
        (10, 25, FEW),
    ],
)
def test_a_level_is_as_strong_as_its_range_carries(low: int, high: int, level: str) -> None:
    assert find_level(low, high) == level


def test_a_lean_with_a_useless_range_is_no_finding() -> None:
    assert find_lean(share(0, 100, half_width=60)) is None
    assert find_lean(None) is None


def test_few_units_are_named_and_many_are_counted() -> None:
    levels: dict[Path, str] = {(str(at),): OVER_HALF for at in range(MAX_NAMES)}
    named = find_units(levels | {("IT",): FEW})
    assert named is not None
    assert (named.over, named.over_count) == (tuple(levels), MAX_NAMES)
    assert (named.under, named.under_count) == ((("IT",),), 1)
    counted = find_units(levels | {("IT",): MOST, ("Stores",): UNCLEAR})
    assert counted is not None
    assert (counted.over, counted.over_count) == ((), MAX_NAMES + 1)
    assert (counted.under, counted.under_count) == ((), 0)


def test_one_unit_is_not_compared() -> None:
    assert find_units({("IT",): FEW}) is None


RANGES = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted)


@given(st.lists(RANGES, min_size=2, max_size=6))
def test_no_other_trait_can_be_more_frequent_than_the_strongest(ranges: list[list[int]]) -> None:
    shares = {str(at): share(low, high) for at, (low, high) in enumerate(ranges)}
    finding = find_strongest(shares)
    if finding is None:
        return
    others = [each for trait, each in shares.items() if trait not in finding.traits]
    certain = max(shares[trait].low for trait in finding.traits)
    assert all(each.high < certain for each in others)


def test_the_strongest_is_one_trait_or_one_of_two_or_none() -> None:
    one = {"people": share(40, 50), "focus": share(20, 30), "autonomy": share(10, 39)}
    assert find_strongest(one) == StrongestFinding(("people",), 40, 50)
    two = one | {"focus": share(35, 45)}
    assert find_strongest(two) == StrongestFinding(("people", "focus"), 40, 50)
    assert find_strongest(two | {"autonomy": share(38, 48)}) is None
    assert find_strongest({"people": share(40, 50), "focus": share(40, 50)}) is None
    assert find_strongest(one | {"people": share(0, 100, half_width=50)}) is None
