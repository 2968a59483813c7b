"""What a choice of statistics costs and gives, as numbers for the page that offers the choice."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, prod

from fitquiz.core.groups.counting import odds_factor, offered_statistics
from fitquiz.core.groups.sealing import plus_minus
from fitquiz.core.packs import Pack

SIZES = (10, 25, 50, 100, 400)


@dataclass(frozen=True, slots=True)
class Price:
    """A statistic's odds factor, and the ± in percentage points for a group of each of SIZES; None: not published."""

    name: str
    factor: Fraction
    widths: tuple[int | None, ...]


def list_prices(pack: Pack) -> tuple[Price, ...]:
    """Return what each statistic that a pack offers costs."""
    return tuple(
        Price(
            each.name,
            odds_factor(each.name, each.noise, pack),
            tuple(
                ceil(100 * plus_minus(each.noise, 1) / n) if n >= each.published_from else None
                for n in SIZES
            ),
        )
        for each in offered_statistics(pack)
    )


def multiply(prices: Iterable[Price], names: Iterable[str]) -> Fraction:
    """Return by how much one person's answers can change the odds of all that is published of the named ones."""
    chosen = set(names)
    return Fraction(prod(price.factor for price in prices if price.name in chosen))
