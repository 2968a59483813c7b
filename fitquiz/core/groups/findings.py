"""Functions that find what a report can say in a sentence.

A finding is plain data. A template writes the finding as a sentence. A finding uses only the ranges
of percentages: each sentence is true for every value within the ranges.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from fitquiz.core.groups.percentages import Percentage
from fitquiz.core.groups.response_rates import Rate
from fitquiz.core.groups.unit_lists import Path

MOST = "most"
OVER_HALF = "over-half"
UNCLEAR = "unclear"
UNDER_HALF = "under-half"
FEW = "few"
"""What the range of a percentage tells.

MOST: at least three in four. OVER_HALF: more than half. UNDER_HALF: fewer than half. FEW: at most
one in four. UNCLEAR: the range contains half.
"""

MAX_NAMES = 3
"""A sentence names at most this number of units. Of more units, a sentence tells the number."""

SENTENCES = 2


@dataclass(frozen=True, slots=True)
class LeanFinding:
    """How large the share of a unit is that leans to the second pole."""

    kind: ClassVar[str] = "lean"
    level: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class UnitsFinding:
    """In which of the units below more than half lean to the second pole, and in which fewer.

    `over` and `under` contain the units of which this is certain, at most MAX_NAMES of each.
    `over_count` and `under_count` are the numbers of all such units.
    """

    kind: ClassVar[str] = "units"
    over: tuple[Path, ...]
    under: tuple[Path, ...]
    over_count: int
    under_count: int


@dataclass(frozen=True, slots=True)
class StrongestFinding:
    """The trait that is most often the strongest. If two traits are possible, both traits.

    `low` and `high` are the ends of the range of a single trait.
    """

    kind: ClassVar[str] = "strongest"
    traits: tuple[str, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class AnswersFinding:
    """How many answers the figures contain. `rate` is the response rate, or None if it is unknown.

    If `is_exact` is false, more people can have answered.
    """

    kind: ClassVar[str] = "answers"
    answers: int
    rate: Rate | None
    is_exact: bool


@dataclass(frozen=True, slots=True)
class SmallFinding:
    """The group is too small to tell more."""

    kind: ClassVar[str] = "small"


Finding = LeanFinding | UnitsFinding | StrongestFinding | AnswersFinding | SmallFinding


def find_level(low: int, high: int) -> str:
    """Return what a range tells. `low` and `high` are the ends of the range, in per cent."""
    if low >= 75:
        return MOST
    if low > 50:
        return OVER_HALF
    if high <= 25:
        return FEW
    if high < 50:
        return UNDER_HALF
    return UNCLEAR


def find_lean(percentage: Percentage | None) -> LeanFinding | None:
    """Return the finding about the lean of a unit.

    Return None if the lean is not published, or if its range is too wide.
    """
    if percentage is None or not percentage.is_meaningful:
        return None
    low, high = percentage.low, percentage.high
    return LeanFinding(find_level(low, high), low, high)


def find_units(levels: Mapping[Path, str]) -> UnitsFinding | None:
    """Return the finding about the units below. `levels` contains the level of each unit.

    Return None if there are fewer than two units.
    """
    if len(levels) < 2:
        return None
    over = [path for path, level in levels.items() if level in (MOST, OVER_HALF)]
    under = [path for path, level in levels.items() if level in (FEW, UNDER_HALF)]
    return UnitsFinding(
        tuple(over) if len(over) <= MAX_NAMES else (),
        tuple(under) if len(under) <= MAX_NAMES else (),
        len(over),
        len(under),
    )


def find_strongest(percentages: Mapping[str, Percentage]) -> StrongestFinding | None:
    """Return the finding about the strongest trait.

    A trait is possible if its range reaches the lower end of each other range. Return None if more
    than two traits are possible, or if a range is too wide.
    """
    if len(percentages) < 2:
        return None
    if not all(each.is_meaningful for each in percentages.values()):
        return None
    highest_low = max(each.low for each in percentages.values())
    possible = [
        trait for trait, each in percentages.items() if each.high >= highest_low
    ]
    if len(possible) > 2 or len(possible) == len(percentages):
        return None
    first = percentages[possible[0]]
    return StrongestFinding(tuple(possible), first.low, first.high)


def choose_findings(candidates: Iterable[Finding | None]) -> tuple[Finding, ...]:
    """Return two findings for the head of a report. Leave out each None.

    If there is only one finding, the other finding is that the group is too small.
    """
    found: list[Finding] = [each for each in candidates if each is not None]
    found += [SmallFinding()] * SENTENCES
    return tuple(found[:SENTENCES])
