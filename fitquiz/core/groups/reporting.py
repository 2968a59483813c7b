"""From published sums to what a report says: shares with their ±, worded at the extremes, and the doubt kept in sight.

The ± covers the privacy noise alone, not who chose to answer. All arithmetic is on published numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, isqrt

from fitquiz.core.groups.sealing import plus_minus
from fitquiz.core.groups.units import Path

AT_LEAST, AT_MOST = "or-more", "or-less"
EXTREME = 90
"""From here on, and from its mirror image down, a share is worded `90 % or more`, `10 % or less`."""
WIDEST = 50
"""A ± of so many percentage points says nothing any more."""
FEWEST_LEADERS = 10
ANSWERS, LEADING, ANSWERED = "answers", "leading", "answered"


@dataclass(frozen=True, slots=True)
class Sum:
    """A published sum: `count` of `n` people, in so many batches, each with this noise."""

    n: int
    batches: int
    count: int
    noise: Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """A share as it is shown: per cent from 10 to 90, a `bound` at these two, its ± in percentage points, its group."""

    percent: int
    bound: str
    plus_minus: int
    n: int

    @property
    def is_telling(self) -> bool:
        """Whether the ± leaves anything to be said."""
        return self.plus_minus < WIDEST


Figures = Mapping[tuple[str, str], Sum]
"""One unit's published sums, by statistic and cell."""
Shares = Mapping[str, Mapping[str, Share]]
"""One unit's shares, by statistic and cell; a statistic that is not published for it is absent."""


@dataclass(frozen=True, slots=True)
class UnitReport:
    """What is published of a unit with all below it: how many answers, how many of a hundred people, and the shares."""

    path: Path
    answers: int
    rate: int | None
    shares: Shares


@dataclass(frozen=True, slots=True)
class Report:
    """A unit's report. `below` are the units right below it of which something is published, `missing` the others.

    `own` is how many answers are counted at this level only. `changes` has, by statistic and cell, the difference
    from an earlier campaign with its ±.
    """

    here: UnitReport
    below: tuple[UnitReport, ...]
    missing: tuple[Path, ...]
    own: int
    changes: Mapping[tuple[str, str], tuple[int, int]]

    @property
    def shown(self) -> tuple[UnitReport, ...]:
        """The unit itself, and those right below it."""
        return (self.here, *self.below)


def make_report(
    figures: Mapping[Path, Figures],
    here: Path,
    people: Mapping[Path, int | None],
    before: Figures | None = None,
) -> Report | None:
    """Return the report of a unit; None if nothing is published of it.

    `figures` has its published sums and those of the units right below, `people` how many work in each unit there is,
    `before` the same unit's sums in an earlier campaign.
    """
    if here not in figures:
        return None
    found = {path: _describe_unit(path, figures[path], people.get(path)) for path in figures}
    children = [path for path in people if len(path) == len(here) + 1 and path[: len(here)] == here]
    below = tuple(found[path] for path in children if path in found)
    earlier = _list_all(before) if before else {}
    changes = {
        (statistic, cell): compare(share, earlier[statistic][cell])
        for statistic, shares in found[here].shares.items()
        for cell, share in shares.items()
        if cell in earlier.get(statistic, {})
    }
    own = found[here].answers - sum(unit.answers for unit in below)
    return Report(
        found[here], below, tuple(path for path in children if path not in found), own, changes
    )


def describe_share(each: Sum) -> Share:
    """Return a sum as a share of its group; ValueError for a group of nobody."""
    if each.n < 1:
        raise ValueError("a share needs a group")
    width = ceil(Fraction(100 * plus_minus(each.noise, each.batches), each.n))
    return _word(Fraction(100 * each.count, each.n), width, each.n)


def describe_ratio(part: Sum, whole: Sum) -> Share | None:
    """Return one noisy sum as a share of another, with a ± that covers both; None if the whole may be too small."""
    half = plus_minus(whole.noise, whole.batches)
    if whole.count - half < FEWEST_LEADERS:
        return None
    most, least = (
        _ratio(part.count + half, whole.count - half),
        _ratio(part.count - half, whole.count + half),
    )
    return _word(_ratio(part.count, whole.count), ceil((most - least) / 2), whole.count)


def compare(now: Share, then: Share) -> tuple[int, int]:
    """Return the difference of two shares in points, and its ±: the root of the sum of squares, rounded up."""
    squares = now.plus_minus**2 + then.plus_minus**2
    root = isqrt(squares)
    return now.percent - then.percent, root + (root * root < squares)


def is_clear(difference: tuple[int, int]) -> bool:
    """Whether a difference is larger than its ±."""
    return abs(difference[0]) > difference[1]


def rate_of_response(answers: int, people: int | None) -> int | None:
    """Return how many in a hundred have answered, at most 100; None where nobody has said how many people there are."""
    return min(100, round(Fraction(100 * answers, people))) if people else None


def list_shares(figures: Figures, statistic: str) -> dict[str, Share]:
    """Return a statistic's shares by cell; none where the group is too small for it, or it was not counted."""
    found = {cell: each for (name, cell), each in figures.items() if name == statistic}
    if statistic != LEADING:
        return {cell: describe_share(each) for cell, each in found.items()}
    whole = found.get(ANSWERED)
    shares = {
        cell: describe_ratio(each, whole)
        for cell, each in found.items()
        if whole and cell != ANSWERED
    }
    return {cell: share for cell, share in shares.items() if share}


def _describe_unit(path: Path, figures: Figures, people: int | None) -> UnitReport:
    answers = figures[ANSWERS, ""].n
    return UnitReport(path, answers, rate_of_response(answers, people), _list_all(figures))


def _list_all(figures: Figures) -> Shares:
    names = dict.fromkeys(statistic for statistic, _ in figures if statistic != ANSWERS)
    return {name: shares for name in names if (shares := list_shares(figures, name))}


def _ratio(part: int, whole: int) -> Fraction:
    return Fraction(100 * min(max(part, 0), whole), whole)


def _word(percent: Fraction, width: int, n: int) -> Share:
    rounded = round(percent)
    if rounded >= EXTREME:
        return Share(EXTREME, AT_LEAST, width, n)
    if rounded <= 100 - EXTREME:
        return Share(100 - EXTREME, AT_MOST, width, n)
    return Share(rounded, "", width, n)
