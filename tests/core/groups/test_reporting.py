"""Shares with their ±, worded at the extremes; differences that are told only where they are larger than the doubt."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.groups.reporting import (
    Change,
    Figures,
    Percentage,
    Sum,
    compare,
    describe_ratio,
    describe_share,
    list_percentages,
    make_report,
    rate_of_response,
)
from fitquiz.core.groups.unit_lists import Path

THIRD, QUARTERS = Fraction(1, 3), Fraction(3, 4)
ALL, SALES, IT = (), ("Sales",), ("IT",)


def lean(n: int, count: int) -> Figures:
    return {("answers", ""): Sum(n, 1, n, Fraction(0)), ("lean", "front"): Sum(n, 1, count, THIRD)}


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (30, Percentage(60, "", 6, 50)),
        (45, Percentage(90, "or-more", 6, 50)),
        (53, Percentage(90, "or-more", 6, 50)),
        (5, Percentage(10, "or-less", 6, 50)),
        (-2, Percentage(10, "or-less", 6, 50)),
        (44, Percentage(88, "", 6, 50)),
    ],
)
def test_a_share_has_its_noise_and_is_worded_at_the_extremes(
    count: int, expected: Percentage
) -> None:
    assert describe_share(Sum(50, 1, count, THIRD)) == expected


def test_a_share_of_a_very_small_group_tells_nothing() -> None:
    assert not describe_share(Sum(5, 1, 3, THIRD)).is_meaningful
    assert describe_share(Sum(7, 1, 3, THIRD)).is_meaningful


def test_a_share_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="needs at least one response"):
        describe_share(Sum(0, 0, 0, THIRD))


@given(st.integers(1, 500), st.integers(1, 20), st.integers(-40, 540))
def test_no_share_leaves_the_scale(n: int, batches: int, count: int) -> None:
    share = describe_share(Sum(n, batches, count, QUARTERS))
    assert 10 <= share.percent <= 90
    assert (share.bound != "") == (share.percent in (10, 90))


def test_leaders_are_told_of_only_where_enough_have_answered() -> None:
    assert describe_ratio(Sum(60, 1, 9, QUARTERS), Sum(60, 1, 19, QUARTERS)) is None
    share = describe_ratio(Sum(200, 1, 40, QUARTERS), Sum(200, 1, 80, QUARTERS))
    assert share is not None
    assert (share.percent, share.n) == (50, 80)
    assert share.plus_minus >= 18


def test_a_difference_is_clear_when_it_is_larger_than_both_doubts_together() -> None:
    then, now = Percentage(50, "", 6, 50), Percentage(61, "", 8, 40)
    assert compare(now, then) == Change(11, 10)
    assert Change(11, 10).is_clear
    assert Change(-11, 10).is_clear
    assert not Change(10, 10).is_clear
    assert compare(Percentage(50, "", 5, 9), Percentage(50, "", 5, 9)) == Change(0, 8)


@pytest.mark.parametrize(
    ("answers", "people", "rate"), [(8, 10, 80), (12, 10, 100), (3, None, None), (0, 0, None)]
)
def test_the_response_rate_is_known_where_the_people_are(
    answers: int, people: int | None, rate: int | None
) -> None:
    assert rate_of_response(answers, people) == rate


def test_leading_is_a_share_of_those_who_answered_it() -> None:
    figures = {
        ("leading", cell): Sum(200, 1, count, QUARTERS)
        for cell, count in (("answered", 80), ("front-line", 40))
    }
    assert list(list_percentages(figures, "leading")) == ["front-line"]
    assert list_percentages({("leading", "front-line"): Sum(200, 1, 40, QUARTERS)}, "leading") == {}


def test_a_report_tells_units_with_figures_from_those_without() -> None:
    people: dict[Path, int | None] = {ALL: 100, SALES: 60, IT: None, ("Stores",): 9}
    report = make_report({ALL: lean(50, 30), SALES: lean(30, 20), IT: lean(15, 4)}, ALL, people)
    assert report is not None
    assert [unit.path for unit in report.shown] == [ALL, SALES, IT]
    assert [unit.rate for unit in report.shown] == [50, 50, None]
    assert (report.missing, report.own) == ((("Stores",),), 5)


def test_there_is_no_report_of_a_unit_that_is_not_published() -> None:
    assert make_report({SALES: lean(30, 20)}, ALL, {}) is None


def test_only_what_both_campaigns_have_is_compared() -> None:
    figures = dict(lean(50, 30)) | {("strongest", "people"): Sum(50, 1, 20, THIRD)}
    report = make_report({ALL: figures}, ALL, {}, before=lean(40, 16))
    assert report is not None
    assert report.changes == {("lean", "front"): Change(20, 10)}
