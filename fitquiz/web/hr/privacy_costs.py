"""The privacy cost and the precision of each statistic, for the pages that explain them."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, prod

from fitquiz.core.groups.counting import Statistic, odds_factor, offered_statistics
from fitquiz.core.groups.sealing import plus_minus
from fitquiz.core.packs import Pack

GROUP_SIZES = (10, 25, 50, 100, 400)


@dataclass(frozen=True, slots=True)
class Price:
    """The cost of a statistic.

    `factor` says how much one person's answers can change the odds of the published figures.
    `widths` is the ± in percentage points for each of GROUP_SIZES, or None where the group is
    too small to be published.
    """

    name: str
    factor: Fraction
    widths: tuple[int | None, ...]


def list_prices(pack: Pack) -> tuple[Price, ...]:
    """Return the price of each statistic that a pack offers."""
    return tuple(_find_price(statistic, pack) for statistic in offered_statistics(pack))


def multiply_factors(prices: Iterable[Price], names: Iterable[str]) -> Fraction:
    """Return the joint factor of the statistics with these names."""
    chosen = set(names)
    factors = [price.factor for price in prices if price.name in chosen]
    return Fraction(prod(factors))


def _find_price(statistic: Statistic, pack: Pack) -> Price:
    half_width = plus_minus(statistic.noise, 1)
    widths: list[int | None] = []
    for size in GROUP_SIZES:
        if size < statistic.published_from:
            widths.append(None)
        else:
            widths.append(ceil(100 * half_width / size))

    factor = odds_factor(statistic.name, statistic.noise, pack)
    return Price(statistic.name, factor, tuple(widths))
