"""How the statements were answered: whether straight down a line, faster than can be read, or against oneself.

The respondent alone is told, kindly, that the result may say little. Nothing of this changes a score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from statistics import median

from fitquiz.core.packs import Item, Keyed
from fitquiz.core.result.scoring import Answers, Score

LEAST_ANSWERED = 10
"""With fewer answers nothing is said of the style."""
STRAIGHT_SHARE = 0.8
"""This share of one and the same raw answer counts as a straight line."""
SECONDS_A_WORD = 0.1
SECONDS_TO_TAP = 0.3
"""600 words a minute, more than twice an adult's silent reading speed (Brysbaert 2019: 238), and a quick tap."""
CONTRADICTION = 50
CONTRADICTED_TRAITS = Fraction(1, 3)
"""A trait whose plus- and minus-keyed items lie this far apart (0-100) contradicts itself; so many traits count."""


@dataclass(frozen=True, slots=True)
class AnsweringStyle:
    """What stood out. `contradictions` names the traits; all empty or false when nothing did."""

    is_straight_line: bool
    is_hasty: bool
    contradictions: tuple[str, ...]

    @property
    def stands_out(self) -> bool:
        """Whether there is anything to tell."""
        return self.is_straight_line or self.is_hasty or bool(self.contradictions)


def describe_style(
    items: Sequence[Item],
    answers: Answers,
    scores: Sequence[Score],
    seconds: Mapping[str, float],
    words: Mapping[str, int],
) -> AnsweringStyle:
    """Return the style of the scored `items`, in the order asked.

    `seconds` holds the time between an item's answer and the one before it, as the server saw it; `words` the
    number of words of each item.
    """
    given = [(item, answer) for item in items if (answer := answers.get(item.id)) is not None]
    if len(given) < LEAST_ANSWERED:
        return AnsweringStyle(False, False, ())
    contradictions = tuple(score.id for score in scores if _contradicts_itself(score))
    return AnsweringStyle(
        is_straight_line=_is_straight_line([answer for _, answer in given]),
        is_hasty=_is_hasty(
            [(seconds[i.id], words[i.id]) for i, _ in given if i.id in seconds and i.id in words]
        ),
        contradictions=contradictions
        if len(contradictions) >= CONTRADICTED_TRAITS * len(scores)
        else (),
    )


def measure_seconds(
    started_at: datetime, answered_at: Mapping[str, datetime]
) -> Mapping[str, float]:
    """Return, by item, the seconds between its answer and the one before it, or the start; in order of time."""
    in_order = sorted(answered_at.items(), key=lambda pair: pair[1])
    before = [started_at, *(moment for _, moment in in_order)]
    return {item: (moment - before[i]).total_seconds() for i, (item, moment) in enumerate(in_order)}


def _is_straight_line(given: Sequence[int]) -> bool:
    longest_run = max(len(list(run)) for _, run in groupby(given))
    most_frequent = max(given.count(answer) for answer in set(given))
    return most_frequent >= STRAIGHT_SHARE * len(given) or 2 * longest_run > len(given)


def _is_hasty(timed: Sequence[tuple[float, int]]) -> bool:
    """Whether the middle answer came sooner than its statement can be read."""
    if len(timed) < LEAST_ANSWERED:
        return False
    return median(seconds - SECONDS_TO_TAP - SECONDS_A_WORD * words for seconds, words in timed) < 0


def _contradicts_itself(score: Score) -> bool:
    plus = _mean(each.value for each in score.items if each.item.keyed is Keyed.PLUS)
    minus = _mean(each.value for each in score.items if each.item.keyed is Keyed.MINUS)
    return plus is not None and minus is not None and abs(plus - minus) > CONTRADICTION


def _mean(values: Iterable[Fraction]) -> Fraction | None:
    listed = list(values)
    return sum(listed, Fraction(0)) / len(listed) if listed else None
