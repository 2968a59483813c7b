"""Functions that turn published sums into the percentages of a report.

Each percentage has a range. 95 times in 100, the true percentage of the people who answered is
within the range. The range covers only the noise of the counts. The range does not cover the
difference between people who answered and people who did not answer. The functions use only
published numbers and head-counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from fitquiz.core.groups.counting import ANSWERED, LEADING, STRONGEST, SUGGESTION
from fitquiz.core.groups.percentages import (
    Change,
    Percentage,
    Sum,
    compare,
    describe_exclusive,
    describe_ratio,
    describe_share,
)
from fitquiz.core.groups.unit_lists import Path

ANSWERS = "answers"
"""The name of the statistic that counts the responses. The only cell has an empty name."""

Figures = Mapping[tuple[str, str], Sum]
"""The published sums of one unit. Each key is a pair (statistic, cell)."""

Percentages = Mapping[str, Mapping[str, Percentage]]
"""The percentages of one unit, by statistic and then by cell.

A statistic without percentages has no key.
"""


@dataclass(frozen=True, slots=True)
class UnitReport:
    """The published figures of a unit, including the figures of all units below the unit.

    `answers` is the number of responses. `rate` is the response rate in per cent, or None if the
    head-count is unknown.
    """

    path: Path
    answers: int
    rate: int | None
    percentages: Percentages


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a unit.

    `here` contains the figures of the unit. `below` contains the published figures of the units one
    level below. `missing` contains the paths of those units one level below that have no published
    figures. `own` is the number of responses in `here` minus the number of responses in `below`.

    `changes` contains the differences from an earlier campaign. Each key is a pair (statistic,
    cell).
    """

    here: UnitReport
    below: tuple[UnitReport, ...]
    missing: tuple[Path, ...]
    own: int
    changes: Mapping[tuple[str, str], Change]

    @property
    def shown(self) -> tuple[UnitReport, ...]:
        """The figures of the unit, followed by the figures of each unit in `below`."""
        return (self.here, *self.below)


def make_report(
    figures: Mapping[Path, Figures],
    here: Path,
    people: Mapping[Path, int | None],
    before: Figures | None = None,
) -> Report | None:
    """Return the report of the unit `here`, or None if `figures` does not contain `here`.

    `figures` contains the published sums of `here` and of the units one level below. `people` maps
    every unit to its head-count, or to None if the head-count is unknown. `before` contains the
    sums of `here` in an earlier campaign. If `before` is None, the report contains no changes.
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
        changes=_list_changes(found[here].percentages, _list_all(before or {})),
    )


def rate_of_response(answers: int, people: int | None) -> int | None:
    """Return the response rate in per cent, at most 100.

    `people` is the head-count. Return None if `people` is None or 0.
    """
    if not people:
        return None
    rate = round(Fraction(100 * answers, people))
    return min(100, rate)


def list_percentages(figures: Figures, statistic: str) -> dict[str, Percentage]:
    """Return the percentages of a statistic, by cell.

    Return an empty dict if `figures` does not contain the statistic. Leave out each cell for which
    `describe_ratio` returns None.
    """
    sums = {cell: each for (name, cell), each in figures.items() if name == statistic}
    if statistic in (SUGGESTION, STRONGEST):
        return describe_exclusive(sums)
    if statistic != LEADING:
        return {cell: describe_share(each) for cell, each in sums.items()}

    whole = sums.pop(ANSWERED, None)
    percentages = {}
    for cell, each in sums.items():
        percentage = describe_ratio(each, whole) if whole else None
        if percentage is not None:
            percentages[cell] = percentage
    return percentages


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
        percentages = list_percentages(figures, statistic)
        if percentages:
            listed[statistic] = percentages
    return listed


def _list_changes(
    now: Percentages, before: Percentages
) -> Mapping[tuple[str, str], Change]:
    changes = {}
    for statistic, percentages in now.items():
        earlier = before.get(statistic, {})
        for cell, percentage in percentages.items():
            if cell in earlier:
                changes[statistic, cell] = compare(percentage, earlier[cell])
    return changes
