"""Computes the privacy cost and the precision of each statistic."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, prod

from fitquiz.core.groups.counting import Statistic, odds_factor, offered_statistics
from fitquiz.core.groups.noise import plus_minus
from fitquiz.core.packs import Pack

GROUP_SIZES = (10, 25, 50, 100, 400)


@dataclass(frozen=True, slots=True)
class Price:
    """The privacy cost and the precision of a statistic.

    `factor` is the odds factor of the statistic. One respondent's answers can change the odds of
    the published figures at most by `factor`.

    `widths` contains half the width of the range for each group size in GROUP_SIZES, in percentage
    points. A width is None if the statistic is not published for groups of this size.
    """

    name: str
    factor: Fraction
    widths: tuple[int | None, ...]


def list_prices(pack: Pack) -> tuple[Price, ...]:
    """Return the `Price` of each statistic for which `pack` has cells."""
    return tuple(_find_price(statistic, pack) for statistic in offered_statistics(pack))


def multiply_factors(prices: Iterable[Price], names: Iterable[str]) -> Fraction:
    """Return the product of the odds factors of the statistics in `names`."""
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
