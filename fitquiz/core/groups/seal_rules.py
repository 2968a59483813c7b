"""Functions that choose the batches of a seal, and that draw the noise of each count.

Batches and their paths depend only on the numbers of responses, the date and the settings of the
campaign. No answer influences the batches. The noise of each count is drawn once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from fitquiz.core.groups.counting import CountingPlan, published_from
from fitquiz.core.groups.noise import draw_noise
from fitquiz.core.groups.unit_lists import Path

MIN_THRESHOLD = 5
MAX_THRESHOLD = 50
"""The smallest and the largest threshold that HR can choose for a campaign, in responses."""

SPLIT_FROM = 30
"""A campaign with at least this number of responses publishes batches of single units.

A campaign with fewer responses publishes only batches of the whole campaign. HR can choose another
number for a campaign.
"""

AT_CLOSE = "close"
WEEKLY = "weekly"
MONTHLY = "monthly"
"""The times of a campaign's seals.

AT_CLOSE: when the campaign closes. WEEKLY: every 7 days, and when the campaign closes. MONTHLY:
every 30 days, and when the campaign closes.
"""

_DAYS_BETWEEN = {WEEKLY: 7, MONTHLY: 30}


@dataclass(frozen=True, slots=True)
class Batch:
    """Responses that are published together.

    `path` is the unit or the whole campaign under whose name the batch is published. `units`
    contains the units to which the responses belong. `n` is the number of responses.
    """

    path: Path
    units: tuple[Path, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Count:
    """A published count of one cell.

    `count` includes the drawn noise. Therefore `count` can be below 0 or above the size of the
    batch. `noise` is the number α that sets the distribution of the drawn noise z, P(z) ∝ α^|z|.

    `moved` says how much `count` was moved down so that the counts of a seal can be true together.
    """

    statistic: str
    cell: str
    noise: Fraction
    count: int
    moved: int = 0


def is_due(sealing: str, opens_on: date, ticked_on: date | None, today: date) -> bool:
    """Return whether a seal of an open campaign is due today.

    `sealing` is AT_CLOSE, WEEKLY or MONTHLY. `ticked_on` is the day of the latest seal, or None
    before the first seal.
    """
    if sealing not in _DAYS_BETWEEN:
        return False
    last_day = ticked_on or opens_on
    return today >= last_day + timedelta(_DAYS_BETWEEN[sealing])


def find_next_seal(
    sealing: str, opens_on: date, closes_on: date, ticked_on: date | None
) -> date:
    """Return the day of the next seal of an open campaign.

    The last seal is on the day after the last day of the campaign.
    """
    last_seal = closes_on + timedelta(1)
    if sealing not in _DAYS_BETWEEN:
        return last_seal
    last_day = ticked_on or opens_on
    return min(last_seal, last_day + timedelta(_DAYS_BETWEEN[sealing]))


def choose_batches(
    waiting: Mapping[Path, int],
    threshold: int,
    is_split: bool,
    is_closing: bool,
    room: Mapping[Path, int] | None = None,
) -> tuple[Batch, ...]:
    """Return the batches to publish, ordered by path.

    `waiting` maps each unit to its number of pending responses. `is_closing` is true for the last
    seal of a campaign.

    `room` maps a unit to the largest number of responses that can still be published for the unit
    and for all units below. A unit without this number has no limit.

    If `is_split` is true, each unit with at least `threshold` responses becomes a batch, if the unit
    and all units above have room. If `is_split` is false, only the whole campaign can become a
    batch.

    If `is_closing` is true, the responses of a unit that does not become a batch move one level up.
    The moved responses join the responses of the upper unit, and can become a batch with these
    responses. If fewer responses than `threshold` remain for the whole campaign, these responses
    join the smallest batch. The joined batch gets the empty path. If there is no batch to join, the
    remaining responses stay pending.
    """
    left = {
        unit: Batch(unit, (unit,), count)
        for unit, count in waiting.items()
        if count > 0
    }
    batches: list[Batch] = []
    places = dict(room or {})
    deepest = max(map(len, left), default=0)
    for depth in range(deepest, -1, -1):
        for path in sorted(path for path in left if len(path) == depth):
            batch = left.pop(path)
            is_allowed = (is_split and _has_room(batch, places)) or not path
            if batch.n >= threshold and is_allowed:
                batches.append(batch)
                _take_room(batch, places)
            elif is_closing and path:
                above = path[:-1]
                left[above] = _join(above, batch, left.get(above))
            elif is_closing and batches:
                smallest = min(batches, key=lambda each: (each.n, each.path))
                batches.remove(smallest)
                batches.append(_join((), batch, smallest))
    return tuple(sorted(batches, key=lambda batch: batch.path))


def plan_groups(
    batches: Sequence[Batch], plan: CountingPlan, threshold: int
) -> Mapping[Batch, tuple[str, ...]]:
    """Return each group to publish, with the names of the statistics to publish for the group.

    Every batch is a group. A batch that is too small for a statistic joins other batches, one level
    up at a time. The joined batches are also a group. For each statistic, a response is in at most
    one group.

    A larger group always consists of whole smaller groups. Therefore the figures of different
    statistics can be compared.
    """
    groups: dict[Batch, tuple[str, ...]] = dict.fromkeys(batches, ())
    widened = list(batches)
    needed = {
        name: published_from(name, noise, threshold) for name, noise in plan.items()
    }
    for statistic in sorted(needed, key=needed.__getitem__):
        widened = _widen(widened, needed[statistic])
        for group in widened:
            statistics = groups.get(group, ())
            groups[group] = (*statistics, statistic)
    return groups


def publish_counts(
    sums: Mapping[tuple[str, str], int],
    statistics: Sequence[str],
    plan: CountingPlan,
    randbelow: Callable[[int], int],
) -> tuple[Count, ...]:
    """Return a count with noise for each sum of the statistics in `statistics`.

    `sums` maps each pair (statistic, cell) to a number of responses. Call the function only once
    for the same sums, because the mean of several counts would reveal the sum.
    """
    counts = []
    for (statistic, cell), total in sums.items():
        if statistic in statistics:
            noise = plan[statistic]
            counts.append(
                Count(statistic, cell, noise, total + draw_noise(noise, randbelow))
            )
    return tuple(counts)


def _widen(batches: Sequence[Batch], threshold: int) -> list[Batch]:
    """Join batches one level up at a time, until each group has at least `threshold` responses.

    Return an empty list if all batches together have fewer than `threshold` responses.
    """
    sizes = {batch.path: batch.n for batch in batches}
    units = {batch.path: batch.units for batch in batches}
    widened = []
    for group in choose_batches(sizes, threshold, is_split=True, is_closing=True):
        members = sorted(unit for path in group.units for unit in units[path])
        widened.append(Batch(group.path, tuple(members), group.n))
    return widened


def _has_room(batch: Batch, room: Mapping[Path, int]) -> bool:
    """Return whether the unit of a batch and all units above can publish the batch."""
    return all(room.get(unit, batch.n) >= batch.n for unit in _list_units(batch.path))


def _take_room(batch: Batch, room: dict[Path, int]) -> None:
    units = _list_units(batch.path)
    for unit in units:
        if unit in room:
            room[unit] -= batch.n


def _list_units(path: Path) -> list[Path]:
    """Return the paths of a unit and of all units above, without the whole campaign."""
    return [path[:depth] for depth in range(1, len(path) + 1)]


def _join(path: Path, one: Batch, other: Batch | None) -> Batch:
    if other is None:
        return Batch(path, one.units, one.n)
    units = sorted({*one.units, *other.units})
    return Batch(path, tuple(units), one.n + other.n)
