"""The numbers of a result in the respondent's files.

With these numbers, the result can be worked out again without the pack.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

from fitquiz.core.packs import SHARPENING, STANDARD, Pack, Trait
from fitquiz.core.result.fit import Outcome
from fitquiz.core.result.scoring import TRAIT_SD, Score
from fitquiz.core.result.shown_numbers import round_answers
from fitquiz.core.result.whole_result import Result

Numbers = dict[str, object]
NO_OUTCOME: Numbers = dict.fromkeys(
    (
        "suggestion",
        "is_clear",
        "certainty",
        "lean",
        "standard_error",
        "band",
        "fits",
        "weights",
        "missing",
        "contributions",
    )
)
"""The fields of an outcome, for a result without an outcome."""


def describe_rule(pack: Pack) -> Numbers:
    """Return the numbers of the decision rule. `trait_sd` is equal for all packs."""
    rule = pack.rule
    return {
        "poles": rule.poles,
        "item_sd": float(rule.item_sd),
        "calibrated": rule.calibrated,
        "trait_sd": TRAIT_SD,
        "least_answered": float(rule.least_answered),
        "band": float(rule.band),
        "clear": float(rule.clear),
        "both_from": float(rule.both_from),
        "neither_to": float(rule.neither_to),
    }


def describe_traits(pack: Pack) -> list[Numbers]:
    """Return the pole, the weight and the standard error of one answer of each trait."""
    return [
        {
            "id": trait.id,
            "pole": trait.pole,
            "weight": float(trait.weight),
            "item_sd": find_item_sd(pack, trait),
        }
        for trait in pack.traits
    ]


def describe_result(pack: Pack, result: Result) -> Numbers:
    """Return scores and outcome of a result."""
    # If a trait and a scale have the same id, the score belongs to the trait.
    scales = [each for scores in result.modules.values() for each in scores]
    scores = [*scales, *result.scores]
    return {
        "scores": {each.id: as_number(each.score) for each in scores},
        "standard_errors": {each.id: find_error(each) for each in scores},
        "answered": {each.id: len(each.items) for each in scores},
        "presented": {each.id: each.presented for each in scores},
        "modules": {
            module: {each.id: as_number(each.score) for each in of_module}
            for module, of_module in result.modules.items()
        },
        **_describe_outcome(pack, result),
        "shown": _describe_shown(result),
    }


def list_scores(result: Result, part: str) -> Sequence[Score]:
    """Return the scores that the items of a part measure: of traits, or of a module's scales."""
    is_scored = part in (STANDARD, SHARPENING)
    if is_scored:
        return result.scores
    return result.modules.get(part, ())


def find_item_sd(pack: Pack, trait: Trait | None) -> float:
    """Return the standard error of one answer to an item of a trait. For a scale, `trait` is None."""
    item_sd = pack.rule.item_sd
    if trait is not None and trait.item_sd is not None:
        item_sd = trait.item_sd
    return float(item_sd)


def find_error(score: Score) -> float | None:
    """Return the standard error of a score, or None if there is no score."""
    variance = score.variance
    if variance is None:
        return None
    return sqrt(variance)


def find_band(pack: Pack, outcome: Outcome) -> tuple[float, float]:
    """Return the two ends of the band."""
    lean = float(outcome.lean)
    band = float(pack.rule.band)
    half = band * outcome.standard_error
    low = lean - half
    high = lean + half
    return low, high


def as_number(value: Fraction | None) -> float | None:
    """Return the value as a float. Return None for None."""
    if value is None:
        return None
    return float(value)


def _describe_outcome(pack: Pack, result: Result) -> Numbers:
    outcome = result.outcome
    if outcome is None:
        return NO_OUTCOME
    return {
        "suggestion": outcome.suggestion,
        "is_clear": outcome.is_clear,
        "certainty": result.certainty,
        "lean": float(outcome.lean),
        "standard_error": outcome.standard_error,
        "band": find_band(pack, outcome),
        "fits": {pole: float(fit) for pole, fit in outcome.fits.items()},
        "weights": {trait: float(each) for trait, each in outcome.weights.items()},
        "missing": outcome.missing,
        "contributions": {
            each.trait: float(each.points) for each in outcome.contributions
        },
    }


def _describe_shown(result: Result) -> Numbers | None:
    """Return the rounded numbers of the pages, or None without an outcome."""
    outcome = result.outcome
    shown = result.shown
    if outcome is None or shown is None:
        return None
    answers = round_answers(outcome, shown)
    return {
        "lean": float(shown.lean),
        "fits": {pole: float(fit) for pole, fit in shown.fits.items()},
        "contributions": {
            trait: float(points) for trait, points in shown.contributions.items()
        },
        "answers": {item: float(points) for item, points in answers.items()},
    }
