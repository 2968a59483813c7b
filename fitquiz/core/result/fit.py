"""From trait scores to a suggestion: the two fits, the lean between them, its band, and what each answer contributed.

Lean = fit of the second pole - fit of the first, -100 … +100. Source: the pack's decision rule; the band is the usual
one of ± 1 standard error of measurement.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fitquiz.core.packs import Item, Pack, Rule
from fitquiz.core.result.scoring import MIDDLE, Answers, ItemScore, Score, list_scored

FAIRLY_FROM, LITTLE_FROM = 0.84, 0.65
"""Confidences from which it is called fairly sure (about one standard error) and not sure; below, a coin toss."""

VERSATILE, NEITHER, TOO_CLOSE = "versatile", "neither", "too-close"

Exact = Fraction | int


@dataclass(frozen=True, slots=True)
class Limits:
    """What the two fits are held against. `edge` is the square of the lean at which its band touches zero; both fits
    from `both_from` on are versatile, and both to `neither_to` neither.
    """

    edge: Exact
    both_from: Exact
    neither_to: Exact


@dataclass(frozen=True, slots=True)
class ItemContribution:
    """What one answer adds to the lean, in points of the lean; positive towards the second pole."""

    item: Item
    points: Fraction


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one trait adds to the lean, and how that splits into its answers. The sums are exact."""

    trait: str
    points: Fraction
    share: Fraction
    scored: tuple[ItemScore, ...]

    @property
    def items(self) -> tuple[ItemContribution, ...]:
        """What each answer adds: an equal part of the trait's share of how far its value is from the middle."""
        part = self.share / len(self.scored)
        return tuple(
            ItemContribution(each.item, part * (each.value - MIDDLE)) for each in self.scored
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """The suggestion and all that it rests on. `fits` are 0-100 by pole, `variance` is the lean's SE squared,
    `shares` each scored trait's signed share of its pole."""

    suggestion: str
    is_clear: bool
    fits: Mapping[str, Fraction]
    lean: Fraction
    variance: Fraction
    shares: Mapping[str, Fraction]
    contributions: tuple[Contribution, ...]

    @property
    def standard_error(self) -> float:
        """The lean's standard error, in points of the lean."""
        return math.sqrt(self.variance)

    @property
    def is_decided(self) -> bool:
        """Whether the suggestion is one of the two poles."""
        return self.suggestion in self.fits

    @property
    def confidence(self) -> float:
        """How likely the lean is on the shown side of zero, 0.5 … 1: Φ(|lean| / SE)."""
        return 0.5 * (1 + math.erf(abs(float(self.lean)) / self.standard_error / math.sqrt(2)))

    @property
    def certainty(self) -> str:
        """The confidence in a word: very, fairly, little or none. Very is what is called clear."""
        if self.is_clear:
            return "very"
        return (
            "fairly"
            if self.confidence > FAIRLY_FROM
            else "little"
            if self.confidence > LITTLE_FROM
            else "none"
        )


def suggest_role(pack: Pack, scores: Sequence[Score]) -> Outcome | None:
    """Return the suggestion, or None when the pack has no poles or a pole has scores for less than half its weight."""
    shares = share_weights(pack, {score.id for score in scores if score.score is not None})
    if pack.rule.poles is None or shares is None:
        return None
    first, second = pack.rule.poles
    scored = [score for score in scores if score.id in shares]
    fits = {pole: _fit(pack, pole, scored, shares) for pole in pack.rule.poles}
    lean = fits[second] - fits[first]
    variance = sum((shares[s.id] ** 2 * (s.variance or 0) for s in scored), Fraction(0))
    return Outcome(
        suggestion=name_suggestion(
            pack.rule.poles, find_limits(pack.rule, variance), fits[first], fits[second]
        ),
        is_clear=lean**2 > pack.rule.clear**2 * variance,
        fits=fits,
        lean=lean,
        variance=variance,
        shares=shares,
        contributions=tuple(_contribution(score, shares[score.id]) for score in scored),
    )


def has_suggestion(pack: Pack, answers: Answers, parts: Iterable[str]) -> bool:
    """Whether these answers to these parts give a suggestion, without working out which."""
    return (
        pack.rule.poles is not None
        and share_weights(pack, list_scored(pack, answers, parts)) is not None
    )


def share_weights(pack: Pack, scored: Collection[str]) -> Mapping[str, Fraction] | None:
    """Return each scored trait's share of its pole, signed: negative for the first pole, positive for the second.

    The shares of a pole's scored traits add up to ±1. None when less than half of a pole's weight is scored.
    """
    shares: dict[str, Fraction] = {}
    for pole, sign in zip(pack.rule.poles or (), (-1, 1), strict=False):
        traits = [trait for trait in pack.traits if trait.pole == pole]
        counted = sum((trait.weight for trait in traits if trait.id in scored), Fraction(0))
        if not counted or 2 * counted < sum(trait.weight for trait in traits):
            return None
        shares |= {
            trait.id: sign * trait.weight / counted for trait in traits if trait.id in scored
        }
    return shares


def find_limits(rule: Rule, variance: Fraction, unit: int = 1) -> Limits:
    """Return what the fits are held against when the lean has this variance, in points or in `unit`ths of a point."""
    edge = rule.band**2 * variance * unit**2
    return Limits(edge=edge, both_from=rule.both_from * unit, neither_to=rule.neither_to * unit)


def name_suggestion(
    poles: tuple[str, str], limits: Limits, first_fit: Exact, second_fit: Exact
) -> str:
    """Return a pole whose band clears zero, or versatile, neither or too-close; fits and limits in the same unit."""
    lean = second_fit - first_fit
    if lean**2 > limits.edge:
        return poles[1] if lean > 0 else poles[0]
    if min(first_fit, second_fit) >= limits.both_from:
        return VERSATILE
    if max(first_fit, second_fit) <= limits.neither_to:
        return NEITHER
    return TOO_CLOSE


def _fit(
    pack: Pack, pole: str, scored: Sequence[Score], shares: Mapping[str, Fraction]
) -> Fraction:
    traits = {trait.id for trait in pack.traits if trait.pole == pole}
    return sum((abs(shares[s.id]) * (s.score or 0) for s in scored if s.id in traits), Fraction(0))


def _contribution(score: Score, share: Fraction) -> Contribution:
    return Contribution(score.id, share * ((score.score or 0) - MIDDLE), share, score.items)
