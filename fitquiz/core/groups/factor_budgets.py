"""Functions that keep the odds factor of a whole campaign within a budget.

A budget is the largest odds factor that the statistics of a campaign may have together. If the
noise of STATISTICS is within the budget, each statistic has this noise. Otherwise, the statistics
share the budget, and each statistic has more noise.

All numbers are exact. No function uses a float.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from fitquiz.core.groups.counting import (
    CountingPlan,
    make_plan,
    odds_factor,
    published_from,
)
from fitquiz.core.groups.noise import plus_minus
from fitquiz.core.groups.percentages import MAX_PLUS_MINUS
from fitquiz.core.packs import Pack

STRONG = "strong"
MEDIUM = "medium"
WEAK = "weak"
"""The words for the anonymity of a campaign.

WEAK is only for campaigns from before the budgets. HR cannot choose WEAK.
"""

BUDGETS = {STRONG: Fraction(12), MEDIUM: Fraction(50)}
"""The largest odds factor of a whole campaign, for each anonymity that HR can choose."""

_WHOLE = 100
"""All shares of ε are hundredths."""

_STEPS = 1000
"""The α of a statistic that shares a budget is a number of thousandths."""


def multiply_factors(plan: CountingPlan, pack: Pack) -> Fraction:
    """Return the odds factor of a whole campaign: the product over all statistics of its plan."""
    product = Fraction(1)
    for name, noise in plan.items():
        product *= odds_factor(name, noise, pack)
    return product


def name_anonymity(factor: Fraction) -> str:
    """Return STRONG, MEDIUM or WEAK for the odds factor of a campaign."""
    for name, budget in BUDGETS.items():
        if factor <= budget:
            return name
    return WEAK


def split_budget(
    names: Iterable[str], pack: Pack, budget: Fraction
) -> CountingPlan | None:
    """Return a plan of the statistics in `names` whose odds factor is at most `budget`.

    Each statistic gets the same share of the ε that it has in STATISTICS. The share is the largest
    number of hundredths that is within the budget. Return None if one hundredth is too much.
    """
    whole = make_plan(names)
    within, beyond = 0, _WHOLE + 1
    while beyond - within > 1:
        share = (within + beyond) // 2
        if multiply_factors(_take_share(whole, share), pack) <= budget:
            within = share
        else:
            beyond = share
    return _take_share(whole, within) if within else None


def useful_from(name: str, noise: Fraction, threshold: int) -> int:
    """Return the smallest number of responses for which a figure is published and meaningful."""
    meaningful = ceil(Fraction(100 * plus_minus(noise, 1), MAX_PLUS_MINUS - 1))
    return max(published_from(name, noise, threshold), meaningful)


def _take_share(plan: CountingPlan, share: int) -> CountingPlan:
    """Return the plan with `share` hundredths of the ε of each statistic."""
    if share == _WHOLE:
        return plan
    return {name: _add_noise(noise, share) for name, noise in plan.items()}


def _add_noise(noise: Fraction, share: int) -> Fraction:
    """Return the smallest number of thousandths that is at least noise^(share / 100).

    A smaller number would have a larger odds factor than the share allows. Raised to the power of
    100, both numbers are exact.
    """
    limit = noise**share
    below, enough = 0, _STEPS
    while enough - below > 1:
        middle = (below + enough) // 2
        if Fraction(middle, _STEPS) ** _WHOLE >= limit:
            enough = middle
        else:
            below = middle
    return Fraction(enough, _STEPS)
