"""Where things stand in a chart, in per cent of its width; the drawing itself is done by macros."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from flask import Flask

from fitquiz.core.result.comparisons import LEAN, Difference
from fitquiz.core.result.fit import Outcome
from fitquiz.core.result.scoring import Score


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot at `at` with a band from `start`, `width` wide; all in per cent of the chart's width."""

    at: float
    start: float
    width: float


def init_charts(app: Flask) -> None:
    """Make the functions known to templates."""
    app.add_template_global(place_lean, "place_lean")
    app.add_template_global(place_score, "place_score")
    app.add_template_global(place_pair, "place_pair")
    app.add_template_global(place_points, "place_points")
    app.add_template_filter(sqrt, "root")


def place_lean(outcome: Outcome, band: Fraction) -> Mark:
    """Return where the lean stands on a line from -100 to +100, with its band of so many standard errors."""
    half = float(band) * outcome.standard_error
    return _mark((float(outcome.lean) + 100) / 2, half / 2)


def place_score(score: Score) -> Mark:
    """Return where a score stands on a line from 0 to 100, with its band of one standard error."""
    return _mark(float(score.score or 0), sqrt(score.variance or 0))


def place_pair(difference: Difference) -> Mark:
    """Return where a difference leads on a line from 0 to 100, the lean's from -100, with the stretch between."""
    before, after = float(difference.before), float(difference.after)
    ends = [(each + 100) / 2 if difference.id == LEAN else each for each in (before, after)]
    return Mark(round(ends[1], 1), round(min(ends), 1), round(abs(ends[1] - ends[0]), 1))


def place_points(outcome: Outcome) -> Mapping[str, Mark]:
    """Return, by trait, the bar of its contribution: zero in the middle, and the largest one possible at the edge."""
    most = 50 * max(abs(share) for share in outcome.shares.values())
    lengths = {each.trait: 50 * float(each.points / most) for each in outcome.contributions}
    return {
        trait: Mark(50.0, round(50 + min(length, 0.0), 1), round(abs(length), 1))
        for trait, length in lengths.items()
    }


def _mark(at: float, half: float) -> Mark:
    start, end = max(0.0, at - half), min(100.0, at + half)
    return Mark(round(at, 1), round(start, 1), round(end - start, 1))
