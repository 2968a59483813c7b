"""Functions that turn trait scores into two fits, a lean, a band and a suggestion.

The lean is the fit of the second pole minus the fit of the first pole, −100 … +100. The band is the
lean ± `rule.band` standard errors of measurement. The pack's decision rule sets the limits.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fitquiz.core.packs import NEITHER, TOO_CLOSE, VERSATILE, Item, Pack, Rule, Trait
from fitquiz.core.result.scoring import (
    MIDDLE,
    TRAIT_SD,
    Answers,
    ItemScore,
    Score,
    list_scored,
)

Exact = Fraction | int


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for the two fits and the lean.

    The band touches zero if the squared lean is at most `squared_band`. If the band touches zero,
    the fits decide. Two fits of at least `both_from` give VERSATILE. Two fits of at most
    `neither_to` give NEITHER.
    """

    squared_band: Exact
    both_from: Exact
    neither_to: Exact


@dataclass(frozen=True, slots=True)
class ItemContribution:
    """The points that one answer adds to the lean.

    Positive points move the lean towards the second pole.
    """

    item: Item
    points: Fraction


@dataclass(frozen=True, slots=True)
class Contribution:
    """The points that one trait adds to the lean.

    `weight` is the weight of the trait within its pole, negative for the first pole. `scored`
    contains the answered items of the trait. The points of `items` add up to `points` exactly.
    """

    trait: str
    points: Fraction
    weight: Fraction
    scored: tuple[ItemScore, ...]

    @property
    def items(self) -> tuple[ItemContribution, ...]:
        """The contribution of each answer, (weight / number of answers) × (value − MIDDLE)."""
        weight_of_answer = self.weight / len(self.scored)
        contributions = []
        for each in self.scored:
            above_middle = each.value - MIDDLE
            points = weight_of_answer * above_middle
            contributions.append(ItemContribution(each.item, points))
        return tuple(contributions)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The suggestion and its reasons.

    `is_clear` is true if the lean is more than `rule.clear` standard errors away from zero. `fits`
    maps each pole to its fit, 0-100.

    `variance` is the squared standard error of the lean. `missing_variance` is the part of
    `variance` that comes from traits without a score. `missing` contains the ids of these traits.

    `weights` maps each trait with a score to its weight within its pole, negative for the first
    pole.
    """

    suggestion: str
    is_clear: bool
    fits: Mapping[str, Fraction]
    lean: Fraction
    variance: Fraction
    missing_variance: Fraction
    missing: tuple[str, ...]
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


def suggest_role(pack: Pack, scores: Sequence[Score]) -> Outcome | None:
    """Return the suggestion and its reasons.

    Return None if the pack has no poles. Also return None if too few traits of a pole have a score.
    `weigh_traits` decides how many traits are too few.
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
    answer_variance = vary_lean(weights, _list_variances(scored))
    missing_variance = _vary_missing(pack, weights)
    variance = answer_variance + missing_variance
    limits = find_limits(pack.rule, variance)
    return Outcome(
        suggestion=name_suggestion(pack.rule.poles, limits, fits[first], fits[second]),
        is_clear=lean**2 > pack.rule.clear**2 * variance,
        fits=fits,
        lean=lean,
        variance=variance,
        missing_variance=missing_variance,
        missing=tuple(trait.id for trait in pack.traits if trait.id not in weights),
        weights=weights,
        contributions=tuple(
            _contribution(score, weights[score.id]) for score in scored
        ),
    )


def has_suggestion(pack: Pack, answers: Answers, parts: Iterable[str]) -> bool:
    """Return whether the answers to the parts with the ids in `parts` give a suggestion."""
    if pack.rule.poles is None:
        return False
    return weigh_traits(pack, list_scored(pack, answers, parts)) is not None


def weigh_traits(pack: Pack, scored: Collection[str]) -> Mapping[str, Fraction] | None:
    """Return the signed weight of each trait in `scored` within its pole.

    `scored` contains the ids of the traits with a score. The weights of the first pole are negative
    and add up to −1. The weights of the second pole are positive and add up to +1.

    Return None if, for one pole, the traits in `scored` have less than half of the pole's weight.
    Return an empty mapping if the pack has no poles.
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


def vary_lean(
    weights: Mapping[str, Fraction], variances: Mapping[str, Fraction]
) -> Fraction:
    """Return the variance of the lean that comes from the answers, in points squared.

    `weights` maps each scored trait to its weight, and `variances` maps each scored trait to the
    variance of its score.
    """
    return sum(
        (weight**2 * variances[trait] for trait, weight in weights.items()), Fraction(0)
    )


def find_limits(rule: Rule, variance: Fraction, unit: int = 1) -> Limits:
    """Return the limits for a lean with the variance `variance`, in points squared.

    The unit of `both_from` and `neither_to` is 1/`unit` of a point. The unit of `squared_band` is
    the square of 1/`unit` of a point.
    """
    return Limits(
        squared_band=rule.band**2 * variance * unit**2,
        both_from=rule.both_from * unit,
        neither_to=rule.neither_to * unit,
    )


def name_suggestion(
    poles: tuple[str, str], limits: Limits, first_fit: Exact, second_fit: Exact
) -> str:
    """Return the suggestion: a pole, VERSATILE, NEITHER or TOO_CLOSE.

    Return a pole if the band does not touch zero. The fits and the limits must have the same unit.
    """
    lean = second_fit - first_fit
    if lean**2 > limits.squared_band:
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


def _list_variances(scored: Sequence[Score]) -> Mapping[str, Fraction]:
    return {each.id: each.variance for each in scored if each.variance is not None}


def _vary_missing(pack: Pack, weights: Mapping[str, Fraction]) -> Fraction:
    """Return the variance of the lean that comes from the traits without a score.

    The scored traits stand for the whole pole. The other traits of the pole can be higher or lower,
    with the standard deviation TRAIT_SD. The result is 0 if every trait has a score.
    """
    total = Fraction(0)
    for pole in pack.rule.poles or ():
        traits = [trait for trait in pack.traits if trait.pole == pole]
        whole = _sum_weights(traits)
        for trait in traits:
            used = abs(weights.get(trait.id, Fraction(0)))
            total += (used - trait.weight / whole) ** 2
    return total * TRAIT_SD**2


def _sum_weights(traits: Iterable[Trait]) -> Fraction:
    return sum((trait.weight for trait in traits), Fraction(0))


def _contribution(score: Score, weight: Fraction) -> Contribution:
    above_middle = (score.score or 0) - MIDDLE
    return Contribution(score.id, weight * above_middle, weight, score.items)
