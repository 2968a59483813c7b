"""A response rate is shown as exact only where the published numbers prove it."""

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.groups.response_rates import Counting, Rate, find_rate
from fitquiz.core.groups.seal_rules import choose_batches
from fitquiz.core.groups.unit_lists import Path

SALES, IT = ("Sales",), ("IT",)
UNITS: tuple[Path, ...] = (
    (),
    SALES,
    (*SALES, "Oslo"),
    (*SALES, "Bergen"),
    (*SALES, "Bergen", "Harbour"),
    (*SALES, "Bergen", "Centre"),
    IT,
    (*IT, "Night"),
)


def roll_up(numbers: Mapping[Path, int]) -> Counter[Path]:
    """Add the number of each unit to the unit and to all units above."""
    sums: Counter[Path] = Counter()
    for path, number in numbers.items():
        for depth in range(len(path) + 1):
            sums[path[:depth]] += number
    return sums


def find_further_up(published: Mapping[Path, int], path: Path) -> int:
    """Count what is published in the units above, and in no unit directly below those."""
    total = 0
    for depth in range(len(path)):
        upper = path[:depth]
        below = [each for each in published if each and each[:-1] == upper]
        total += published[upper] - sum(published[each] for each in below)
    return total


def list_claims(
    waiting: Mapping[Path, int], room: Mapping[Path, int], is_split: bool, is_personal: bool
) -> dict[Path, tuple[int, bool]]:
    """Return the published number of each unit after the only seal, and whether it is called exact."""
    batches = choose_batches(waiting, 5, is_split, is_closing=True, room=room)
    published = roll_up({batch.path: batch.n for batch in batches})
    counting = Counting(is_single=True, cap=None, is_personal=is_personal)
    claims = {}
    for path, number in published.items():
        is_lowest = all(each[:-1] != path for each in UNITS if each)
        further_up = find_further_up(published, path)
        is_exact = counting.is_exact(published[()], further_up, is_lowest)
        claims[path] = (number, is_exact)
    return claims


NUMBERS = st.fixed_dictionaries({path: st.integers(0, 14) for path in UNITS})
ROOM = st.dictionaries(st.sampled_from(UNITS[1:]), st.integers(0, 25))


@given(NUMBERS, ROOM, st.booleans(), st.booleans())
def test_an_exact_number_is_the_number_of_all_answers_of_the_unit(
    waiting: dict[Path, int], room: dict[Path, int], is_split: bool, is_personal: bool
) -> None:
    true_numbers = roll_up(waiting)
    for path, (number, is_exact) in list_claims(waiting, room, is_split, is_personal).items():
        assert number <= true_numbers[path]
        if is_exact:
            assert number == true_numbers[path]


def test_a_department_whose_team_is_counted_further_up_has_a_lowest_rate() -> None:
    waiting = {(*SALES, "Oslo"): 12, (*SALES, "Bergen"): 4, IT: 3}
    claims = list_claims(waiting, {}, is_split=True, is_personal=True)
    assert claims == {(): (19, True), SALES: (12, False), (*SALES, "Oslo"): (12, True)}
    assert find_rate(12, 20, is_exact=False) == Rate(60, is_least=True)


def test_without_answers_further_up_every_number_is_exact() -> None:
    claims = list_claims({(*SALES, "Oslo"): 12, IT: 5}, {}, is_split=True, is_personal=False)
    assert {is_exact for _, is_exact in claims.values()} == {True}


@pytest.mark.parametrize(
    ("counting", "expected"),
    [
        (Counting(is_single=True, cap=None, is_personal=True), True),
        (Counting(is_single=False, cap=None, is_personal=True), False),
        (Counting(is_single=True, cap=20, is_personal=True), False),
        (Counting(is_single=True, cap=21, is_personal=True), True),
    ],
)
def test_several_seals_and_a_reached_cap_hide_answers(counting: Counting, expected: bool) -> None:
    assert counting.is_exact(20, 0, is_lowest=True) == expected


@pytest.mark.parametrize(
    ("answers", "people", "exact", "lowest"),
    [
        (8, 10, Rate(80, False), Rate(80, True)),
        (2, 3, Rate(67, False), Rate(66, True)),
        (999, 1000, Rate(99, False), Rate(99, True)),
        (5, 10_000, Rate(1, False), Rate(0, True)),
        (10, 10, Rate(100, False), Rate(100, False)),
        (12, 10, None, None),
        (3, None, None, None),
        (0, 0, None, None),
    ],
)
def test_a_rate_is_rounded_to_what_is_true(
    answers: int, people: int | None, exact: Rate | None, lowest: Rate | None
) -> None:
    assert find_rate(answers, people, is_exact=True) == exact
    assert find_rate(answers, people, is_exact=False) == lowest
