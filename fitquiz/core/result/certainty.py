"""The certainty of a suggestion as one of four words.

The words replace a probability. A probability would be true only for a pack whose numbers were
estimated from data.
"""

from fractions import Fraction

from fitquiz.core.packs import Rule

CLEAR = "clear"
FAIRLY = "fairly"
EDGE = "edge"
UNDECIDED = "undecided"
CERTAINTIES = (CLEAR, FAIRLY, EDGE, UNDECIDED)
"""The certainties.

CLEAR: the lean is more than `rule.clear` standard errors away from zero. EDGE: the band ends near
zero, on either side of zero. FAIRLY: zero is outside the band, and not near its end. UNDECIDED: zero
is inside the band, and not near its end.
"""

EDGE_WIDTH = Fraction(1, 5)
"""The largest distance between zero and the end of the band for EDGE, in standard errors.

In the shipped pack, one step of one answer moves the lean by about this distance.
"""


def judge_certainty(rule: Rule, lean: Fraction, variance: Fraction) -> str:
    """Return the certainty of a lean with the variance `variance`, in points squared.

    A clear lean is never EDGE, even if a pack has almost equal numbers for `band` and `clear`. A
    lean of 0 is always UNDECIDED.
    """
    nearest = max(rule.band - EDGE_WIDTH, Fraction(0))
    furthest = rule.band + EDGE_WIDTH
    squared = lean**2
    if squared > rule.clear**2 * variance:
        return CLEAR
    if squared > furthest**2 * variance:
        return FAIRLY
    if squared < nearest**2 * variance:
        return UNDECIDED
    if lean == 0:
        return UNDECIDED
    return EDGE
