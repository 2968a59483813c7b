"""Trait scores: from raw answers to 0-100, with the share of each answer and the uncertainty of each score.

All numbers are exact fractions. So contributions add up exactly, and a score meets a limit or it does not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from fitquiz.core.packs import SHARPENING, STANDARD, Item, Keyed, Module, Pack, Rule

Answers = Mapping[str, int | None]
"""Raw answers by item id: 0 … points - 1, from strongly disagree to strongly agree.

An item that was left out has None, or is absent.
"""

MIDDLE = Fraction(50)
HIGH_FROM = Fraction(60)
LOW_TO = Fraction(40)
HIGH = "high"
LOW = "low"
IN_THE_MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class ItemScore:
    """The keyed value of an answered item, 0-100. 100 speaks most strongly for what the item measures."""

    item: Item
    value: Fraction


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a trait, or of a module's scale.

    `score` is the mean keyed value, 0-100. It is None if too few of the `presented` items were answered.
    `variance` is the squared standard error of measurement, in points squared.
    """

    id: str
    items: tuple[ItemScore, ...]
    presented: int
    score: Fraction | None
    variance: Fraction | None

    @property
    def level(self) -> str:
        """HIGH (from 60), LOW (to 40) or IN_THE_MIDDLE."""
        if self.score is None:
            return IN_THE_MIDDLE
        if self.score >= HIGH_FROM:
            return HIGH
        if self.score <= LOW_TO:
            return LOW
        return IN_THE_MIDDLE


@cache  # There are few combinations, and a result asks for each of them often.
def keyed_value(answer: int, keyed: Keyed | None, points: int) -> Fraction:
    """Return the keyed value of an answer, 0-100; minus-keyed answers are reversed.

    `points` is the number of answer points. Raise ValueError for an answer outside 0 … points - 1.
    """
    if not 0 <= answer < points:
        raise ValueError(f"an answer is from 0 to {points - 1}, not {answer}")
    highest = points - 1
    towards = highest - answer if keyed is Keyed.MINUS else answer
    return Fraction(100 * towards, highest)


def score_traits(
    pack: Pack, answers: Answers, parts: Iterable[str]
) -> tuple[Score, ...]:
    """Return the score of every trait, in the pack's order, from the scored items of the named parts."""
    items = _list_items(pack, parts)
    return tuple(_score(trait.id, items, answers, pack) for trait in pack.traits)


def score_scales(pack: Pack, module: Module, answers: Answers) -> tuple[Score, ...]:
    """Return the scores of a module's scales. They are computed like traits, and never move the suggestion."""
    return tuple(_score(scale, module.items, answers, pack) for scale in module.scales)


def list_scored(pack: Pack, answers: Answers, parts: Iterable[str]) -> set[str]:
    """Return the ids of the traits that have a score, without computing the scores."""
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


def _score(name: str, items: Iterable[Item], answers: Answers, pack: Pack) -> Score:
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
        variance=pack.rule.item_sd**2 / len(scored),
    )
