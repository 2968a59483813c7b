"""From published sums to the figures of a report: percentages with their ±, and bounds at the extremes.

The ± covers the privacy noise alone, not who chose to answer. All arithmetic is on published numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, isqrt

from fitquiz.core.groups.counting import ANSWERED, LEADING
from fitquiz.core.groups.sealing import plus_minus
from fitquiz.core.groups.units import Path

ANSWERS = "answers"
"""The statistic that counts the responses themselves."""

OR_MORE = "or-more"
OR_LESS = "or-less"
EXTREME = 90
"""A percentage from here up is shown as `90 % or more`, and one down to its mirror image as `10 % or less`."""

MAX_PLUS_MINUS = 50
"""A figure with a ± of this many percentage points has no meaning any more."""

MIN_LEADERS = 10


@dataclass(frozen=True, slots=True)
class Sum:
    """A published sum: `count` of `n` people, in a number of batches. Each batch has this noise."""

    n: int
    batches: int
    count: int
    noise: Fraction


@dataclass(frozen=True, slots=True)
class Percentage:
    """A figure as it is shown: 10 to 90 per cent, with its ± in percentage points and the size of its group.

    `bound` is OR_MORE or OR_LESS at the extremes, and empty in between.
    """

    percent: int
    bound: str
    plus_minus: int
    n: int

    @property
    def is_meaningful(self) -> bool:
        """Whether the ± is small enough for the figure to say anything."""
        return self.plus_minus < MAX_PLUS_MINUS


Figures = Mapping[tuple[str, str], Sum]
"""The published sums of one unit, by statistic and cell."""

Percentages = Mapping[str, Mapping[str, Percentage]]
"""The percentages of one unit, by statistic and cell. A statistic that is not published is absent."""


@dataclass(frozen=True, slots=True)
class UnitReport:
    """The published figures of a unit with all units below it.

    `answers` is the number of responses. `rate` is the response rate in per cent, or None.
    """

    path: Path
    answers: int
    rate: int | None
    shares: Percentages


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a unit.

    `below` holds the units right below that have published figures, `missing` the others. `own` is the
    number of responses that count at this level only. `changes` maps statistic and cell to the difference
    from an earlier campaign and its ±, both in percentage points.
    """

    here: UnitReport
    below: tuple[UnitReport, ...]
    missing: tuple[Path, ...]
    own: int
    changes: Mapping[tuple[str, str], tuple[int, int]]

    @property
    def shown(self) -> tuple[UnitReport, ...]:
        """The unit itself, and the units right below it."""
        return (self.here, *self.below)


def make_report(
    figures: Mapping[Path, Figures],
    here: Path,
    people: Mapping[Path, int | None],
    before: Figures | None = None,
) -> Report | None:
    """Return the report of a unit, or None if nothing is published of it.

    `figures` holds the published sums of the unit and of the units right below it. `people` holds the
    head-count of every unit. `before` holds the same unit's sums in an earlier campaign.
    """
    if here not in figures:
        return None
    found = {
        path: _describe_unit(path, figures[path], people.get(path)) for path in figures
    }
    children = [path for path in people if _is_right_below(path, here)]
    below = tuple(found[path] for path in children if path in found)
    return Report(
        here=found[here],
        below=below,
        missing=tuple(path for path in children if path not in found),
        own=found[here].answers - sum(unit.answers for unit in below),
        changes=_list_changes(found[here].shares, _list_all(before or {})),
    )


def describe_share(each: Sum) -> Percentage:
    """Return a sum as a percentage of its group. Raise ValueError for an empty group."""
    if each.n < 1:
        raise ValueError("a share needs a group")
    half_width = Fraction(100 * plus_minus(each.noise, each.batches), each.n)
    percent = Fraction(100 * each.count, each.n)
    return _make_percentage(percent, ceil(half_width), each.n)


def describe_ratio(part: Sum, whole: Sum) -> Percentage | None:
    """Return one noisy sum as a percentage of another, with a ± that covers the noise of both.

    Return None if the whole may be smaller than MIN_LEADERS.
    """
    half = plus_minus(whole.noise, whole.batches)
    smallest_whole = whole.count - half
    if smallest_whole < MIN_LEADERS:
        return None

    highest = _ratio(part.count + half, smallest_whole)
    lowest = _ratio(part.count - half, whole.count + half)
    half_width = ceil((highest - lowest) / 2)
    percent = _ratio(part.count, whole.count)
    return _make_percentage(percent, half_width, whole.count)


def compare(now: Percentage, then: Percentage) -> tuple[int, int]:
    """Return the difference of two figures and its ±, the root of the sum of squares, rounded up."""
    squares = now.plus_minus**2 + then.plus_minus**2
    root = isqrt(squares)
    if root * root < squares:
        root += 1
    return now.percent - then.percent, root


def is_clear(difference: tuple[int, int]) -> bool:
    """Return whether a difference is larger than its ±."""
    points, half_width = difference
    return abs(points) > half_width


def rate_of_response(answers: int, people: int | None) -> int | None:
    """Return the response rate in per cent, at most 100; None if the head-count is unknown."""
    if not people:
        return None
    rate = round(Fraction(100 * answers, people))
    return min(100, rate)


def list_shares(figures: Figures, statistic: str) -> dict[str, Percentage]:
    """Return a statistic's percentages by cell; empty if it was not counted or the group is too small."""
    sums = {cell: each for (name, cell), each in figures.items() if name == statistic}
    if statistic != LEADING:
        return {cell: describe_share(each) for cell, each in sums.items()}

    whole = sums.pop(ANSWERED, None)
    shares = {}
    for cell, each in sums.items():
        share = describe_ratio(each, whole) if whole else None
        if share is not None:
            shares[cell] = share
    return shares


def _describe_unit(path: Path, figures: Figures, people: int | None) -> UnitReport:
    answers = figures[ANSWERS, ""].n
    return UnitReport(
        path, answers, rate_of_response(answers, people), _list_all(figures)
    )


def _is_right_below(path: Path, above: Path) -> bool:
    return len(path) == len(above) + 1 and path[: len(above)] == above


def _list_all(figures: Figures) -> Percentages:
    listed = {}
    for statistic, _ in figures:
        if statistic == ANSWERS or statistic in listed:
            continue
        shares = list_shares(figures, statistic)
        if shares:
            listed[statistic] = shares
    return listed


def _list_changes(
    now: Percentages, before: Percentages
) -> Mapping[tuple[str, str], tuple[int, int]]:
    changes = {}
    for statistic, shares in now.items():
        earlier = before.get(statistic, {})
        for cell, share in shares.items():
            if cell in earlier:
                changes[statistic, cell] = compare(share, earlier[cell])
    return changes


def _ratio(part: int, whole: int) -> Fraction:
    within = min(max(part, 0), whole)
    return Fraction(100 * within, whole)


def _make_percentage(percent: Fraction, half_width: int, n: int) -> Percentage:
    rounded = round(percent)
    if rounded >= EXTREME:
        return Percentage(EXTREME, OR_MORE, half_width, n)
    if rounded <= 100 - EXTREME:
        return Percentage(100 - EXTREME, OR_LESS, half_width, n)
    return Percentage(rounded, "", half_width, n)
