"""The certainty of a suggestion as one of four words.

The words replace a probability. A probability would be true only for a pack whose numbers were
estimated from data.
"""

from collections.abc import Sequence

from fitquiz.core.result.fit import Outcome
from fitquiz.core.result.what_if import WayOut

CLEAR = "clear"
FAIRLY = "fairly"
UNCERTAIN = "uncertain"
UNDECIDED = "undecided"
CERTAINTIES = (CLEAR, FAIRLY, UNCERTAIN, UNDECIDED)
"""The certainties.

UNDECIDED: the suggestion is none of the two poles. UNCERTAIN: the suggestion is a pole, but one
changed answer gives another suggestion. CLEAR: at least two answers must change, and the lean is
more than `rule.clear` standard errors away from zero. FAIRLY: at least two answers must change, and
the lean is nearer.
"""


def judge_certainty(outcome: Outcome, ways_out: Sequence[WayOut]) -> str:
    """Return the certainty of a suggestion.

    `ways_out` contains the smallest sets of changed answers that give another suggestion.
    """
    if not outcome.is_decided:
        return UNDECIDED
    if any(len(way.changes) == 1 for way in ways_out):
        return UNCERTAIN
    return CLEAR if outcome.is_clear else FAIRLY
