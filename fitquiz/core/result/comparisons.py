"""Functions that compare two results of one pack.

`job_gaps.py` uses `measure_difference` to compare a result with a job rating.

The squared standard error of a difference is the sum of the squared standard errors of the two
values. Source: the standard error of a difference of independent measurements.

A difference counts as a change from 1.96 standard errors. Source: the reliable change index of
Jacobson and Truax (1991).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from fitquiz.core.result.fit import Outcome
from fitquiz.core.result.scoring import Score
from fitquiz.core.result.shown_numbers import round_half_up, round_lean
from fitquiz.core.result.whole_result import Result

WITHIN = "within"
BEYOND = "beyond"
LEAN = "lean"
CHANGE_FROM = Fraction("1.96")
"""The margin of error of a difference, in standard errors of the difference.

If nothing has changed, about one difference in twenty is larger by chance.
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between two values of a score, 0-100, or of the lean, −100 … +100.

    `id` is the id of the trait or scale, or LEAN. `before` is the earlier value, and `after` is the
    later value. For a job rating, `before` is the respondent's score, and `after` is the rating.
    `variance` is the squared standard error of the difference, in points squared.

    `standing` is BEYOND for a difference of at least the margin of error. Otherwise, `standing` is
    WITHIN.

    The properties whose names begin with `shown` are the whole points that all pages show.
    """

    id: str
    before: Fraction
    after: Fraction
    variance: Fraction
    standing: str

    @property
    def points(self) -> Fraction:
        """The difference `after` − `before`, in points."""
        return self.after - self.before

    @property
    def margin(self) -> float:
        """The margin of error of the difference, in points."""
        error = math.sqrt(self.variance)
        errors = float(CHANGE_FROM)
        return errors * error

    @property
    def shown_before(self) -> int:
        """The earlier value."""
        before = self.before
        return self._round(before)

    @property
    def shown_after(self) -> int:
        """The later value."""
        after = self.after
        return self._round(after)

    @property
    def shown_points(self) -> int:
        """The difference of the two shown values."""
        before = self.shown_before
        after = self.shown_after
        return after - before

    @property
    def shown_margin(self) -> int:
        """The margin of error.

        The shown difference is at least the shown margin only if `standing` is BEYOND. Rounding
        alone does not guarantee this.
        """
        margin = round(self.margin)
        points = self.shown_points
        size = abs(points)
        if self.standing == BEYOND:
            return min(margin, size)
        return max(margin, size + 1)

    def _round(self, value: Fraction) -> int:
        if self.id == LEAN:
            return round_lean(value)
        return round_half_up(value)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences between two results of one pack.

    `lean` is None if at least one of the two results has no lean.
    """

    lean: Difference | None
    traits: tuple[Difference, ...]
    scales: tuple[Difference, ...]


def compare_results(before: Result, after: Result) -> Comparison:
    """Return the differences between an earlier result and a later result.

    The earlier result can belong to another version of the pack.
    """
    return Comparison(
        lean=compare_leans(before.outcome, after.outcome),
        traits=compare_scores(before.scores, after.scores),
        scales=compare_scores(_list_scales(before), _list_scales(after)),
    )


def compare_scores(
    before: Sequence[Score], after: Sequence[Score]
) -> tuple[Difference, ...]:
    """Return the difference of each trait or scale with a score in `before` and in `after`.

    The order of the differences is the order of `after`.
    """
    earlier = {score.id: score for score in before}
    differences = []
    for last in after:
        first = earlier.get(last.id)
        if first is None or first.score is None or first.variance is None:
            continue
        if last.score is None or last.variance is None:
            continue
        variance = first.variance + last.variance
        differences.append(
            measure_difference(last.id, first.score, last.score, variance)
        )
    return tuple(differences)


def compare_leans(before: Outcome | None, after: Outcome | None) -> Difference | None:
    """Return the difference of the two leans. Return None if `before` or `after` is None."""
    if before is None or after is None:
        return None
    variance = before.variance + after.variance
    return measure_difference(LEAN, before.lean, after.lean, variance)


def _list_scales(result: Result) -> list[Score]:
    return [score for scores in result.modules.values() for score in scores]


def measure_difference(
    name: str, before: Fraction, after: Fraction, variance: Fraction
) -> Difference:
    """Return the difference between two values of a score, 0-100, or of the lean, −100 … +100.

    `name` is the id of the trait or scale, or LEAN. `variance` is the squared standard error of the
    difference, in points squared.
    """
    squared = (after - before) ** 2
    is_change = squared >= CHANGE_FROM**2 * variance
    standing = BEYOND if is_change else WITHIN
    return Difference(name, before, after, variance, standing)
