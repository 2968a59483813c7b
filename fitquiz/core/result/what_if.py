"""What would change the suggestion: the fewest single answers, nearest first, that would move it to another.

Fits and lean are linear in the answers, so each way out of the present suggestion is one or two sums that must pass
a limit, and taking the answers with the largest effect first needs the fewest. The ways out together are
everything outside the present suggestion; so no smaller set of answers exists than the smallest found here.

All sums are whole numbers: parts of a point so small that nothing is left over. They are as exact as fractions are, and
there are so many that fractions took four times as long, a tenth of a result page.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import floor, lcm

from fitquiz.core.packs import Keyed, Pack
from fitquiz.core.result.fit import (
    NEITHER,
    VERSATILE,
    Limits,
    Outcome,
    find_limits,
    name_suggestion,
)
from fitquiz.core.result.scoring import Answers


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answered item and the raw answer that it would have to be changed to."""

    item: str
    now: int
    then: int

    @property
    def steps(self) -> int:
        """How many answer points lie between now and then."""
        return abs(self.then - self.now)


@dataclass(frozen=True, slots=True)
class WayOut:
    """A set of changed answers and the suggestion that they would lead to."""

    changes: tuple[AnswerChange, ...]
    suggestion: str

    @property
    def steps(self) -> int:
        """The changes' steps together."""
        return sum(change.steps for change in self.changes)


@dataclass(frozen=True, slots=True)
class _Lever:
    """An answered item: its pole's index (0 or 1), and what other answers do to that pole's fit.

    `per_step` is the effect of one step up; `lowest` and `highest` those of the two ends of the answers.
    """

    item: str
    answer: int
    pole: int
    per_step: int
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class _Sums:
    """The fits of both `poles`, what they are held against and what moves them, in the same whole numbers.

    `highest` is the highest answer; the lowest is 0.
    """

    poles: tuple[str, str]
    fits: tuple[int, int]
    limits: Limits
    levers: tuple[_Lever, ...]
    highest: int

    def name(self, first_fit: int, second_fit: int) -> str:
        return name_suggestion(self.poles, self.limits, first_fit, second_fit)


def find_ways_out(
    pack: Pack, answers: Answers, outcome: Outcome, most: int = 3
) -> tuple[WayOut, ...]:
    """Return the smallest sets of changed answers that give another suggestion, nearest first; at most `most`.

    All have the same, smallest possible number of answers. Single answers are all tried; where more than one is
    needed, each direction gives one set, with no step more than it needs. Empty when nothing could change it.
    """
    sums = _find_sums(pack, answers, outcome)
    single = list(_list_single(sums, outcome.suggestion))
    ways = single or [way for goals in _list_exits(sums, outcome) if (way := _reach(sums, goals))]
    fewest = min((len(way.changes) for way in ways), default=0)
    unique = {(way.changes, way.suggestion): way for way in ways if len(way.changes) == fewest}
    return _take_in_turn(sorted(unique.values(), key=lambda way: way.steps))[:most]


def _take_in_turn(nearest: list[WayOut]) -> tuple[WayOut, ...]:
    """Among equally near ways, take each suggestion in turn, so that the order of the items favours none."""
    turns = [
        sum(other.suggestion == way.suggestion for other in nearest[:at])
        for at, way in enumerate(nearest)
    ]
    order = sorted(range(len(nearest)), key=lambda at: (nearest[at].steps, turns[at]))
    return tuple(nearest[at] for at in order)


def _find_sums(pack: Pack, answers: Answers, outcome: Outcome) -> _Sums:
    first, second = outcome.fits
    steps, rule = pack.answer_points - 1, pack.rule
    ups = {
        each.trait: abs(each.share) * Fraction(100, steps * len(each.scored))
        for each in outcome.contributions
    }
    # A fit is so many steps of its answers, so that it is whole where they are.
    unit = lcm(*(each.denominator for each in (*ups.values(), rule.both_from, rule.neither_to)))
    limits = find_limits(rule, outcome.variance, unit)
    poles = {trait.id: (first, second).index(trait.pole) for trait in pack.traits if trait.pole}
    levers = []
    for contribution in outcome.contributions:
        pole, up = poles[contribution.trait], int(ups[contribution.trait] * unit)
        for item in (each.item for each in contribution.scored):
            if (answer := answers[item.id]) is not None:
                step = -up if item.keyed is Keyed.MINUS else up
                levers.append(
                    _Lever(item.id, answer, pole, step, -answer * step, (steps - answer) * step)
                )
    return _Sums(
        poles=(first, second),
        fits=(int(outcome.fits[first] * unit), int(outcome.fits[second] * unit)),
        # The square of a whole number is above the edge if it is above the whole number below.
        limits=Limits(
            edge=floor(limits.edge),
            both_from=int(limits.both_from),
            neither_to=int(limits.neither_to),
        ),
        levers=tuple(levers),
        highest=steps,
    )


