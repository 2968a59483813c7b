"""Sealing: which waiting responses are published, when and under which label, and the noise that goes on each count.

What, when and where hangs on head-counts alone, never on an answer. Noise is drawn once a count, in integers only.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from fitquiz.core.groups.counting import Plan, published_from
from fitquiz.core.groups.units import Path

FEWEST = 5
"""No campaign publishes a batch of fewer."""
SPLIT_FROM = 30
"""Campaigns of fewer are not split into units, unless their owner chooses otherwise."""
AT_CLOSE, WEEKLY, MONTHLY = "close", "weekly", "monthly"
_DAYS = {WEEKLY: 7, MONTHLY: 30}


@dataclass(frozen=True, slots=True)
class Batch:
    """What is published together: the waiting responses of `units`, `n` in all, under the label `path`."""

    path: Path
    units: tuple[Path, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Count:
    """A count as it is published, with its noise in it: an integer, which may lie below 0 or above the batch's size."""

    statistic: str
    cell: str
    noise: Fraction
    count: int


def is_due(sealing: str, opens_on: date, ticked_on: date | None, today: date) -> bool:
    """Whether a campaign that is still open seals today; `ticked_on` is when it last did."""
    return sealing in _DAYS and today >= (ticked_on or opens_on) + timedelta(_DAYS[sealing])


def plan_seal(
    waiting: Mapping[Path, int], threshold: int, is_split: bool, is_closing: bool
) -> tuple[Batch, ...]:
    """Return the batches to publish now, by label.

    Before the close: each unit with at least `threshold` waiting; in a campaign that is not split, no unit but the
    campaign itself. At the close what is left loses its lowest label and tries again, one level up at a time; a last
    remainder below the threshold joins the smallest batch under the campaign's own label, or waits if there is none.
    """
    left = {unit: Batch(unit, (unit,), count) for unit, count in waiting.items() if count > 0}
    batches: list[Batch] = []
    for depth in range(max(map(len, left), default=0), -1, -1):
        for path in sorted(path for path in left if len(path) == depth):
            batch = left.pop(path)
            if batch.n >= threshold and (is_split or not path):
                batches.append(batch)
            elif is_closing and path:
                left[path[:-1]] = _join(path[:-1], batch, left.get(path[:-1]))
            elif is_closing and batches:
                smallest = min(batches, key=lambda each: (each.n, each.path))
                batches.remove(smallest)
                batches.append(_join((), batch, smallest))
    return tuple(sorted(batches, key=lambda batch: batch.path))


def draw_noise(noise: Fraction, randbelow: Callable[[int], int]) -> int:
    """Return an integer z with probability ∝ noise^|z|; `randbelow(n)` gives 0 … n - 1, each as likely.

    The difference of two geometric numbers is two-sided geometric.
    """
    return _draw_geometric(noise, randbelow) - _draw_geometric(noise, randbelow)


def plan_groups(
    batches: Sequence[Batch], plan: Plan, threshold: int
) -> Mapping[Batch, tuple[str, ...]]:
    """Return every batch with the statistics that it is published with, and the wider groups that others need.

    A statistic that needs more people than a batch has is published of batches together, one level up at a time, by
    the rule of the close; so each response is in one group of it at most, and in none if all are too few.
    """
    groups: dict[Batch, list[str]] = {batch: [] for batch in batches}
    for statistic in plan:
        for group in _widen(batches, published_from(statistic, threshold)):
            groups.setdefault(group, []).append(statistic)
    return {group: tuple(statistics) for group, statistics in groups.items()}


def publish_counts(
    sums: Mapping[tuple[str, str], int],
    statistics: Sequence[str],
    plan: Plan,
    randbelow: Callable[[int], int],
) -> tuple[Count, ...]:
    """Return what a group is published with: each sum of these statistics, with noise drawn here once and for all."""
    return tuple(
        Count(statistic, cell, plan[statistic], total + draw_noise(plan[statistic], randbelow))
        for (statistic, cell), total in sums.items()
        if statistic in statistics
    )


def noise_variance(noise: Fraction) -> Fraction:
    """Return the variance of the noise on one count, in people squared: 2α / (1 - α)²."""
    return 2 * noise / (1 - noise) ** 2


def plus_minus(noise: Fraction, batches: int) -> int:
    """Return the half width, in people, that holds the noise of a sum over so many batches at least 95 times in 100."""
    if not noise or not batches:
        return 0
    if batches > 1:
        return math.ceil(1.96 * math.sqrt(batches * noise_variance(noise)))
    width = 0
    while 2 * noise ** (width + 1) / (1 + noise) > Fraction(1, 20):
        width += 1
    return width


def _widen(batches: Sequence[Batch], fewest: int) -> list[Batch]:
    units = {batch.path: batch.units for batch in batches}
    wide = plan_seal(
        {batch.path: batch.n for batch in batches}, fewest, is_split=True, is_closing=True
    )
    return [
        Batch(each.path, tuple(sorted(unit for path in each.units for unit in units[path])), each.n)
        for each in wide
    ]


def _join(path: Path, one: Batch, other: Batch | None) -> Batch:
    if other is None:
        return Batch(path, one.units, one.n)
    return Batch(path, tuple(sorted({*one.units, *other.units})), one.n + other.n)


def _draw_geometric(noise: Fraction, randbelow: Callable[[int], int]) -> int:
    drawn = 0
    while randbelow(noise.denominator) < noise.numerator:
        drawn += 1
    return drawn
