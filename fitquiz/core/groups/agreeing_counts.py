"""Functions that change the noisy counts of a seal so that they can be true together.

After the noise is drawn, counts can contradict each other. For example, the shares of an exclusive
statistic can add up to 117 %. At a seal, before anything is stored, `make_counts_agree` moves the
counts to near whole numbers with these properties:

- No count is below 0 or above the number of responses of its group.
- The counts of SUGGESTION add up to the number of responses, and so do the counts of STRONGEST.
- No more responses have a suggestion for a pole than lean to this pole.
- No score of LEADING is high more often than LEADING was answered.

A seal never changes an earlier seal, but makes up for what the earlier seals have moved. Without
this, twelve weekly seals of people who agree would all move the count of their answer down. The
true sum would then often be outside the published range.

The functions get noisy counts and the numbers of responses, and nothing else. Therefore the change
is arithmetic on numbers that are safe to publish, and the odds factors stay the same.

Method: first, the sum over all groups moves to the nearest possible counts, by least squares. Then
each sum is divided between the units below, again by least squares. This order keeps sums over
many small groups right: a count that is cut off at 0 in one group is made up for in the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fitquiz.core.groups.counting import ANSWERED, LEADING, LEAN, STRONGEST, SUGGESTION
from fitquiz.core.groups.seal_rules import Batch, Count
from fitquiz.core.groups.unit_lists import Path

NoisyCounts = Mapping[Batch, Sequence[Count]]
"""The counts of each published group, after the noise was drawn."""

Column = tuple[str, str]
"""The name of a statistic, and the name of one of its cells."""

Moved = Mapping[tuple[Path, str, str], int]
"""How much the earlier seals of a campaign have moved the counts of a cell down, in all.

Each key contains the path of a group, the name of a statistic and the name of a cell.
"""

_ByBatch = dict[Batch, int]
"""The counts of one column, by group."""

_Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One group, or several groups together.

    `values` contains the noisy counts of the exclusive answers. `limits` contains the largest
    possible counts. `groups` is the number of groups. `halves` is empty for one group.
    """

    n: int
    values: _Numbers
    limits: _Numbers
    groups: int = 1
    batch: Batch | None = None
    halves: "tuple[_Part, ...]" = ()


def make_counts_agree(
    noisy: NoisyCounts, moved: Moved | None = None
) -> dict[Batch, tuple[Count, ...]]:
    """Return near counts that can be true together. The order of groups and counts stays the same.

    `moved` says how much the earlier seals of the campaign have moved. Equal input gives equal
    output. Call the function once for each seal.
    """
    moved = moved or {}
    columns = _list_columns(noisy, moved)
    settled: dict[Column, _ByBatch] = {}

    # LEAN limits SUGGESTION. Therefore LEAN comes first.
    for statistic in sorted(columns, key=lambda name: name != LEAN):
        cells = columns[statistic]
        if statistic == SUGGESTION:
            limits = _limit_suggestions(cells, settled)
            settled |= _settle_exclusive(statistic, cells, limits, moved)
        elif statistic == STRONGEST:
            settled |= _settle_exclusive(statistic, cells, {}, moved)
        else:
            settled |= _settle_single(statistic, cells, moved)

    agreeing = {}
    for batch, counts in noisy.items():
        near = []
        for count in counts:
            column = (count.statistic, count.cell)
            number = settled[column][batch]
            difference = count.count - number
            near.append(replace(count, count=number, moved=difference))
        agreeing[batch] = tuple(near)
    return agreeing


def fit_to_total(
    values: Sequence[int], lowest: Sequence[int], highest: Sequence[int], total: int
) -> _Numbers:
    """Return the whole numbers nearest to `values` that add up to `total`, by least squares.

    Each number is between its limits in `lowest` and `highest`. Raise ValueError if no such numbers
    exist.

    Several answers can be equally near. Then `values` decide which numbers are larger by 1, so that
    no position is preferred.
    """
    if not sum(lowest) <= total <= sum(highest):
        raise ValueError(f"no numbers within the limits add up to {total}")

    def move(step: int) -> list[int]:
        moved = zip(values, lowest, highest, strict=True)
        return [min(max(value + step, low), high) for value, low, high in moved]

    # Find the largest step with which all numbers together are not above the total.
    spread = max(map(abs, (*values, *lowest, *highest))) + 1
    below, above = -2 * spread, 2 * spread
    while above - below > 1:
        middle = (below + above) // 2
        if sum(move(middle)) <= total:
            below = middle
        else:
            above = middle
    fitted, next_step = move(below), move(below + 1)

    missing = total - sum(fitted)
    size = len(fitted)
    first = sum(at * value for at, value in enumerate(values, 1)) % size
    for at in [*range(first, size), *range(first)]:
        if missing and next_step[at] > fitted[at]:
            fitted[at] += 1
            missing -= 1
    return tuple(fitted)


def _list_columns(noisy: NoisyCounts, moved: Moved) -> dict[str, dict[str, _ByBatch]]:
    """Return the noisy counts by statistic, then by cell, then by group.

    Each count includes what the earlier seals have moved in groups with the same path.
    """
    columns: dict[str, dict[str, _ByBatch]] = {}
    for batch, counts in noisy.items():
        for count in counts:
            cells = columns.setdefault(count.statistic, {})
            earlier = moved.get((batch.path, count.statistic, count.cell), 0)
            cells.setdefault(count.cell, {})[batch] = count.count + earlier
    return columns


