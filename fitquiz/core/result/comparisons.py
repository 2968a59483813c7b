"""Functions that compare two results of one pack.

`job_gaps.py` uses `measure_difference` to compare a result with a job rating.

The squared standard error of a difference is the sum of the squared standard errors of the two
values. Source: the standard error of a difference of independent measurements.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from fitquiz.core.packs import Rule
from fitquiz.core.result.fit import Outcome
from fitquiz.core.result.scoring import Score
from fitquiz.core.result.whole_result import Result

WITHIN = "within"
BEYOND = "beyond"
CLEAR = "clear"
LEAN = "lean"


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between two values of a score, 0-100, or of the lean, −100 … +100.

    `id` is the id of the trait or scale, or LEAN. `before` is the earlier value, and `after` is the
    later value. For a job rating, `before` is the respondent's score, and `after` is the rating.
    `variance` is the squared standard error of the difference, in points squared.

    `standing` is WITHIN for a difference of at most `rule.band` standard errors. `standing` is
    CLEAR for a difference of more than `rule.clear` standard errors. `standing` is BEYOND for a
    difference between these two limits.
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


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences between two results of one pack.

    `lean` is None if at least one of the two results has no lean.
    """

    lean: Difference | None
    traits: tuple[Difference, ...]
    scales: tuple[Difference, ...]


def compare_results(rule: Rule, before: Result, after: Result) -> Comparison:
    """Return the differences between an earlier result and a later result.

    `rule` is the decision rule of the pack of the later result. The earlier result can belong to
    another version of the pack.
    """
    return Comparison(
        lean=compare_leans(rule, before.outcome, after.outcome),
        traits=compare_scores(rule, before.scores, after.scores),
        scales=compare_scores(rule, _list_scales(before), _list_scales(after)),
    )


def compare_scores(
    rule: Rule, before: Sequence[Score], after: Sequence[Score]
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
            measure_difference(rule, last.id, first.score, last.score, variance)
        )
    return tuple(differences)


def compare_leans(
    rule: Rule, before: Outcome | None, after: Outcome | None
) -> Difference | None:
    """Return the difference of the two leans. Return None if `before` or `after` is None."""
    if before is None or after is None:
        return None
    variance = before.variance + after.variance
    return measure_difference(rule, LEAN, before.lean, after.lean, variance)


def _list_scales(result: Result) -> list[Score]:
    return [score for scores in result.modules.values() for score in scores]


def measure_difference(
    rule: Rule, name: str, before: Fraction, after: Fraction, variance: Fraction
) -> Difference:
    """Return the difference between two values of a score, 0-100, or of the lean, −100 … +100.

    `name` is the id of the trait or scale, or LEAN. `variance` is the squared standard error of the
    difference, in points squared.
    """
    squared = (after - before) ** 2
    if squared > rule.clear**2 * variance:
        standing = CLEAR
    elif squared > rule.band**2 * variance:
        standing = BEYOND
    else:
        standing = WITHIN
    return Difference(name, before, after, variance, standing)
