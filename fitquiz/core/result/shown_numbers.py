"""Functions that round the numbers of a result, so that the shown numbers add up.

If each number is rounded by itself, the sum of the rounded numbers can differ from the rounded sum.
Therefore the functions use the method of the largest remainder. Each shown number differs from the
exact number by less than one unit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from fitquiz.core.result.fit import Contribution, Outcome
from fitquiz.core.result.scoring import MIDDLE

TENTHS = 10


@dataclass(frozen=True, slots=True)
class ShownNumbers:
    """The numbers of an outcome as all pages show them, in tenths of a point.

    `lean` is the difference of `fits`, and the sum of `contributions`. `contributions` maps each
    trait with a score to its points.
    """

    lean: Fraction
    fits: Mapping[str, Fraction]
    contributions: Mapping[str, Fraction]


def round_outcome(outcome: Outcome) -> ShownNumbers:
    """Return the shown numbers of an outcome."""
    first, second = outcome.fits
    lean = round_half_up(outcome.lean * TENTHS)
    signed_fits = [-outcome.fits[first] * TENTHS, outcome.fits[second] * TENTHS]
    shown_first, shown_second = round_to_sum(signed_fits, lean)

    # A contribution counts from the middle of the scale.
    middle = int(MIDDLE * TENTHS)
    backward = [each for each in outcome.contributions if each.weight < 0]
    forward = [each for each in outcome.contributions if each.weight > 0]
    contributions = {
        **_round_contributions(backward, shown_first + middle),
        **_round_contributions(forward, shown_second - middle),
    }
    return ShownNumbers(
        lean=Fraction(lean, TENTHS),
        fits={
            first: Fraction(-shown_first, TENTHS),
            second: Fraction(shown_second, TENTHS),
        },
        contributions=_in_points(contributions),
    )


def round_answers(outcome: Outcome, shown: ShownNumbers) -> Mapping[str, Fraction]:
    """Return the shown points of each answer, by item id.

    The points of a trait's answers add up to the shown contribution of the trait. Few pages need
    these numbers. Therefore they are no part of `shown`.
    """
    items: dict[str, int] = {}
    for contribution in outcome.contributions:
        total = shown.contributions[contribution.trait] * TENTHS
        points = {each.item.id: each.points for each in contribution.items}
        items |= _round_all(points, int(total))
    return _in_points(items)


def round_half_up(value: Fraction) -> int:
    """Return the nearest whole number. Round a half away from zero."""
    size = floor(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


def round_lean(lean: Fraction) -> int:
    """Return a lean as a whole number of points.

    The lean is first rounded to tenths. Therefore the whole number always fits the tenths that the
    same page shows.
    """
    tenths = round_half_up(lean * TENTHS)
    return round_half_up(Fraction(tenths, TENTHS))


def round_to_sum(values: Sequence[Fraction], total: int) -> list[int]:
    """Return each value, rounded down or up to a whole number, so that the sum is `total`.

    The values with the largest remainders are rounded up. `total` is the exact sum of the values,
    rounded down or up.
    """
    rounded = [floor(value) for value in values]
    remainders = [value - floor(value) for value in values]
    missing = total - sum(rounded)
    largest_first = sorted(range(len(values)), key=lambda at: -remainders[at])
    for at in largest_first[:missing]:
        rounded[at] += 1
    return rounded


def _round_contributions(
    contributions: Sequence[Contribution], total: int
) -> dict[str, int]:
    points = {each.trait: each.points for each in contributions}
    return _round_all(points, total)


def _round_all(points: Mapping[str, Fraction], total: int) -> dict[str, int]:
    """Return the points in whole tenths. The sum of the tenths is `total`."""
    tenths = [each * TENTHS for each in points.values()]
    rounded = round_to_sum(tenths, total)
    names = list(points)
    pairs = zip(names, rounded, strict=True)
    return dict(pairs)


def _in_points(tenths: Mapping[str, int]) -> Mapping[str, Fraction]:
    return {name: Fraction(value, TENTHS) for name, value in tenths.items()}