def _add_up_elsewhere(statistic: str, cell: str, counts: _ByBatch, moved: Moved) -> int:
    """Return how much earlier seals have moved in groups that have no responses in this seal."""
    of_cell = {key[0]: moved[key] for key in moved if key[1:] == (statistic, cell)}
    here = {batch.path for batch in counts}
    return sum(number for path, number in of_cell.items() if path not in here)


def _settle_single(
    statistic: str, cells: Mapping[str, _ByBatch], moved: Moved
) -> dict[Column, _ByBatch]:
    """Settle counts that exclude no other count of the statistic.

    The first cell of LEADING is ANSWERED. No other count of LEADING is larger.
    """
    settled: dict[Column, _ByBatch] = {}
    for cell, counts in cells.items():
        most = settled.get((LEADING, ANSWERED), {})
        parts = {}
        for batch, count in counts.items():
            values = (count, batch.n - count)
            limits = (most.get(batch, batch.n), batch.n)
            parts[batch.path] = _Part(batch.n, values, limits, batch=batch)
        elsewhere = _add_up_elsewhere(statistic, cell, counts, moved)
        found = _settle(parts, (elsewhere, -elsewhere))
        settled[statistic, cell] = {each: found[each][0] for each in counts}
    return settled


def _settle_exclusive(
    statistic: str,
    cells: Mapping[str, _ByBatch],
    limits: Mapping[Batch, _Numbers],
    moved: Moved,
) -> dict[Column, _ByBatch]:
    """Settle the counts of a statistic that counts each response in exactly one cell.

    `limits` contains the largest counts of a group, if the group has other limits than its size.
    """
    parts = {}
    for batch in next(iter(cells.values())):
        values = tuple(counts[batch] for counts in cells.values())
        most = limits.get(batch, (batch.n,) * len(cells))
        parts[batch.path] = _Part(batch.n, values, most, batch=batch)
    elsewhere = tuple(
        _add_up_elsewhere(statistic, cell, counts, moved)
        for cell, counts in cells.items()
    )
    found = _settle(parts, elsewhere)
    settled: dict[Column, _ByBatch] = {}
    for at, (cell, counts) in enumerate(cells.items()):
        settled[statistic, cell] = {each: found[each][at] for each in counts}
    return settled


def _limit_suggestions(
    cells: Mapping[str, _ByBatch], settled: Mapping[Column, _ByBatch]
) -> dict[Batch, _Numbers]:
    """Return the largest count of each suggestion, for each group with a known lean.

    Nobody who leans to one pole has a suggestion for the other pole. The cells of SUGGESTION are
    the first pole, the second pole and UNDECIDED. LEAN counts the second pole.
    """
    first, second, _ = cells
    leans = settled.get((LEAN, second), {})
    batch_of = {unit: batch for batch in leans for unit in batch.units}
    limits: dict[Batch, _Numbers] = {}
    for group in cells[first]:
        inside = {batch_of[unit] for unit in group.units if unit in batch_of}
        if sum(batch.n for batch in inside) == group.n:
            lean = sum(leans[batch] for batch in inside)
            limits[group] = (group.n - lean, lean, group.n)
    return limits


def _settle(parts: Mapping[Path, _Part], elsewhere: _Numbers) -> dict[Batch, _Numbers]:
    """Return the settled counts of each group. `parts` contains the groups by path.

    `elsewhere` is added to the sums over all groups.
    """
    whole = _join_below((), parts)
    lowest = [0] * len(whole.values)
    wanted = _add(whole.values, elsewhere)
    totals = fit_to_total(wanted, lowest, whole.limits, whole.n)
    found: dict[Batch, _Numbers] = {}
    _divide(whole, totals, found)
    return found


def _join_below(path: Path, parts: Mapping[Path, _Part]) -> _Part:
    """Join the group of a unit with the groups of all units below the unit."""
    members = [parts[path]] if path in parts else []
    depth = len(path)
    below: dict[Path, dict[Path, _Part]] = {}
    for each, part in parts.items():
        if len(each) > depth:
            below.setdefault(each[: depth + 1], {})[each] = part
    members += [_join_below(child, below[child]) for child in sorted(below)]
    return _join(members)


def _join(members: Sequence[_Part]) -> _Part:
    """Join parts as halves of halves, so that each step divides between two parts only."""
    if len(members) == 1:
        return members[0]
    middle = len(members) // 2
    first = _join(members[:middle])
    second = _join(members[middle:])
    values = _add(first.values, second.values)
    limits = _add(first.limits, second.limits)
    return _Part(
        n=first.n + second.n,
        values=values,
        limits=limits,
        groups=first.groups + second.groups,
        halves=(first, second),
    )


def _divide(part: _Part, totals: _Numbers, found: dict[Batch, _Numbers]) -> None:
    """Divide settled totals between the halves of a part, down to single groups."""
    if part.batch is not None:
        found[part.batch] = totals
        return
    first, second = part.halves
    wanted = []
    lowest = []
    highest = []
    for at, total in enumerate(totals):
        change = total - part.values[at]
        wanted.append(first.values[at] + _share(change, first.groups, part.groups))
        lowest.append(max(0, total - second.limits[at]))
        highest.append(min(total, first.limits[at]))
    firsts = fit_to_total(wanted, lowest, highest, first.n)
    seconds = tuple(
        total - number for total, number in zip(totals, firsts, strict=True)
    )
    _divide(first, firsts, found)
    _divide(second, seconds, found)


def _share(number: int, part: int, whole: int) -> int:
    """Return number × part / whole, rounded to the nearest whole number."""
    return (2 * number * part + whole) // (2 * whole)


def _add(one: _Numbers, other: _Numbers) -> _Numbers:
    return tuple(first + second for first, second in zip(one, other, strict=True))
