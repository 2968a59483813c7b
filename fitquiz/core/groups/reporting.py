"""Functions that turn published sums into the percentages of a report.

Each percentage has a range. 95 times in 100, the true percentage of the people who answered is
within the range. The range covers only the noise of the counts. The range does not cover the
difference between people who answered and people who did not answer. The functions use only
published numbers and head-counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fitquiz.core.groups.counting import (
    ANSWERED,
    LEADING,
    LEAN,
    STRONGEST,
    SUGGESTION,
)
from fitquiz.core.groups.findings import (
    UNCLEAR,
    AnswersFinding,
    Finding,
    choose_findings,
    find_lean,
    find_level,
    find_strongest,
    find_units,
)
from fitquiz.core.groups.percentages import (
    MAX_PLUS_MINUS,
    Change,
    Percentage,
    Sum,
    compare,
    describe_exclusive,
    describe_ratio,
    describe_share,
    find_reach,
)
from fitquiz.core.groups.response_rates import Counting, Rate, find_rate
from fitquiz.core.groups.unit_lists import Path

ANSWERS = "answers"
"""The name of the statistic that counts the responses. The only cell has an empty name."""

ROW_STATISTICS = (ANSWERS, LEAN, SUGGESTION, STRONGEST)
"""The statistics that the tables of a report show for each unit one level below."""

Figures = Mapping[tuple[str, str], Sum]
"""The published sums of one unit. Each key is a pair (statistic, cell)."""

Percentages = Mapping[str, Mapping[str, Percentage]]
"""The percentages of one unit, by statistic and then by cell.

A statistic without percentages has no key.
"""


@dataclass(frozen=True, slots=True)
class UnitReport:
    """The published figures of a unit, including the figures of all units below the unit.

    `answers` is the number of published responses. If `is_exact` is false, more people of the unit
    can have answered. `rate` is the response rate, or None if it is unknown.
    """

    path: Path
    answers: int
    is_exact: bool
    rate: Rate | None
    percentages: Percentages


@dataclass(frozen=True, slots=True)
class Overview:
    """What a report tells of all units one level below, and not only of the units on one page.

    `shown_count` is the number of units with published figures. `answers` is the number of their
    responses. `leans` contains the published sum of the lean of each unit.

    `all_answers` is the number of published responses of the whole campaign. `further_up` is the
    number of those that are counted in the units above, but in no unit below those.
    """

    shown_count: int
    answers: int
    leans: Mapping[Path, Sum]
    all_answers: int
    further_up: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row of the report for one unit. `figures` is None if no figures of the unit are published."""

    path: Path
    figures: UnitReport | None


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a unit.

    `here` contains the figures of the unit. `findings` contains what the first sentences say.

    `rows` contains the units one level below that this page of the report shows. `units_count` is
    the number of all units one level below. `shown_count` is the number of those with published
    figures. `own` is the number of responses that are counted here and in no unit below.

    `changes` contains the differences from an earlier campaign. Each key is a pair (statistic,
    cell).
    """

    here: UnitReport
    findings: tuple[Finding, ...]
    rows: tuple[UnitRow, ...]
    units_count: int
    shown_count: int
    own: int
    changes: Mapping[tuple[str, str], Change]

    @property
    def shown(self) -> tuple[UnitReport, ...]:
        """The figures of the unit, followed by the published figures of each row."""
        below = tuple(row.figures for row in self.rows if row.figures is not None)
        return (self.here, *below)

    @property
    def has_least_rate(self) -> bool:
        """Whether a response rate of the report can be higher than it is shown."""
        return any(unit.rate is not None and unit.rate.is_least for unit in self.shown)

    @property
    def clear_changes(self) -> Mapping[tuple[str, str], Change]:
        """The differences whose range does not contain 0."""
        return {key: each for key, each in self.changes.items() if each.is_clear}

    @property
    def unclear_changes(self) -> Mapping[tuple[str, str], Change]:
        """The differences whose range contains 0."""
        return {key: each for key, each in self.changes.items() if not each.is_clear}


def list_below(paths: Iterable[Path], here: Path) -> list[Path]:
    """Return the paths of the units one level below `here`, in the given order."""
    return [path for path in paths if _is_right_below(path, here)]


def make_report(
    figures: Mapping[Path, Figures],
    here: Path,
    people: Mapping[Path, int | None],
    overview: Overview,
    page: Sequence[Path],
    counting: Counting,
    before: Figures | None = None,
) -> Report | None:
    """Return the report of the unit `here`, or None if `figures` does not contain `here`.

    `figures` contains the published sums of `here` and of the units in `page`. `people` maps every
    unit to its head-count, or to None if the head-count is unknown. `page` contains the units for
    the rows of the report. `counting` tells which response rates are exact. `before` contains the
    sums of `here` in an earlier campaign. If `before` is None, the report contains no changes.
    """
    if here not in figures:
        return None
    divided = {path[:-1] for path in people if path}
    answers = figures[here][ANSWERS, ""].n
    own = answers - overview.answers

    def describe(path: Path, further_up: int) -> UnitReport:
        of_unit = figures[path]
        number = of_unit[ANSWERS, ""].n
        is_lowest = path not in divided
        is_exact = counting.is_exact(overview.all_answers, further_up, is_lowest)
        rate = find_rate(number, people.get(path), is_exact)
        return UnitReport(path, number, is_exact, rate, _list_all(of_unit))

    unit = describe(here, overview.further_up)
    rows = []
    for path in page:
        is_shown = path in figures
        described = describe(path, overview.further_up + own) if is_shown else None
        rows.append(UnitRow(path, described))

    return Report(
        here=unit,
        findings=_list_findings(unit, overview),
        rows=tuple(rows),
        units_count=len(list_below(people, here)),
        shown_count=overview.shown_count,
        own=own,
        changes=_list_changes(unit.percentages, _list_all(before or {})),
    )


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


def _list_findings(here: UnitReport, overview: Overview) -> tuple[Finding, ...]:
    """Return the findings about a unit, the most important finding first."""
    lean = next(iter(here.percentages.get(LEAN, {}).values()), None)
    levels = {path: _find_level(each) for path, each in overview.leans.items()}
    return choose_findings(
        [
            find_lean(lean),
            find_units(levels),
            find_strongest(here.percentages.get(STRONGEST, {})),
            AnswersFinding(here.answers, here.rate, here.is_exact),
        ]
    )


def _find_level(each: Sum) -> str:
    low, high, half_width = find_reach(each)
    if half_width >= MAX_PLUS_MINUS:
        return UNCLEAR
    return find_level(low, high)
