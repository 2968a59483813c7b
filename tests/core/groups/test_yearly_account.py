"""On no day is the product over the campaigns of a year larger than the yearly factor."""

from datetime import date, timedelta
from fractions import Fraction
from math import prod

from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.groups.yearly_account import (
    Charge,
    count_campaigns,
    find_day_with_more,
    find_room,
)

START = date(2026, 1, 1)
MONTH = timedelta(30)


def charge(first: int, last: int, factor: int = 12) -> Charge:
    """Return a campaign from one day to another, counted from START."""
    return Charge(START + timedelta(first), START + timedelta(last), Fraction(factor))


def room(charges: list[Charge], first: int, last: int) -> Fraction:
    return find_room(charges, START + timedelta(first), START + timedelta(last), 144)


def test_an_empty_account_has_room_for_the_whole_yearly_factor() -> None:
    assert room([], 0, 30) == 144


def test_what_other_campaigns_of_the_year_took_is_gone() -> None:
    assert room([charge(0, 30)], 60, 90) == 12
    assert room([charge(0, 30, 50)], 60, 90) == Fraction(144, 50)
    assert room([charge(0, 30), charge(40, 50)], 60, 90) == 1
    assert room([charge(0, 30, 3592)], 60, 90) < 1


def test_a_campaign_leaves_the_account_a_year_after_its_last_day() -> None:
    assert room([charge(0, 30)], 30 + 365, 500) == 12
    assert room([charge(0, 30)], 30 + 366, 500) == 144


def test_a_campaign_that_is_planned_for_later_counts_too() -> None:
    assert room([charge(100, 130)], 0, 30) == 12
    assert room([charge(30 + 366, 500)], 0, 30) == 144


def test_campaigns_that_share_no_year_are_not_multiplied() -> None:
    """The first and the second are more than a year apart, but a long campaign meets each of them."""
    assert room([charge(0, 30), charge(420, 430)], 380, 500) == 12


def test_the_next_day_with_more_is_told() -> None:
    taken = [charge(0, 30), charge(40, 50)]
    day = START + timedelta(60)
    assert find_day_with_more(taken, day, day + MONTH, 144) == START + timedelta(30 + 366)
    assert find_day_with_more([], day, day + MONTH, 144) is None
    late = START + timedelta(30 + 366)
    assert find_day_with_more(taken, late, late + MONTH, 144) == START + timedelta(50 + 366)


def test_campaigns_of_the_last_year_are_counted_from_their_first_day_on() -> None:
    charges = [charge(0, 30), charge(60, 90), charge(-400, -366)]
    assert [count_campaigns(charges, START + timedelta(day)) for day in (0, 59, 60, 395, 396)] == [
        1,
        1,
        2,
        2,
        1,
    ]
    assert count_campaigns(charges, START - timedelta(1)) == 1


PLANS = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 300), st.sampled_from([3, 12, 50])), max_size=12
)


@given(PLANS)
def test_on_no_day_the_product_is_larger_than_the_yearly_factor(
    plans: list[tuple[int, int, int]],
) -> None:
    """Each campaign takes what it wants, or what is left. The order of asking is not that of the days."""
    taken: list[Charge] = []
    for first, length, wanted in plans:
        left = room(taken, first, first + length)
        factor = min(Fraction(wanted), left)
        if factor > 1:
            taken.append(
                Charge(START + timedelta(first), START + timedelta(first + length), factor)
            )
    # The product grows only on a first day.
    for day in {each.first_day for each in taken}:
        year = [
            each.factor
            for each in taken
            if each.first_day <= day and each.last_day > day - timedelta(366)
        ]
        assert prod(year, start=Fraction(1)) <= 144
