"""Positions and sizes of the marks in a chart. Template macros draw the charts.

Horizontal positions are in per cent of the chart's width. Vertical positions are in pixels. On every
line between two poles, the first pole is on the left, and the second pole is on the right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from flask import Flask

from fitquiz.core.groups.findings import MOST, OVER_HALF, UNCLEAR, find_level
from fitquiz.core.groups.percentages import Percentage
from fitquiz.core.packs import Pack, Trait
from fitquiz.core.result.comparisons import LEAN, Difference
from fitquiz.core.result.fit import Outcome
from fitquiz.core.result.ranking import rank_traits
from fitquiz.core.result.scoring import HIGH, IN_THE_MIDDLE, Score

MAX_HEAT = 5
"""The darkest colour step in a report. Percentages of at least 50 % have this step."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot with a band, in per cent of the chart's width.

    The dot is at `at`. The band begins at `start` and is `width` wide.
    """

    at: float
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Ends:
    """A ring and a dot on one line, in per cent of the line's width.

    In a comparison of two results, the ring shows the earlier value, and the dot shows the later
    value. In a comparison with a job, the ring shows what the respondent wants. The dot shows what
    the job offers.
    """

    ring: float
    dot: float


@dataclass(frozen=True, slots=True)
class PercentageBar:
    """A bar with a whisker, in per cent of the chart's width.

    The bar begins at `start` and is `width` wide. The whisker reaches from `low` to `high`.
    """

    start: float
    width: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LineShape:
    """Heights, radii and vertical positions of a line with its dot and band, in pixels."""

    height: int
    middle: int
    zero_from: int
    zero_to: int
    band_from: int
    band_height: int
    band_radius: int
    dot_radius: int


SMALL_LINE = LineShape(
    height=20,
    middle=10,
    zero_from=1,
    zero_to=19,
    band_from=4,
    band_height=12,
    band_radius=6,
    dot_radius=6,
)
TALL_LINE = LineShape(
    height=36,
    middle=18,
    zero_from=3,
    zero_to=33,
    band_from=8,
    band_height=20,
    band_radius=10,
    dot_radius=9,
)


def init_charts(app: Flask) -> None:
    """Let templates call the functions of this module."""
    app.add_template_global(place_lean, "place_lean")
    app.add_template_global(place_score, "place_score")
    app.add_template_global(place_pull, "place_pull")
    app.add_template_global(find_pull, "pull_of")
    app.add_template_global(order_ends, "ends_of")
    app.add_template_global(rank_traits, "ranking_of")
    app.add_template_global(place_ends, "place_ends")
    app.add_template_global(place_points, "place_points")
    app.add_template_global(place_percentage, "place_percentage")
    app.add_template_global(find_share_side, "share_side_of")
    app.add_template_global(choose_line_shape, "line_shape")
    app.add_template_global(find_side, "side_of")
    app.add_template_global(find_heat, "heat_of")
    app.add_template_global(measure_half_band, "half_band")
    app.add_template_filter(sqrt, "root")


def measure_half_band(outcome: Outcome, band: Fraction) -> float:
    """Return half the width of the lean's band, in points of the lean.

    `band` is the number of standard errors that the pack sets for the band.
    """
    return float(band) * outcome.standard_error


def place_lean(outcome: Outcome, band: Fraction) -> Mark:
    """Return the dot and the band of the lean on a line from −100 to +100."""
    at = (float(outcome.lean) + 100) / 2
    return _make_mark(at, measure_half_band(outcome, band) / 2)


def place_score(score: Score) -> Mark:
    """Return the dot and the band of a score on a line from 0 to 100.

    The band reaches one standard error to each side of the dot.
    """
    at = float(score.score or 0)
    return _make_mark(at, sqrt(score.variance or 0))


def place_pull(pack: Pack, score: Score) -> Mark:
    """Return the dot and the band of a score on the line between the poles.

    In a pack without poles, the line reaches from 0 to 100.
    """
    mark = place_score(score)
    if not _is_turned(pack, score.id):
        return mark
    end = mark.start + mark.width
    return Mark(round(100 - mark.at, 1), round(100 - end, 1), mark.width)


def find_pull(pack: Pack, score: Score) -> int:
    """Return the pole to which the answers about a trait pull: 1 for the first pole, 2 for the second.

    Return 0 if the score is in the middle, or if the trait supports no pole.
    """
    trait = _find_trait(pack, score.id)
    side = find_side(pack, trait) if trait else 0
    if side == 0 or score.told_level == IN_THE_MIDDLE:
        return 0
    return side if score.told_level == HIGH else 3 - side


def order_ends(pack: Pack, trait: str) -> tuple[str, str]:
    """Return the levels of a trait at the left and at the right end of its line."""
    return ("high", "low") if _is_turned(pack, trait) else ("low", "high")


def place_ends(pack: Pack, difference: Difference) -> Ends:
    """Return the ring and the dot of a difference.

    The line reaches from −100 to +100 for the lean, and from 0 to 100 for the score of a scale. A
    trait has the same line as in `place_pull`.
    """
    before = float(difference.before)
    after = float(difference.after)
    if difference.id == LEAN:
        before = (before + 100) / 2
        after = (after + 100) / 2
    if _is_turned(pack, difference.id):
        before = 100 - before
        after = 100 - after
    return Ends(ring=round(before, 1), dot=round(after, 1))


def place_points(outcome: Outcome) -> Mapping[str, Mark]:
    """Return the bar of each trait's contribution to the lean, by trait id.

    Zero is in the middle of the line. The largest possible contribution reaches the edge.
    Templates draw only `start` and `width` of each Mark.
    """
    largest = 50 * max(abs(weight) for weight in outcome.weights.values())
    marks = {}
    for contribution in outcome.contributions:
        length = 50 * float(contribution.points / largest)
        start = 50 + min(length, 0.0)
        marks[contribution.trait] = Mark(50.0, round(start, 1), round(abs(length), 1))
    return marks


def place_percentage(percentage: Percentage) -> PercentageBar:
    """Return the bar of a percentage on a line from 0 to 100 %."""
    return PercentageBar(0, percentage.percent, percentage.low, percentage.high)


def find_share_side(percentage: Percentage) -> int:
    """Return 2 if the share is surely more than half, and 1 if the share is surely less than half.

    Return 0 if the range of the share contains half.
    """
    level = find_level(percentage.low, percentage.high)
    if level == UNCLEAR:
        return 0
    if level in (MOST, OVER_HALF):
        return 2
    return 1


def choose_line_shape(is_tall: bool) -> LineShape:
    """Return the sizes of a tall or a small line."""
    return TALL_LINE if is_tall else SMALL_LINE


def find_side(pack: Pack, trait: Trait) -> int:
    """Return 1 if the trait supports the first pole, and 2 if the trait supports the second pole.

    Return 0 if the trait supports no pole.
    """
    if trait.pole is None or pack.rule.poles is None:
        return 0
    return pack.rule.poles.index(trait.pole) + 1


def find_heat(percentage: Percentage) -> int:
    """Return the colour step of a percentage, from 0 to MAX_HEAT.

    Each ten per cent make the colour one step darker.
    """
    return min(percentage.percent // 10, MAX_HEAT)


def _find_trait(pack: Pack, trait_id: str) -> Trait | None:
    for trait in pack.traits:
        if trait.id == trait_id:
            return trait
    return None


def _is_turned(pack: Pack, trait_id: str) -> bool:
    """Return whether a high score of the trait is on the left, because it supports the first pole."""
    trait = _find_trait(pack, trait_id)
    return trait is not None and find_side(pack, trait) == 1


def _make_mark(at: float, half: float) -> Mark:
    start = max(0.0, at - half)
    end = min(100.0, at + half)
    return Mark(round(at, 1), round(start, 1), round(end - start, 1))