@dataclass(frozen=True, slots=True)
class _Goal:
    """A sum of the two fits to be raised (by its weights) until a limit is met."""

    weights: tuple[int, int]
    is_met: Callable[[int, int], bool]


def _list_exits(sums: _Sums, outcome: Outcome) -> Iterator[tuple[_Goal, ...]]:
    """Yield each way out as goals that must all be met: the complement of the present suggestion, piece by piece."""
    limits = sums.limits

    def clears(sign: int) -> Callable[[int, int], bool]:
        return lambda first, second: (
            sign * (second - first) > 0 and (second - first) ** 2 > limits.edge
        )

    if outcome.is_decided:
        sign = 1 if outcome.lean > 0 else -1
        still_decided = clears(sign)
        yield (_Goal((sign, -sign), lambda first, second: not still_decided(first, second)),)
        return
    yield (_Goal((-1, 1), clears(1)),)
    yield (_Goal((1, -1), clears(-1)),)
    if outcome.suggestion == VERSATILE:
        yield (_Goal((-1, 0), lambda first, _: first < limits.both_from),)
        yield (_Goal((0, -1), lambda _, second: second < limits.both_from),)
    elif outcome.suggestion == NEITHER:
        yield (_Goal((1, 0), lambda first, _: first > limits.neither_to),)
        yield (_Goal((0, 1), lambda _, second: second > limits.neither_to),)
    else:
        yield (
            _Goal((1, 0), lambda first, _: first >= limits.both_from),
            _Goal((0, 1), lambda _, second: second >= limits.both_from),
        )
        yield (
            _Goal((-1, 0), lambda first, _: first <= limits.neither_to),
            _Goal((0, -1), lambda _, second: second <= limits.neither_to),
        )


def _list_single(sums: _Sums, present: str) -> Iterator[WayOut]:
    """Yield, of each answer and in each direction, the nearest change that alone moves the present suggestion.

    With the other fit as it is, a suggestion holds for one unbroken stretch of a fit. So where the furthest answer does
    not move it, none before does; and answers that move a fit as far are asked about once.
    """
    first, second = sums.fits

    @cache
    def name_after(pole: int, effect: int) -> str:
        return sums.name(first, second + effect) if pole else sums.name(first + effect, second)

    for lever in sums.levers:
        upwards, downwards = (
            range(lever.answer + 1, sums.highest + 1),
            range(lever.answer - 1, -1, -1),
        )
        for direction, furthest in ((upwards, lever.highest), (downwards, lever.lowest)):
            if name_after(lever.pole, furthest) == present:
                continue
            for then in direction:
                suggestion = name_after(lever.pole, (then - lever.answer) * lever.per_step)
                if suggestion != present:
                    yield WayOut((AnswerChange(lever.item, lever.answer, then),), suggestion)
                    break


def _reach(sums: _Sums, goals: tuple[_Goal, ...]) -> WayOut | None:
    """Return the fewest changes that meet all goals, trimmed to the steps needed; None if all together do not."""
    fits, changes = list(sums.fits), list[AnswerChange]()
    for goal in goals:
        moved: list[tuple[AnswerChange, _Lever]] = []
        for lever in _order_by_effect(sums.levers, goal):
            if goal.is_met(*fits):
                break
            then = sums.highest if goal.weights[lever.pole] * lever.per_step > 0 else 0
            fits[lever.pole] += lever.highest if then else lever.lowest
            moved.append((AnswerChange(lever.item, lever.answer, then), lever))
        if not goal.is_met(*fits):
            return None
        # Steps differ in size where weights do, so an earlier answer may have room left once the last is trimmed.
        changes += [_trim(change, lever, goal, fits) for change, lever in reversed(moved)][::-1]
    return WayOut(tuple(changes), sums.name(*fits))


def _order_by_effect(levers: Iterable[_Lever], goal: _Goal) -> list[_Lever]:
    """The levers of the goal's poles, the largest possible effect first."""

    def effect(lever: _Lever) -> int:
        ends = lever.lowest, lever.highest
        return max(ends) if goal.weights[lever.pole] > 0 else -min(ends)

    return sorted((lever for lever in levers if goal.weights[lever.pole]), key=effect, reverse=True)


def _trim(change: AnswerChange, lever: _Lever, goal: _Goal, fits: list[int]) -> AnswerChange:
    """Take back steps of a change, and of the fits, for as long as the goal stays met."""
    back = 1 if change.now > change.then else -1
    while change.steps > 1:
        fits[lever.pole] += back * lever.per_step
        if not goal.is_met(*fits):
            fits[lever.pole] -= back * lever.per_step
            break
        change = AnswerChange(change.item, change.now, change.then + back)
    return change
