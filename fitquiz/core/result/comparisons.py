"""What differs between two results, or between what is wanted and what a job offers, and whether it is beyond doubt.

Both sides of a difference are uncertain, so its squared standard error is the sum of theirs. Source: the standard
error of a difference of independent measurements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fitquiz.core.packs import Pack, Rule
from fitquiz.core.result.fit import Outcome
from fitquiz.core.result.scoring import Score, keyed_value
from fitquiz.core.result.whole_result import Result

WITHIN, BEYOND, CLEAR = "within", "beyond", "clear"
LEAN = "lean"
MOST_GAPS = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """A score before and after, or wanted and offered: 0-100, or -100 … +100 for the lean.

    `variance` is the difference's squared standard error, in the same points squared; `standing` tells whether the
    difference is within its band of the rule's standard errors, beyond it, or clearly so.
    """

    id: str
    before: Fraction
    after: Fraction
    variance: Fraction
    standing: str

    @property
    def points(self) -> Fraction:
        """How far it is from before to after, with its sign."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two results of one questionnaire; no lean where one of them has none."""

    lean: Difference | None
    traits: tuple[Difference, ...]
    scales: tuple[Difference, ...]


def compare_results(rule: Rule, before: Result, after: Result) -> Comparison:
    """Return what differs from an earlier result to a later one, by the later one's rule."""
    first, last = (
        [score for scores in each.modules.values() for score in scores] for each in (before, after)
    )
    return Comparison(
        lean=compare_leans(rule, before.outcome, after.outcome),
        traits=compare_scores(rule, before.scores, after.scores),
        scales=compare_scores(rule, first, last),
    )


def compare_scores(
    rule: Rule, before: Sequence[Score], after: Sequence[Score]
) -> tuple[Difference, ...]:
    """Return the differences of the traits that both results have a score for, in the order of the later one."""
    earlier = {score.id: score for score in before}
    pairs = [(earlier[score.id], score) for score in after if score.id in earlier]
    return tuple(
        _measure(rule, last.id, first.score, last.score, first.variance + last.variance)
        for first, last in pairs
        if first.score is not None and first.variance is not None
        if last.score is not None and last.variance is not None
    )


def compare_leans(rule: Rule, before: Outcome | None, after: Outcome | None) -> Difference | None:
    """Return the difference of the leans; None unless both results have one."""
    if before is None or after is None:
        return None
    return _measure(rule, LEAN, before.lean, after.lean, before.variance + after.variance)


def compare_offer(
    pack: Pack, scores: Sequence[Score], ratings: Mapping[str, int | None]
) -> tuple[Difference, ...]:
    """Return wanted (before) and offered (after) for every trait that has a score and a rating, in the pack's order.

    `ratings` are raw answers by trait, 0 … points - 1. One rating is as uncertain as one answer: the rule's item
    standard deviation. ValueError for a rating outside the scale.
    """
    rated = {
        trait: keyed_value(rating, None, pack.answer_points)
        for trait, rating in ratings.items()
        if rating is not None
    }
    doubt = pack.rule.item_sd**2
    return tuple(
        _measure(pack.rule, score.id, score.score, rated[score.id], score.variance + doubt)
        for score in scores
        if score.id in rated and score.score is not None and score.variance is not None
    )


def find_widest(gaps: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return the three widest gaps, the widest first, or fewer; equally wide ones stay in their order."""
    open_gaps = [gap for gap in gaps if gap.points]
    return tuple(sorted(open_gaps, key=lambda gap: -abs(gap.points))[:MOST_GAPS])


def _measure(
    rule: Rule, name: str, before: Fraction, after: Fraction, variance: Fraction
) -> Difference:
    squared = (after - before) ** 2
    standing = (
        CLEAR
        if squared > rule.clear**2 * variance
        else BEYOND
        if squared > rule.band**2 * variance
        else WITHIN
    )
    return Difference(name, before, after, variance, standing)
