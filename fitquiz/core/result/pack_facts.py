"""Facts about a pack that decide which sentences of the pages are true for the pack."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from fitquiz.core.packs import SHARPENING, STANDARD, Item, Keyed, Pack
from fitquiz.core.result.answering_style import MIN_ANSWERED
from fitquiz.core.result.fit import vary_lean, weigh_traits
from fitquiz.core.result.whole_result import MIN_ANSWERS_OF_STRENGTH

STUDIED_BAND = 1
STUDIED_ERRORS = (8, 12)
STUDIED_SPREAD = (12, 15)
"""The numbers for which it is known how often a repeated quiz gives another suggestion.

The known frequencies come from simulated people who answer twice. The band was one standard error,
and the standard error of the lean was about 10 points. The true leans of the people had a standard
deviation of STUDIED_SPREAD, in points.
"""


@dataclass(frozen=True, slots=True)
class PackFacts:
    """Facts about a pack.

    `has_minus` says whether agreeing with some scored items lowers a score. `is_balanced` says
    whether, in each form, each trait has as many minus items as plus items. Identical answers then
    give scores in the middle. `has_opposites` says whether a trait has both plus and minus items.

    `has_own_item_sd` says whether some traits have an own standard error of one answer.
    `has_equal_weights` says whether all traits of a pole have the same weight. `can_lack_area` says
    whether a suggestion is possible if some trait has no score. `has_short_traits` says whether a
    trait has fewer items than a strength needs answers. `has_scales` says whether a module has
    scales. `has_hints` says whether there are enough scored items for hints about careless answers.

    `standard_error` is the standard error of the lean if all items of the standard form are
    answered. `sharpened_error` also counts the sharpening items. Both are None for a pack without
    poles. `sharpened_error` is also None for a pack without sharpening items.

    `is_repetition_studied` says whether the frequencies of other results after a repetition are
    known for the numbers of the pack. `studied_spread` is the assumed spread of people's leans.
    """

    has_minus: bool
    is_balanced: bool
    has_opposites: bool
    has_own_item_sd: bool
    has_equal_weights: bool
    can_lack_area: bool
    has_short_traits: bool
    has_scales: bool
    has_hints: bool
    standard_error: float | None
    sharpened_error: float | None
    is_repetition_studied: bool
    studied_spread: tuple[int, int]


def find_pack_facts(pack: Pack) -> PackFacts:
    """Return the facts about a pack."""
    scored = [item for block in pack.blocks for item in block.items]
    standard_error = _find_error(pack, (STANDARD,))
    sharpened_error = None
    if SHARPENING in pack.parts:
        sharpened_error = _find_error(pack, (STANDARD, SHARPENING))
    return PackFacts(
        has_minus=any(item.keyed is Keyed.MINUS for item in scored),
        is_balanced=_is_balanced(pack),
        has_opposites=any(_has_both(scored, trait.id) for trait in pack.traits),
        has_own_item_sd=_has_own_item_sd(pack),
        has_equal_weights=_has_equal_weights(pack),
        can_lack_area=_can_lack_area(pack),
        has_short_traits=_has_short_traits(scored, pack),
        has_scales=any(module.scales for module in pack.modules),
        has_hints=len(scored) >= MIN_ANSWERED,
        standard_error=standard_error,
        sharpened_error=sharpened_error,
        is_repetition_studied=_is_repetition_studied(pack, standard_error),
        studied_spread=STUDIED_SPREAD,
    )


def _is_balanced(pack: Pack) -> bool:
    forms = {block.form for block in pack.blocks}
    return all(
        _count(pack.parts[form].items, trait.id, Keyed.PLUS)
        == _count(pack.parts[form].items, trait.id, Keyed.MINUS)
        for form in forms
        for trait in pack.traits
    )


def _has_both(items: Sequence[Item], trait: str) -> bool:
    plus = _count(items, trait, Keyed.PLUS)
    minus = _count(items, trait, Keyed.MINUS)
    return plus > 0 and minus > 0


def _count(items: Sequence[Item], trait: str, keyed: Keyed) -> int:
    return sum(item.measures == trait and item.keyed is keyed for item in items)


def _has_own_item_sd(pack: Pack) -> bool:
    own = [trait.item_sd for trait in pack.traits]
    return own.count(None) < len(own)


def _has_equal_weights(pack: Pack) -> bool:
    weights = {(trait.pole, trait.weight) for trait in pack.traits}
    poles = {trait.pole for trait in pack.traits}
    return len(weights) == len(poles)


def _can_lack_area(pack: Pack) -> bool:
    names = {trait.id for trait in pack.traits}
    return any(weigh_traits(pack, names - {name}) for name in names)


def _has_short_traits(items: Sequence[Item], pack: Pack) -> bool:
    counts = Counter(item.measures for item in items)
    return any(counts[trait.id] < MIN_ANSWERS_OF_STRENGTH for trait in pack.traits)


def _find_error(pack: Pack, parts: Sequence[str]) -> float | None:
    """Return the standard error of the lean if all items of the parts are answered."""
    weights = weigh_traits(pack, {trait.id for trait in pack.traits})
    if not weights:
        return None
    items = pack.items_of(parts)
    counts = Counter(item.measures for item in items)
    variances = {}
    for trait in weights:
        count = counts[trait]
        if not count:
            return None
        variances[trait] = pack.answer_variances[trait] / count
    variance = vary_lean(weights, variances)
    return sqrt(variance)


def _is_repetition_studied(pack: Pack, standard_error: float | None) -> bool:
    if standard_error is None or pack.rule.band != Fraction(STUDIED_BAND):
        return False
    lowest, highest = STUDIED_ERRORS
    if standard_error < lowest:
        return False
    return standard_error <= highest
