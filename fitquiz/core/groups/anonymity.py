"""Functions that describe in a word how well the answers of a person are protected."""

from math import prod

from fitquiz.core.groups.counting import CountingPlan, odds_factor
from fitquiz.core.packs import Pack

STRONG = "strong"
MEDIUM = "medium"
WEAK = "weak"

STRONG_FACTOR = 12
MEDIUM_FACTOR = 50
"""The largest odds factors of a campaign whose anonymity is STRONG or MEDIUM."""


def find_strength(plan: CountingPlan, pack: Pack) -> str:
    """Return STRONG, MEDIUM or WEAK, by the odds factor of a whole campaign."""
    factor = prod(odds_factor(name, noise, pack) for name, noise in plan.items())
    if factor <= STRONG_FACTOR:
        return STRONG
    if factor <= MEDIUM_FACTOR:
        return MEDIUM
    return WEAK
