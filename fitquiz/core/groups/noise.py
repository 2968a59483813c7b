"""The noise of a published count, and the range that the noise needs.

The noise z of a count is a random whole number with P(z) ∝ α^|z|. α is a fraction between 0 and 1.
The noise is drawn with integer arithmetic.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache


def draw_noise(noise: Fraction, randbelow: Callable[[int], int]) -> int:
    """Return a random integer z with probability ∝ noise^|z|.

    `randbelow(n)` returns each integer from 0 to n − 1 with equal probability. The distribution of
    z is the two-sided geometric distribution, because z is the difference of two geometric numbers.
    """
    first = _draw_geometric(noise, randbelow)
    second = _draw_geometric(noise, randbelow)
    return first - second


def noise_variance(noise: Fraction) -> Fraction:
    """Return the variance of the noise of one count, 2α / (1 − α)², in people squared.

    `noise` is α.
    """
    rest = 1 - noise
    return 2 * noise / rest**2


def plus_minus(noise: Fraction, batches: int) -> int:
    """Return the half width of the 95 % interval of the noise of a sum, in people.

    `batches` is the number of counts in the sum. For several counts, the half width is 1.96
    standard errors, rounded up. For one count, the half width is the exact quantile.
    """
    if not noise or not batches:
        return 0
    if batches > 1:
        standard_error = math.sqrt(batches * noise_variance(noise))
        return math.ceil(1.96 * standard_error)
    return _find_quantile(noise)


@lru_cache(maxsize=1000)
def _find_quantile(noise: Fraction) -> int:
    """Return the smallest width that contains the noise of one count at least 95 times in 100."""
    width = 0
    outside = 2 * noise / (1 + noise)
    while outside > Fraction(1, 20):
        outside *= noise
        width += 1
    return width


def _draw_geometric(noise: Fraction, randbelow: Callable[[int], int]) -> int:
    drawn = 0
    while randbelow(noise.denominator) < noise.numerator:
        drawn += 1
    return drawn
