"""Functions that turn raw answers into scores of traits and scales, 0-100.

All numbers are exact fractions, because a rounding error could move a score across a limit. A
rounding error could also change the sum of the contributions.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from fitquiz.core.packs import SHARPENING, STANDARD, Item, Keyed, Module, Pack, Rule

Answers = Mapping[str, int | None]
"""The raw answers by item id. A raw answer is an integer from 0 to `Pack.answer_points` − 1.

0 means that the respondent strongly disagrees. The highest integer means that the respondent
strongly agrees. An item without an answer has the value None or no key.
"""

MIDDLE = Fraction(50)
TRAIT_SD = 15
"""The assumed spread between the true scores of the traits of one pole, for one respondent.

The spread is a standard deviation in points of 0-100. The number is provisional, because nobody has
estimated the number from data. The number makes the band wider if a trait of a pole has no score.
"""

HIGH_FROM = Fraction(60)
LOW_TO = Fraction(40)
HIGH = "high"
LOW = "low"
IN_THE_MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class ItemScore:
    """The keyed value of an answered item, 0-100.

    A higher value raises the score of the trait or scale that the item measures.
    """

    item: Item
    value: Fraction


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a trait, or of a module's scale.

    `items` contains the answered items. `presented` is the number of items that the respondent got.
    `score` is the mean keyed value, 0-100. `variance` is the squared standard error of measurement,
    in points squared. `score` and `variance` are None if no item was answered. `score` and
    `variance` are also None if the answered fraction of the items is below `Rule.least_answered`.
    """

    id: str
    items: tuple[ItemScore, ...]
    presented: int
    score: Fraction | None
    variance: Fraction | None

    @property
    def level(self) -> str:
        """HIGH from 60 points up, LOW from 40 points down, and IN_THE_MIDDLE in all other cases."""
        if self.score is None:
            return IN_THE_MIDDLE
        if self.score >= HIGH_FROM:
            return HIGH
        if self.score <= LOW_TO:
            return LOW
        return IN_THE_MIDDLE

    @property
    def told_level(self) -> str:
        """The level that pages tell a reader.

        It is IN_THE_MIDDLE also for a high or low score at most one standard error from MIDDLE,
        because other answers of the same person could then give the other side.
        """
        if self.score is None or self.variance is None:
            return IN_THE_MIDDLE
        distance = self.score - MIDDLE
        if distance**2 <= self.variance:
            return IN_THE_MIDDLE
        return self.level


@cache  # Each new result needs many calls with few different arguments.
def keyed_value(answer: int, keyed: Keyed | None, points: int) -> Fraction:
    """Return the keyed value of a raw answer, 0-100. Reverse the answer to a minus item.

    `points` is the number of answers to choose from. Raise ValueError if `answer` is outside
    0 … points − 1.
    """
    if not 0 <= answer < points:
        raise ValueError(f"an answer is from 0 to {points - 1}, not {answer}")
    highest = points - 1
    towards = highest - answer if keyed is Keyed.MINUS else answer
    return Fraction(100 * towards, highest)


def score_traits(
    pack: Pack, answers: Answers, parts: Iterable[str]
) -> tuple[Score, ...]:
    """Return the score of every trait, in the order of the pack.

    The scores use the scored items of the parts with the ids in `parts`.
    """
    items = _list_items(pack, parts)
    scores = []
    for trait in pack.traits:
        answer_variance = pack.answer_variances[trait.id]
        score = _score(trait.id, items, answers, pack, answer_variance)
        scores.append(score)
    return tuple(scores)


def score_scales(pack: Pack, module: Module, answers: Answers) -> tuple[Score, ...]:
    """Return the scores of a module's scales. Scores of scales never change the suggestion."""
    answer_variance = pack.rule.item_sd**2
    scores = []
    for scale in module.scales:
        score = _score(scale, module.items, answers, pack, answer_variance)
        scores.append(score)
    return tuple(scores)


def list_scored(pack: Pack, answers: Answers, parts: Iterable[str]) -> set[str]:
    """Return the ids of the traits to which `score_traits` gives a score other than None.

    The function only counts answers, because computing the scores would be slower.
    """
    items = _list_items(pack, parts)
    presented = Counter(item.measures for item in items)
    answered = Counter(
        item.measures for item in items if answers.get(item.id) is not None
    )
    scored = set()
    for trait in pack.traits:
        if _is_enough(answered[trait.id], presented[trait.id], pack.rule):
            scored.add(trait.id)
    return scored


def _list_items(pack: Pack, parts: Iterable[str]) -> list[Item]:
    forms = set(parts) & {STANDARD, SHARPENING}
    return [
        item for block in pack.blocks if block.form in forms for item in block.items
    ]


def _is_enough(answered: int, presented: int, rule: Rule) -> bool:
    return answered > 0 and answered >= rule.least_answered * presented


def _score(
    name: str,
    items: Iterable[Item],
    answers: Answers,
    pack: Pack,
    answer_variance: Fraction,
) -> Score:
    """Return the score of a trait or a scale.

    `answer_variance` is the squared standard error of one answer, in points squared.
    """
    presented = [item for item in items if item.measures == name]
    scored = []
    for item in presented:
        answer = answers.get(item.id)
        if answer is not None:
            value = keyed_value(answer, item.keyed, pack.answer_points)
            scored.append(ItemScore(item, value))

    if not _is_enough(len(scored), len(presented), pack.rule):
        return Score(name, tuple(scored), len(presented), score=None, variance=None)

    total = sum((each.value for each in scored), Fraction(0))
    return Score(
        name,
        tuple(scored),
        len(presented),
        score=total / len(scored),
        variance=answer_variance / len(scored),
    )
