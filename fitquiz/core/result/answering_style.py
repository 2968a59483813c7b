"""How the statements were answered: all alike, faster than one can read, or in contradiction to each other.

Only the respondent sees this, as a kind hint that the result may say little. It never changes a score.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from statistics import median

from fitquiz.core.packs import Item, Keyed
from fitquiz.core.result.scoring import Answers, Score

MIN_ANSWERED = 10
"""With fewer answers the style is not judged."""

STRAIGHT_SHARE = 0.8
"""The share of one and the same raw answer from which the answers count as a straight line."""

SECONDS_PER_WORD = 0.1
SECONDS_TO_TAP = 0.3
"""600 words a minute and a quick tap.

An adult reads 238 words a minute silently (Brysbaert 2019), so this is more than twice as fast.
"""

CONTRADICTION = 50
"""A trait contradicts itself if its plus and minus items lie further apart than this, in points of 0-100."""

CONTRADICTED_TRAITS = Fraction(1, 3)
"""The share of contradicting traits from which they are named."""


@dataclass(frozen=True, slots=True)
class AnsweringStyle:
    """What stands out. `contradictions` holds the ids of traits. All is false or empty if nothing stands out."""

    is_straight_line: bool
    is_hasty: bool
    contradictions: tuple[str, ...]

    @property
    def stands_out(self) -> bool:
        """Whether the respondent gets a hint."""
        return self.is_straight_line or self.is_hasty or bool(self.contradictions)


def describe_style(
    items: Sequence[Item],
    answers: Answers,
    scores: Sequence[Score],
    seconds: Mapping[str, float],
    words: Mapping[str, int],
) -> AnsweringStyle:
    """Return the answering style of the scored `items`, which stand in the order of asking.

    `seconds` maps an item's id to the time since the answer before it. `words` maps it to the number
    of words of its statement.
    """
    answered = [item for item in items if answers.get(item.id) is not None]
    if len(answered) < MIN_ANSWERED:
        return AnsweringStyle(is_straight_line=False, is_hasty=False, contradictions=())

    given = [answer for item in answered if (answer := answers[item.id]) is not None]
    timed = [item.id for item in answered if item.id in seconds and item.id in words]
    contradicted = tuple(score.id for score in scores if _contradicts_itself(score))
    has_many = len(contradicted) >= CONTRADICTED_TRAITS * len(scores)
    return AnsweringStyle(
        is_straight_line=_is_straight_line(given),
        is_hasty=_is_hasty([(seconds[item], words[item]) for item in timed]),
        contradictions=contradicted if has_many else (),
    )


def measure_seconds(
    started_at: datetime, answered_at: Mapping[str, datetime]
) -> Mapping[str, float]:
    """Return the seconds between each answer and the one before it, by item id, in order of time.

    The first answer counts from `started_at`.
    """
    seconds = {}
    before = started_at
    for item, moment in sorted(answered_at.items(), key=lambda pair: pair[1]):
        seconds[item] = (moment - before).total_seconds()
        before = moment
    return seconds


def _is_straight_line(given: Sequence[int]) -> bool:
    counts = Counter(given)
    if max(counts.values()) >= STRAIGHT_SHARE * len(given):
        return True
    run_lengths = [len(list(run)) for _, run in groupby(given)]
    return 2 * max(run_lengths) > len(given)


def _is_hasty(timed: Sequence[tuple[float, int]]) -> bool:
    """Return whether the median answer came sooner than its statement can be read."""
    if len(timed) < MIN_ANSWERED:
        return False
    spare = [
        seconds - SECONDS_TO_TAP - SECONDS_PER_WORD * words for seconds, words in timed
    ]
    return median(spare) < 0


def _contradicts_itself(score: Score) -> bool:
    plus = _mean_of(score, Keyed.PLUS)
    minus = _mean_of(score, Keyed.MINUS)
    if plus is None or minus is None:
        return False
    return abs(plus - minus) > CONTRADICTION


def _mean_of(score: Score, keyed: Keyed) -> Fraction | None:
    """Return the mean value of the answered items with this key."""
    values = [each.value for each in score.items if each.item.keyed is keyed]
    if not values:
        return None
    total = sum(values, Fraction(0))
    return total / len(values)
