"""Functions that find the fewest changed answers that lead to another suggestion.

The fits and the lean are linear in the answers. An exit is a way to leave the present suggestion.
For each exit, one or two weighted sums of the fits must pass a limit. A sum passes its limit with the
fewest changes if the answers with the largest effects change. The exits cover all other suggestions.
Therefore no smaller set of changed answers exists. All sums are integers, because fractions are slow.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import floor, lcm

from fitquiz.core.packs import NEITHER, VERSATILE, Item, Keyed, Pack
from fitquiz.core.result.fit import (
    Contribution,
    Limits,
    Outcome,
    find_limits,
    name_suggestion,
)
from fitquiz.core.result.scoring import Answers

MAX_WAYS = 3


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """The change of the raw answer to an item, from the answer `now` to the answer `then`."""

    item: str
    now: int
    then: int

    @property
    def steps(self) -> int:
        """The number of answer points between `now` and `then`."""
        return abs(self.then - self.now)


@dataclass(frozen=True, slots=True)
class WayOut:
    """A set of changed answers, and the suggestion after the changes."""

    changes: tuple[AnswerChange, ...]
    suggestion: str

    @property
    def steps(self) -> int:
        """The sum of the steps of all changes."""
        return sum(change.steps for change in self.changes)


@dataclass(frozen=True, slots=True)
class _Lever:
    """An answered item, and the effects of another answer to the item on the fit of its pole.

    `pole` is the index of the pole. `per_step` is the effect of an answer that is one step higher.
    `lowest` and `highest` are the effects of the lowest and the highest raw answer.
    """

    item: str
    answer: int
    pole: int
    per_step: int
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class _Sums:
    """The fits of the two poles, the limits and the levers, in one integer unit."""

    poles: tuple[str, str]
    fits: tuple[int, int]
    limits: Limits
    levers: tuple[_Lever, ...]
    highest: int  # The highest raw answer.

    def name(self, first_fit: int, second_fit: int) -> str:
        return name_suggestion(self.poles, self.limits, first_fit, second_fit)


@dataclass(frozen=True, slots=True)
class _Goal:
    """A weighted sum of the two fits. The sum must grow until `is_met` returns true for the fits."""

    weights: tuple[int, int]
    is_met: Callable[[int, int], bool]


def find_ways_out(
    pack: Pack, answers: Answers, outcome: Outcome, max_ways: int = MAX_WAYS
) -> tuple[WayOut, ...]:
    """Return at most `max_ways` of the smallest sets of changed answers that give another suggestion.

    If one changed answer is enough, each set has one change. If more changes are needed, each exit
    gives at most one set. Sets with fewer steps come first. The tuple is empty if no set exists.
    """
    sums = _find_sums(pack, answers, outcome)
    ways = list(_list_single(sums, outcome.suggestion))
    if not ways:
        reached = [_reach(sums, goals) for goals in _list_exits(sums, outcome)]
        ways = [way for way in reached if way is not None]
    if not ways:
        return ()

    fewest = min(len(way.changes) for way in ways)
    smallest = [way for way in ways if len(way.changes) == fewest]
    unique = {(way.changes, way.suggestion): way for way in smallest}
    nearest = sorted(unique.values(), key=lambda way: way.steps)
    return _take_in_turn(nearest)[:max_ways]


def _take_in_turn(nearest: list[WayOut]) -> tuple[WayOut, ...]:
    """Sort the ways by steps. Alternate the suggestions of ways with equal numbers of steps.

    Therefore the order of the items in the pack does not favour one suggestion.
    """
    turns: Counter[str] = Counter()
    ranked = []
    for at, way in enumerate(nearest):
        ranked.append((way.steps, turns[way.suggestion], at))
        turns[way.suggestion] += 1
    ranked.sort()
    return tuple(nearest[at] for _, _, at in ranked)


def _find_sums(pack: Pack, answers: Answers, outcome: Outcome) -> _Sums:
    first, second = outcome.fits
    rule = pack.rule
    highest = pack.answer_points - 1
    step_sizes = {
        contribution.trait: _measure_step(contribution, highest)
        for contribution in outcome.contributions
    }

    # All steps are integers in this unit. All fits are integers, because a fit is a sum of steps.
    fractions = [*step_sizes.values(), rule.both_from, rule.neither_to]
    unit = lcm(*(fraction.denominator for fraction in fractions))
    limits = find_limits(rule, outcome.variance, unit)

    levers: list[_Lever] = []
    for contribution in outcome.contributions:
        pole = 0 if contribution.weight < 0 else 1
        step = int(step_sizes[contribution.trait] * unit)
        items = [each.item for each in contribution.scored]
        levers += _list_levers(items, answers, pole, step, highest)
    return _Sums(
        poles=(first, second),
        fits=(int(outcome.fits[first] * unit), int(outcome.fits[second] * unit)),
        # An integer is above `squared_band` exactly if the integer is above floor(squared_band).
        limits=Limits(
            squared_band=floor(limits.squared_band),
            both_from=int(limits.both_from),
            neither_to=int(limits.neither_to),
        ),
        levers=tuple(levers),
        highest=highest,
    )


def _measure_step(contribution: Contribution, highest: int) -> Fraction:
    """Return the effect of one step of one answer on the fit, in points."""
    return abs(contribution.weight) * Fraction(100, highest * len(contribution.scored))


def _list_levers(
    items: Iterable[Item], answers: Answers, pole: int, step: int, highest: int
) -> Iterator[_Lever]:
    for item in items:
        answer = answers[item.id]
        if answer is None:
            continue
        per_step = -step if item.keyed is Keyed.MINUS else step
        yield _Lever(
            item=item.id,
            answer=answer,
            pole=pole,
            per_step=per_step,
            lowest=-answer * per_step,
            highest=(highest - answer) * per_step,
        )


def _list_exits(sums: _Sums, outcome: Outcome) -> Iterator[tuple[_Goal, ...]]:
    """Yield the goals of each exit. An exit is reached only if all goals of the exit are met."""
    limits = sums.limits

    def clears(sign: int) -> Callable[[int, int], bool]:
        def is_met(first: int, second: int) -> bool:
            lean = second - first
            return sign * lean > 0 and lean**2 > limits.squared_band

        return is_met

    if outcome.is_decided:
        sign = 1 if outcome.lean > 0 else -1
        is_decided = clears(sign)
        yield (
            _Goal((sign, -sign), lambda first, second: not is_decided(first, second)),
        )
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
    """Yield the smallest change of each answer, upwards and downwards, that changes the suggestion.

    If the extreme answer keeps the suggestion, every answer in between keeps the suggestion.
    """
    first_fit, second_fit = sums.fits

    @cache  # Many changes have equal effects on a fit.
    def name_after(pole: int, effect: int) -> str:
        if pole == 0:
            return sums.name(first_fit + effect, second_fit)
        return sums.name(first_fit, second_fit + effect)

    for lever in sums.levers:
        upwards = range(lever.answer + 1, sums.highest + 1)
        downwards = range(lever.answer - 1, -1, -1)
        for direction, extreme in ((upwards, lever.highest), (downwards, lever.lowest)):
            if name_after(lever.pole, extreme) == present:
                continue  # Each suggestion covers one interval of a fit.
            for then in direction:
                effect = (then - lever.answer) * lever.per_step
                suggestion = name_after(lever.pole, effect)
                if suggestion != present:
                    change = AnswerChange(lever.item, lever.answer, then)
                    yield WayOut((change,), suggestion)
                    break


def _reach(sums: _Sums, goals: tuple[_Goal, ...]) -> WayOut | None:
    """Return the fewest changes that meet all goals, or None if no changes meet all goals."""
    fits = list(sums.fits)
    changes: list[AnswerChange] = []
    for goal in goals:
        moved: list[tuple[AnswerChange, _Lever]] = []
        for lever in _order_by_effect(sums.levers, goal):
            if goal.is_met(*fits):
                break
            goes_up = goal.weights[lever.pole] * lever.per_step > 0
            then = sums.highest if goes_up else 0
            fits[lever.pole] += lever.highest if goes_up else lever.lowest
            moved.append((AnswerChange(lever.item, lever.answer, then), lever))
        if not goal.is_met(*fits):
            return None

        # Trim every change. The steps differ in size, so several changes can have too many steps.
        trimmed = [
            _trim(change, lever, goal, fits) for change, lever in reversed(moved)
        ]
        changes += reversed(trimmed)
    return WayOut(tuple(changes), sums.name(*fits))


def _order_by_effect(levers: Iterable[_Lever], goal: _Goal) -> list[_Lever]:
    """Return the levers that change the sum of the goal, with the largest effect first."""

    def effect(lever: _Lever) -> int:
        ends = (lever.lowest, lever.highest)
        return max(ends) if goal.weights[lever.pole] > 0 else -min(ends)

    moving = [lever for lever in levers if goal.weights[lever.pole]]
    return sorted(moving, key=effect, reverse=True)


def _trim(
    change: AnswerChange, lever: _Lever, goal: _Goal, fits: list[int]
) -> AnswerChange:
    """Remove steps from a change until the next removal would miss the goal. Update `fits`."""
    back = 1 if change.now > change.then else -1
    while change.steps > 1:
        fits[lever.pole] += back * lever.per_step
        if not goal.is_met(*fits):
            fits[lever.pole] -= back * lever.per_step
            break
        change = AnswerChange(change.item, change.now, change.then + back)
    return change
