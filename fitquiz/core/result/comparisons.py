"""Functions that compare two results, or compare a result with a job rating.

The squared standard error of a difference is the sum of the squared standard errors of the two
values. Source: the standard error of a difference of independent measurements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fitquiz.core.packs import Pack, Rule
from fitquiz.core.result.fit import Outcome
from fitquiz.core.result.scoring import Score, keyed_value
from fitquiz.core.result.whole_result import Result

WITHIN = "within"
BEYOND = "beyond"
CLEAR = "clear"
LEAN = "lean"
MAX_GAPS = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between two values of a score, 0-100, or of the lean, −100 … +100.

    `id` is the id of the trait or scale, or LEAN. `before` is the earlier value or the wanted value.
    `after` is the later value or the offered value. `variance` is the squared standard error of the
    difference, in points squared.

    `standing` is WITHIN for a difference of at most `rule.band` standard errors. `standing` is CLEAR
    for a difference of more than `rule.clear` standard errors. Otherwise, `standing` is BEYOND.
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

    `lean` is None if one of the two results has no lean.
    """

    lean: Difference | None
    traits: tuple[Difference, ...]
    scales: tuple[Difference, ...]


def compare_results(rule: Rule, before: Result, after: Result) -> Comparison:
    """Return the differences between an earlier result and a later result.

    `rule` is the rule of the later result.
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
        differences.append(_measure(rule, last.id, first.score, last.score, variance))
    return tuple(differences)


def compare_leans(
    rule: Rule, before: Outcome | None, after: Outcome | None
) -> Difference | None:
    """Return the difference of the two leans. Return None if `before` or `after` is None."""
    if before is None or after is None:
        return None
    variance = before.variance + after.variance
    return _measure(rule, LEAN, before.lean, after.lean, variance)


def compare_offer(
    pack: Pack, scores: Sequence[Score], ratings: Mapping[str, int | None]
) -> tuple[Difference, ...]:
    """Return the difference between the score and the job rating of each trait.

    Leave out a trait without a score or without a rating. The wanted value is the score. The offered
    value is the rating, in points of 0-100. The order of the differences is the order of `scores`.

    `ratings` maps the id of a trait to a raw answer, from 0 to `pack.answer_points` − 1. Raise
    ValueError if a rating is outside this range. The standard error of a rating is
    `pack.rule.item_sd`, because a rating is as uncertain as an answer.
    """
    offered = {}
    for trait, rating in ratings.items():
        if rating is not None:
            offered[trait] = keyed_value(rating, None, pack.answer_points)

    rating_variance = pack.rule.item_sd**2
    gaps = []
    for score in scores:
        if score.id not in offered or score.score is None or score.variance is None:
            continue
        variance = score.variance + rating_variance
        gaps.append(
            _measure(pack.rule, score.id, score.score, offered[score.id], variance)
        )
    return tuple(gaps)


def find_widest(gaps: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return at most MAX_GAPS differences, the largest difference first.

    Leave out differences of 0 points. Equally large differences keep their order.
    """
    open_gaps = [gap for gap in gaps if gap.points]
    widest_first = sorted(open_gaps, key=lambda gap: -abs(gap.points))
    return tuple(widest_first[:MAX_GAPS])


def _list_scales(result: Result) -> list[Score]:
    return [score for scores in result.modules.values() for score in scores]


def _measure(
    rule: Rule, name: str, before: Fraction, after: Fraction, variance: Fraction
) -> Difference:
    squared = (after - before) ** 2
    if squared > rule.clear**2 * variance:
        standing = CLEAR
    elif squared > rule.band**2 * variance:
        standing = BEYOND
    else:
        standing = WITHIN
    return Difference(name, before, after, variance, standing)
