"""What differs between two results, or between what somebody wants and what a job offers.

Both sides of a difference are uncertain. Its squared standard error is the sum of theirs. Source: the
standard error of a difference of independent measurements.
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
    """A score before and after, or wanted and offered: 0-100, or −100 … +100 for the lean.

    `variance` is the squared standard error of the difference, in points squared. `standing` says
    whether the difference is WITHIN the rule's band, BEYOND it, or CLEAR of it.
    """

    id: str
    before: Fraction
    after: Fraction
    variance: Fraction
    standing: str

    @property
    def points(self) -> Fraction:
        """The change from before to after, with its sign."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences between two results of one questionnaire. `lean` is None if a result has no lean."""

    lean: Difference | None
    traits: tuple[Difference, ...]
    scales: tuple[Difference, ...]


def compare_results(rule: Rule, before: Result, after: Result) -> Comparison:
    """Return the differences from an earlier to a later result, judged by the later one's rule."""
    return Comparison(
        lean=compare_leans(rule, before.outcome, after.outcome),
        traits=compare_scores(rule, before.scores, after.scores),
        scales=compare_scores(rule, _list_scales(before), _list_scales(after)),
    )


def compare_scores(
    rule: Rule, before: Sequence[Score], after: Sequence[Score]
) -> tuple[Difference, ...]:
    """Return the differences of the traits that have a score in both results, in the later one's order."""
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
    """Return the difference of the leans, or None unless both results have one."""
    if before is None or after is None:
        return None
    variance = before.variance + after.variance
    return _measure(rule, LEAN, before.lean, after.lean, variance)


def compare_offer(
    pack: Pack, scores: Sequence[Score], ratings: Mapping[str, int | None]
) -> tuple[Difference, ...]:
    """Return wanted (before) and offered (after) for each trait with a score and a rating, in the pack's order.

    `ratings` maps trait ids to raw answers, 0 … points - 1. One rating is as uncertain as one answer:
    its standard error is the rule's `item_sd`. Raise ValueError for a rating outside the scale.
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
    """Return the MAX_GAPS widest gaps, the widest first. Equally wide gaps keep their order."""
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
