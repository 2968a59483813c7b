"""The answering style of a respondent: identical, hasty or contradictory answers.

Only the respondent sees a hint about the answering style. The answering style never changes a score.
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
"""The smallest number of answers for which the answering style is judged."""

STRAIGHT_SHARE = 0.8
"""If at least this fraction of the answers is identical, the answers are a straight line.

The answers are also a straight line if more than half of the answers are identical and consecutive.
"""

SECONDS_PER_WORD = 0.1
SECONDS_TO_TAP = 0.3
"""The shortest plausible times to read a word and to tap an answer, in seconds.

0.1 seconds for each word means 600 words a minute. On average, adults silently read 238 words a
minute. Source: Brysbaert (2019).
"""

CONTRADICTION = 50
"""The largest accepted difference between the mean values of a trait's plus items and minus items.

A trait with a larger difference contradicts itself. The difference is in points of 0-100.
"""

CONTRADICTED_TRAITS = Fraction(1, 3)
"""The smallest fraction of traits that must contradict themselves before the hint names the traits."""


@dataclass(frozen=True, slots=True)
class AnsweringStyle:
    """The signs of careless answers.

    `contradictions` contains the ids of the traits that contradict themselves. The tuple is empty
    if these traits are a smaller fraction of all traits than CONTRADICTED_TRAITS.
    """

    is_straight_line: bool
    is_hasty: bool
    contradictions: tuple[str, ...]

    @property
    def stands_out(self) -> bool:
        """Whether the answers show at least one sign of carelessness."""
        return self.is_straight_line or self.is_hasty or bool(self.contradictions)


def describe_style(
    items: Sequence[Item],
    answers: Answers,
    scores: Sequence[Score],
    seconds: Mapping[str, float],
    words: Mapping[str, int],
) -> AnsweringStyle:
    """Return the answering style of the answers to `items`.

    With fewer than MIN_ANSWERED answers, the returned style shows no sign of careless answers.

    `items` contains scored items in the order of asking. `scores` contains the scores of the
    traits. `seconds` maps the id of an item to the seconds since the previous answer. `words` maps
    the id of an item to the number of words in its statement.
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
    """Return the seconds between each answer and the previous answer, by item id, in order of time.

    The seconds of the first answer are counted from `started_at`.
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
    """Return whether the median of the spare times is below 0.

    The spare time of an answer is its seconds minus the shortest plausible time to read and to tap.
    `timed` contains a pair for each answer: the seconds and the number of words. Return False if
    `timed` contains fewer than MIN_ANSWERED pairs.
    """
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
    """Return the mean value of the answered items with the keyed direction `keyed`.

    Return None if no answered item has this keyed direction.
    """
    values = [each.value for each in score.items if each.item.keyed is keyed]
    if not values:
        return None
    total = sum(values, Fraction(0))
    return total / len(values)
