"""Functions that turn published sums into percentages with ranges.

95 times in 100, the true percentage of the people who answered is within the range. The range
covers only the noise of the counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, isqrt

from fitquiz.core.groups.noise import plus_minus

OR_MORE = "or-more"
OR_LESS = "or-less"
EXTREME = 90
"""A report shows a percentage of 90 or above as `90 % or more`, together with its lowest value.

A report shows a percentage of 10 or below as `10 % or less`, together with its highest value.
"""

MAX_PLUS_MINUS = 50
"""A percentage is meaningful only if `plus_minus` is below this number of percentage points."""

MIN_LEADERS = 10


@dataclass(frozen=True, slots=True)
class Sum:
    """A published sum of the counts of one cell, over a number of batches.

    `n` is the number of responses in the batches. `count` is the sum of the counts, including the
    noise. `noise` is the number α that sets the distribution of the noise z of each count,
    P(z) ∝ α^|z|.
    """

    n: int
    batches: int
    count: int
    noise: Fraction


@dataclass(frozen=True, slots=True)
class Percentage:
    """A percentage in the form that a report shows.

    `percent` is from 10 to 90. `bound` is OR_MORE for 90 or more, and OR_LESS for 10 or less.
    `bound` is empty for all other percentages. `low` and `high` are the ends of the range, in per
    cent. `plus_minus` is half the width of the range, before the range is cut off at 0 and 100. `n`
    is the number of responses that is 100 %.
    """

    percent: int
    bound: str
    low: int
    high: int
    plus_minus: int
    n: int

    @property
    def is_meaningful(self) -> bool:
        """Whether the range is narrow enough to tell anything."""
        return self.plus_minus < MAX_PLUS_MINUS

    @property
    def is_sure_bound(self) -> bool:
        """Whether the whole range is at or beyond the bound."""
        is_above = self.bound == OR_MORE and self.low >= EXTREME
        is_below = self.bound == OR_LESS and self.high <= 100 - EXTREME
        return is_above or is_below


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of two percentages and the range of the difference, in percentage points."""

    points: int
    low: int
    high: int

    @property
    def is_clear(self) -> bool:
        """Whether the range does not contain 0."""
        return self.low > 0 or self.high < 0


def describe_share(each: Sum) -> Percentage:
    """Return a sum as a percentage of its `n` responses. Raise ValueError if `n` is below 1."""
    if each.n < 1:
        raise ValueError("a percentage needs at least one response")
    return _describe(each, round_share(each))


def round_share(each: Sum) -> int:
    """Return a sum in per cent of its `n` responses, rounded, from 0 to 100."""
    return round(_ratio(each.count, each.n))


def describe_ratio(part: Sum, whole: Sum) -> Percentage | None:
    """Return `part` as a percentage of `whole`. The range covers the noise of both.

    Return None if the smallest likely count of `whole` is smaller than MIN_LEADERS.
    """
    half = _find_half_width(whole.noise, whole.batches)
    smallest_whole = whole.count - half
    if smallest_whole < MIN_LEADERS:
        return None

    highest = _ratio(part.count + half, smallest_whole)
    lowest = _ratio(part.count - half, whole.count + half)
    half_width = ceil((highest - lowest) / 2)
    percent = _ratio(part.count, whole.count)
    reach = (floor(lowest), ceil(highest))
    return _make_percentage(round(percent), reach, half_width, whole.count)


def compare(now: Percentage, then: Percentage) -> Change:
    """Return the difference `now` − `then` and the range of the difference.

    Half the width of the range is √(a² + b²), rounded up. a and b are the half widths of the two
    percentages. A percentage with a bound can lie 100 − EXTREME points beyond the bound. Therefore
    a bound makes the range wider. No difference is larger than 100.
    """
    squares = now.plus_minus**2 + then.plus_minus**2
    root = isqrt(squares)
    if root * root < squares:
        root += 1
    points = now.percent - then.percent
    beyond = 100 - EXTREME
    higher = beyond * [now.bound == OR_MORE, then.bound == OR_LESS].count(True)
    lower = beyond * [now.bound == OR_LESS, then.bound == OR_MORE].count(True)
    low = max(-100, points - root - lower)
    high = min(100, points + root + higher)
    return Change(points, low, high)


def describe_exclusive(
    sums: Mapping[str, Sum], most: Mapping[str, int] | None = None
) -> dict[str, Percentage]:
    """Return percentages that add up to 100, if the counts add up to the number of responses.

    All percentages are first rounded down. Then the largest remainders get one more per cent. The
    counts of old seals may not add up. Their percentages are rounded one by one.

    `most` maps cells to the largest per cent to which they are rounded up.
    """
    most = most or {}
    total = sum(each.count for each in sums.values())
    exact = {cell: _ratio(each.count, each.n) for cell, each in sums.items()}
    if any(each.n != total or each.count < 0 for each in sums.values()):
        return {cell: describe_share(each) for cell, each in sums.items()}

    rounded = {cell: floor(percent) for cell, percent in exact.items()}
    missing = 100 - sum(rounded.values())
    growing = [cell for cell in exact if rounded[cell] < most.get(cell, 100)]
    by_remainder = sorted(growing, key=lambda cell: rounded[cell] - exact[cell])
    for cell in by_remainder[:missing]:
        rounded[cell] += 1
    return {cell: _describe(each, rounded[cell]) for cell, each in sums.items()}


def _find_half_width(noise: Fraction, batches: int) -> int:
    return _compute_half_width(noise.numerator, noise.denominator, batches)


# The cache saves time, because all units of a campaign have the same noise. The key contains whole
# numbers, because the hash of a fraction is slow.
@lru_cache(1000)
def _compute_half_width(numerator: int, denominator: int, batches: int) -> int:
    return plus_minus(Fraction(numerator, denominator), batches)


def _ratio(part: int, whole: int) -> Fraction:
    within = min(max(part, 0), whole)
    return Fraction(100 * within, whole)


def find_reach(each: Sum) -> tuple[int, int, int]:
    """Return the ends of the range of a sum, and half the width of the range, in per cent."""
    # Whole numbers are much faster than fractions, and a large report has 1,000 units.
    width = _find_half_width(each.noise, each.batches)
    within = min(max(each.count, 0), each.n)
    lowest = 100 * max(within - width, 0) // each.n
    highest = -(-100 * min(within + width, each.n) // each.n)
    half_width = -(-100 * width // each.n)
    return lowest, highest, half_width


def _describe(each: Sum, percent: int) -> Percentage:
    """Return a sum as a percentage with its range. `percent` is the rounded percentage."""
    lowest, highest, half_width = find_reach(each)
    return _make_percentage(percent, (lowest, highest), half_width, each.n)


def _make_percentage(
    percent: int, reach: tuple[int, int], half_width: int, n: int
) -> Percentage:
    low, high = reach
    if percent >= EXTREME:
        return Percentage(EXTREME, OR_MORE, min(low, EXTREME), 100, half_width, n)
    rest = 100 - EXTREME
    if percent <= rest:
        return Percentage(rest, OR_LESS, 0, max(high, rest), half_width, n)
    return Percentage(percent, "", low, high, half_width, n)
