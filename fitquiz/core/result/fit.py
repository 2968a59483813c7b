"""From trait scores to a suggestion: the two fits, the lean between them, its band and its contributions.

Lean = fit of the second pole − fit of the first, −100 … +100. Source: the pack's decision rule. The band
is the usual one of ± 1 standard error of measurement.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fitquiz.core.packs import NEITHER, TOO_CLOSE, VERSATILE, Item, Pack, Rule, Trait
from fitquiz.core.result.scoring import MIDDLE, Answers, ItemScore, Score, list_scored

FAIRLY_SURE_FROM = 0.84
"""The confidence from which the result is called fairly sure: about one standard error."""

NOT_SURE_FROM = 0.65
"""The confidence from which the result is called not sure. Below it, a coin toss does as well."""

Exact = Fraction | int


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for the two fits and the lean.

    The band touches zero if the squared lean is at most `edge`. Both fits from `both_from` up mean
    versatile. Both fits down to `neither_to` mean neither.
    """

    edge: Exact
    both_from: Exact
    neither_to: Exact


@dataclass(frozen=True, slots=True)
class ItemContribution:
    """What one answer adds to the lean, in points of the lean. Positive is towards the second pole."""

    item: Item
    points: Fraction


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one trait adds to the lean, and how that divides among its answers. The sums are exact."""

    trait: str
    points: Fraction
    weight: Fraction
    scored: tuple[ItemScore, ...]

    @property
    def items(self) -> tuple[ItemContribution, ...]:
        """What each answer adds: an equal part of the trait's weight, times its distance from the middle."""
        part = self.weight / len(self.scored)
        contributions = []
        for each in self.scored:
            above_middle = each.value - MIDDLE
            contributions.append(ItemContribution(each.item, part * above_middle))
        return tuple(contributions)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The suggestion and its reasons.

    `fits` maps poles to 0-100. `variance` is the squared standard error of the lean. `weights` maps each
    scored trait to its signed weight within its pole.
    """

    suggestion: str
    is_clear: bool
    fits: Mapping[str, Fraction]
    lean: Fraction
    variance: Fraction
    weights: Mapping[str, Fraction]
    contributions: tuple[Contribution, ...]

    @property
    def standard_error(self) -> float:
        """The standard error of the lean, in points of the lean."""
        return math.sqrt(self.variance)

    @property
    def is_decided(self) -> bool:
        """Whether the suggestion is one of the two poles."""
        return self.suggestion in self.fits

    @property
    def confidence(self) -> float:
        """The probability that the true lean is on the shown side of zero, 0.5 … 1: Φ(|lean| / SE)."""
        errors = abs(float(self.lean)) / self.standard_error
        return 0.5 * (1 + math.erf(errors / math.sqrt(2)))

    @property
    def certainty(self) -> str:
        """The confidence as a word: very, fairly, little or none. A clear suggestion is very certain."""
        if self.is_clear:
            return "very"
        if self.confidence > FAIRLY_SURE_FROM:
            return "fairly"
        if self.confidence > NOT_SURE_FROM:
            return "little"
        return "none"


def suggest_role(pack: Pack, scores: Sequence[Score]) -> Outcome | None:
    """Return the suggestion.

    Return None if the pack has no poles, or if less than half of a pole's weight has a score.
    """
    weights = weigh_traits(
        pack, {score.id for score in scores if score.score is not None}
    )
    if pack.rule.poles is None or weights is None:
        return None

    first, second = pack.rule.poles
    scored = [score for score in scores if score.id in weights]
    fits = {pole: _fit(pack, pole, scored, weights) for pole in pack.rule.poles}
    lean = fits[second] - fits[first]
    variance = _sum_variances(scored, weights)
    limits = find_limits(pack.rule, variance)
    return Outcome(
        suggestion=name_suggestion(pack.rule.poles, limits, fits[first], fits[second]),
        is_clear=lean**2 > pack.rule.clear**2 * variance,
        fits=fits,
        lean=lean,
        variance=variance,
        weights=weights,
        contributions=tuple(
            _contribution(score, weights[score.id]) for score in scored
        ),
    )


def has_suggestion(pack: Pack, answers: Answers, parts: Iterable[str]) -> bool:
    """Return whether the answers to these parts give a suggestion, without computing it."""
    if pack.rule.poles is None:
        return False
    return weigh_traits(pack, list_scored(pack, answers, parts)) is not None


def weigh_traits(pack: Pack, scored: Collection[str]) -> Mapping[str, Fraction] | None:
    """Return each scored trait's weight within its pole: negative for the first pole, positive for the second.

    The weights of a pole's scored traits add up to ±1. Return None if less than half of a pole's weight
    has a score.
    """
    weights: dict[str, Fraction] = {}
    for pole, sign in zip(pack.rule.poles or (), (-1, 1), strict=False):
        traits = [trait for trait in pack.traits if trait.pole == pole]
        counted = [trait for trait in traits if trait.id in scored]
        counted_weight = _sum_weights(counted)
        if not counted or 2 * counted_weight < _sum_weights(traits):
            return None
        for trait in counted:
            weights[trait.id] = sign * trait.weight / counted_weight
    return weights


def find_limits(rule: Rule, variance: Fraction, unit: int = 1) -> Limits:
    """Return the limits for a lean of this variance, in points, or in parts of a point (`unit` to a point)."""
    return Limits(
        edge=rule.band**2 * variance * unit**2,
        both_from=rule.both_from * unit,
        neither_to=rule.neither_to * unit,
    )


def name_suggestion(
    poles: tuple[str, str], limits: Limits, first_fit: Exact, second_fit: Exact
) -> str:
    """Return the pole whose band is clear of zero, or VERSATILE, NEITHER or TOO_CLOSE.

    Fits and limits are in the same unit.
    """
    lean = second_fit - first_fit
    if lean**2 > limits.edge:
        return poles[1] if lean > 0 else poles[0]
    if min(first_fit, second_fit) >= limits.both_from:
        return VERSATILE
    if max(first_fit, second_fit) <= limits.neither_to:
        return NEITHER
    return TOO_CLOSE


def _fit(
    pack: Pack, pole: str, scored: Sequence[Score], weights: Mapping[str, Fraction]
) -> Fraction:
    traits = {trait.id for trait in pack.traits if trait.pole == pole}
    total = Fraction(0)
    for score in scored:
        if score.id in traits and score.score is not None:
            total += abs(weights[score.id]) * score.score
    return total


def _sum_variances(
    scored: Sequence[Score], weights: Mapping[str, Fraction]
) -> Fraction:
    total = Fraction(0)
    for score in scored:
        if score.variance is not None:
            total += weights[score.id] ** 2 * score.variance
    return total


def _sum_weights(traits: Iterable[Trait]) -> Fraction:
    return sum((trait.weight for trait in traits), Fraction(0))


def _contribution(score: Score, weight: Fraction) -> Contribution:
    above_middle = (score.score or 0) - MIDDLE
    return Contribution(score.id, weight * above_middle, weight, score.items)
