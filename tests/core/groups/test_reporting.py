"""Shares with their range, worded at the extremes; differences that are told only where they are clear."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.groups.findings import (
    AnswersFinding,
    StrongestFinding,
    UnitsFinding,
    find_level,
)
from fitquiz.core.groups.percentages import (
    Change,
    Percentage,
    Sum,
    compare,
    describe_ratio,
    describe_share,
    find_reach,
)
from fitquiz.core.groups.reporting import (
    Figures,
    Overview,
    Report,
    list_below,
    list_percentages,
    make_report,
)
from fitquiz.core.groups.response_rates import Counting, Rate
from fitquiz.core.groups.unit_lists import Path

THIRD, QUARTERS = Fraction(1, 3), Fraction(3, 4)
ALL, SALES, IT = (), ("Sales",), ("IT",)


def lean(n: int, count: int) -> Figures:
    return {("answers", ""): Sum(n, 1, n, Fraction(0)), ("lean", "front"): Sum(n, 1, count, THIRD)}


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (30, Percentage(60, "", 54, 66, 6, 50)),
        (45, Percentage(90, "or-more", 84, 100, 6, 50)),
        (53, Percentage(90, "or-more", 90, 100, 6, 50)),
        (5, Percentage(10, "or-less", 0, 16, 6, 50)),
        (-2, Percentage(10, "or-less", 0, 10, 6, 50)),
        (44, Percentage(88, "", 82, 94, 6, 50)),
    ],
)
def test_a_share_has_its_range_and_is_worded_at_the_extremes(
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
    assert 0 <= share.low <= share.percent <= share.high <= 100


@pytest.mark.parametrize("noise", range(-6, 7))
def test_a_bound_is_sure_only_if_the_whole_range_is_beyond_it(noise: int) -> None:
    """With 8 of 10, no published count says `90 % or more` alone."""
    count = min(10, 8 + noise)
    share = describe_share(Sum(10, 1, count, THIRD))
    assert not share.is_sure_bound
    assert share.low <= 80 or share.bound != "or-more"
    assert describe_share(Sum(100, 1, 99, THIRD)).is_sure_bound
    assert describe_share(Sum(100, 1, 1, THIRD)).is_sure_bound


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6).filter(any))
def test_exclusive_shares_add_up_to_100(counts: list[int]) -> None:
    n = sum(counts)
    sums = {("strongest", str(at)): Sum(n, 1, count, THIRD) for at, count in enumerate(counts)}
    shares = list_percentages(sums, "strongest")
    if not any(share.bound for share in shares.values()):
        assert sum(share.percent for share in shares.values()) == 100
    for (_, cell), each in sums.items():
        assert abs(shares[cell].percent - describe_share(each).percent) <= 1


def test_shares_of_an_old_seal_are_shown_as_they_were_published() -> None:
    sums = {("strongest", cell): Sum(30, 1, count, THIRD) for cell, count in (("a", 22), ("b", 13))}
    shares = list_percentages(sums, "strongest")
    assert [share.percent for share in shares.values()] == [73, 43]


def test_leaders_are_told_of_only_where_enough_have_answered() -> None:
    assert describe_ratio(Sum(60, 1, 9, QUARTERS), Sum(60, 1, 19, QUARTERS)) is None
    found = describe_ratio(Sum(200, 1, 40, QUARTERS), Sum(200, 1, 80, QUARTERS))
    assert found is not None
    assert (found.percent, found.n) == (50, 80)
    assert (found.low, found.high) == (33, 72)
    assert found.plus_minus >= 18


def test_a_difference_is_clear_when_it_is_larger_than_both_doubts_together() -> None:
    then, now = share(50, half_width=6), share(61, half_width=8)
    assert compare(now, then) == Change(11, 1, 21)
    assert compare(now, then).is_clear
    assert compare(then, now).is_clear
    assert not Change(10, 0, 20).is_clear
    assert compare(share(50, half_width=5), share(50, half_width=5)) == Change(0, -8, 8)


def share(percent: int, bound: str = "", half_width: int = 3) -> Percentage:
    return Percentage(percent, bound, 0, 100, half_width, n=50)


def test_a_bound_makes_the_range_of_a_difference_wider() -> None:
    """`90 % or more` can be 100 %, and `10 % or less` can be 0 %."""
    more, less = share(90, "or-more"), share(10, "or-less")
    assert compare(more, share(50)) == Change(40, 35, 55)
    assert compare(share(50), more) == Change(-40, -55, -35)
    assert compare(less, share(50)) == Change(-40, -55, -35)
    assert compare(share(50), less) == Change(40, 35, 55)
    assert compare(more, more) == Change(0, -15, 15)


def test_leading_is_a_share_of_those_who_answered_it() -> None:
    figures = {
        ("leading", cell): Sum(200, 1, count, QUARTERS)
        for cell, count in (("answered", 80), ("front-line", 40))
    }
    assert list(list_percentages(figures, "leading")) == ["front-line"]
    assert list_percentages({("leading", "front-line"): Sum(200, 1, 40, QUARTERS)}, "leading") == {}


def report_on(
    figures: Mapping[Path, Figures],
    people: Mapping[Path, int | None],
    page: Sequence[Path] | None = None,
    before: Figures | None = None,
) -> Report | None:
    """Return the report of the whole campaign. Without `page`, the rows contain all units."""
    below = {path: sums for path, sums in figures.items() if path}
    answers = sum(sums["answers", ""].n for sums in below.values())
    leans = {path: sums["lean", "front"] for path, sums in below.items()}
    rows = list_below(people, ALL) if page is None else page
    all_answers = figures[ALL]["answers", ""].n if ALL in figures else 0
    overview = Overview(len(below), answers, leans, all_answers, 0)
    counting = Counting(is_single=True, cap=None, is_personal=False)
    return make_report(figures, ALL, people, overview, rows, counting, before)


@given(st.integers(5, 300), st.integers(-20, 320))
def test_the_reach_of_a_sum_tells_the_same_as_its_percentage(n: int, count: int) -> None:
    each = Sum(n, 1, count, THIRD)
    low, high, half_width = find_reach(each)
    percentage = describe_share(each)
    assert find_level(low, high) == find_level(percentage.low, percentage.high)
    assert half_width == percentage.plus_minus


def test_a_report_tells_units_with_figures_from_those_without() -> None:
    people: dict[Path, int | None] = {ALL: 100, SALES: 60, IT: None, ("Stores",): 9}
    report = report_on({ALL: lean(50, 30), SALES: lean(30, 20), IT: lean(15, 4)}, people)
    assert report is not None
    assert [unit.path for unit in report.shown] == [ALL, SALES, IT]
    assert [unit.rate for unit in report.shown] == [Rate(50, False), Rate(50, True), None]
    assert report.has_least_rate
    assert [(row.path, row.figures is None) for row in report.rows] == [
        (SALES, False),
        (IT, False),
        (("Stores",), True),
    ]
    assert (report.units_count, report.shown_count, report.own) == (3, 2, 5)


def test_one_page_of_a_report_knows_all_units() -> None:
    people: dict[Path, int | None] = {ALL: None, SALES: None, IT: None, ("Stores",): None}
    figures = {ALL: lean(50, 30), SALES: lean(30, 29), IT: lean(15, 2)}
    report = report_on(figures, people, page=[IT])
    assert report is not None
    assert [row.path for row in report.rows] == [IT]
    assert (report.units_count, report.shown_count, report.own) == (3, 2, 5)
    assert report.findings[1] == UnitsFinding((SALES,), (IT,), 1, 1)


def test_there_is_no_report_of_a_unit_that_is_not_published() -> None:
    assert report_on({SALES: lean(30, 20)}, {}) is None


def test_only_what_both_campaigns_have_is_compared() -> None:
    figures = dict(lean(50, 30)) | {("strongest", "people"): Sum(50, 1, 20, THIRD)}
    report = report_on({ALL: figures}, {}, before=lean(40, 16))
    assert report is not None
    assert report.changes == {("lean", "front"): Change(20, 10, 30)}
    assert report.clear_changes == report.changes
    assert report.unclear_changes == {}


def test_a_report_without_lean_begins_with_the_strongest_trait_and_the_answers() -> None:
    counts = {"people": 30, "focus": 12, "autonomy": 8}
    figures = {("answers", ""): Sum(50, 1, 50, Fraction(0))}
    figures |= {("strongest", trait): Sum(50, 1, count, THIRD) for trait, count in counts.items()}
    report = report_on({ALL: figures}, {ALL: 80})
    assert report is not None
    strongest, answers = (
        StrongestFinding(("people",), 54, 66),
        AnswersFinding(50, Rate(63, False), True),
    )
    assert report.findings == (strongest, answers)


@given(st.lists(st.tuples(st.integers(5, 300), st.integers(-20, 320)), min_size=1, max_size=6))
def test_a_report_always_has_two_findings(groups: list[tuple[int, int]]) -> None:
    figures: dict[Path, Figures] = {ALL: lean(sum(n for n, _ in groups), groups[0][1])}
    figures |= {(str(at),): lean(n, count) for at, (n, count) in enumerate(groups)}
    report = report_on(figures, dict.fromkeys(figures))
    assert report is not None
    assert len(report.findings) == 2
