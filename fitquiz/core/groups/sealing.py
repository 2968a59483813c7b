"""Sealing: which pending responses are published, when, under which label, and with which noise.

Which, when and under which label depends on head-counts alone, never on an answer. Noise is drawn once
for each count, with integers only.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from fitquiz.core.groups.counting import CountingPlan, published_from
from fitquiz.core.groups.units import Path

MIN_THRESHOLD = 5
"""No campaign publishes a batch of fewer responses."""

SPLIT_FROM = 30
"""A campaign with fewer responses is not split into units, unless its owner chooses otherwise."""

AT_CLOSE = "close"
WEEKLY = "weekly"
MONTHLY = "monthly"
"""When a campaign seals."""

_DAYS_BETWEEN = {WEEKLY: 7, MONTHLY: 30}


@dataclass(frozen=True, slots=True)
class Batch:
    """Responses that are published together: the `n` pending ones of `units`, under the label `path`."""

    path: Path
    units: tuple[Path, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Count:
    """A published count with its noise: an integer, perhaps below 0 or above the size of the batch."""

    statistic: str
    cell: str
    noise: Fraction
    count: int


def is_due(sealing: str, opens_on: date, ticked_on: date | None, today: date) -> bool:
    """Return whether an open campaign seals today. `ticked_on` is the day of its last seal."""
    if sealing not in _DAYS_BETWEEN:
        return False
    last_day = ticked_on or opens_on
    return today >= last_day + timedelta(_DAYS_BETWEEN[sealing])


def choose_batches(
    waiting: Mapping[Path, int], threshold: int, is_split: bool, is_closing: bool
) -> tuple[Batch, ...]:
    """Return the batches to publish now, ordered by label. `waiting` holds each unit's pending responses.

    Before the close, each unit with at least `threshold` responses is a batch. In a campaign that is not
    split, only the campaign itself is. At the close, responses that are left move one level up and try
    again. A last remainder below the threshold joins the smallest batch, under the campaign's own label.
    If there is no batch, the remainder waits.
    """
    left = {
        unit: Batch(unit, (unit,), count)
        for unit, count in waiting.items()
        if count > 0
    }
    batches: list[Batch] = []
    deepest = max(map(len, left), default=0)
    for depth in range(deepest, -1, -1):
        for path in sorted(path for path in left if len(path) == depth):
            batch = left.pop(path)
            if batch.n >= threshold and (is_split or not path):
                batches.append(batch)
            elif is_closing and path:
                above = path[:-1]
                left[above] = _join(above, batch, left.get(above))
            elif is_closing and batches:
                smallest = min(batches, key=lambda each: (each.n, each.path))
                batches.remove(smallest)
                batches.append(_join((), batch, smallest))
    return tuple(sorted(batches, key=lambda batch: batch.path))


def draw_noise(noise: Fraction, randbelow: Callable[[int], int]) -> int:
    """Return an integer z with probability ∝ noise^|z|; `randbelow(n)` gives 0 … n − 1, all equally likely.

    The difference of two geometric numbers has the two-sided geometric distribution.
    """
    return _draw_geometric(noise, randbelow) - _draw_geometric(noise, randbelow)


def plan_groups(
    batches: Sequence[Batch], plan: CountingPlan, threshold: int
) -> Mapping[Batch, tuple[str, ...]]:
    """Return each batch with its statistics, and the wider groups that some statistics need.

    If a statistic needs more people than a batch has, batches are joined for it, one level up at a time,
    as at the close. So each response is in at most one group of each statistic.
    """
    groups: dict[Batch, tuple[str, ...]] = dict.fromkeys(batches, ())
    for statistic in plan:
        needed = published_from(statistic, threshold)
        for group in _widen(batches, needed):
            statistics = groups.get(group, ())
            groups[group] = (*statistics, statistic)
    return groups


def publish_counts(
    sums: Mapping[tuple[str, str], int],
    statistics: Sequence[str],
    plan: CountingPlan,
    randbelow: Callable[[int], int],
) -> tuple[Count, ...]:
    """Return the sums of these statistics with noise, which is drawn here, once.

    `sums` maps statistic and cell to the number of responses.
    """
    counts = []
    for (statistic, cell), total in sums.items():
        if statistic in statistics:
            noise = plan[statistic]
            counts.append(
                Count(statistic, cell, noise, total + draw_noise(noise, randbelow))
            )
    return tuple(counts)


def noise_variance(noise: Fraction) -> Fraction:
    """Return the variance of the noise of one count, in people squared: 2α / (1 − α)²."""
    return 2 * noise / (1 - noise) ** 2


def plus_minus(noise: Fraction, batches: int) -> int:
    """Return the half width, in people, that holds the noise of a sum of batches 95 times in 100.

    For several batches it is 1.96 standard errors. For one batch it is the exact quantile.
    """
    if not noise or not batches:
        return 0
    if batches > 1:
        standard_error = math.sqrt(batches * noise_variance(noise))
        return math.ceil(1.96 * standard_error)
    width = 0
    while 2 * noise ** (width + 1) / (1 + noise) > Fraction(1, 20):
        width += 1
    return width


def _widen(batches: Sequence[Batch], threshold: int) -> list[Batch]:
    """Return the batches joined, one level up at a time, until each has at least `threshold` responses."""
    sizes = {batch.path: batch.n for batch in batches}
    units = {batch.path: batch.units for batch in batches}
    widened = []
    for group in choose_batches(sizes, threshold, is_split=True, is_closing=True):
        members = sorted(unit for path in group.units for unit in units[path])
        widened.append(Batch(group.path, tuple(members), group.n))
    return widened


def _join(path: Path, one: Batch, other: Batch | None) -> Batch:
    if other is None:
        return Batch(path, one.units, one.n)
    units = sorted({*one.units, *other.units})
    return Batch(path, tuple(units), one.n + other.n)


def _draw_geometric(noise: Fraction, randbelow: Callable[[int], int]) -> int:
    drawn = 0
    while randbelow(noise.denominator) < noise.numerator:
        drawn += 1
    return drawn
