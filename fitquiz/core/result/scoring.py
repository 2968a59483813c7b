"""Trait scores: from raw answers to 0-100, with what each answer adds and how sure the score is.

All numbers are exact fractions, so that contributions add up and a limit is met or not met, never nearly.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from fitquiz.core.packs import SHARPENING, STANDARD, Item, Keyed, Module, Pack, Rule

Answers = Mapping[str, int | None]
"""Raw answers by item id: 0 … points - 1 from strongly disagree to strongly agree; None, or absent, when left out."""

MIDDLE = Fraction(50)
HIGH_FROM, LOW_TO = Fraction(60), Fraction(40)


@dataclass(frozen=True, slots=True)
class ItemScore:
    """An answered item's keyed value, 0-100: 100 is the answer that speaks most for what the item measures."""

    item: Item
    value: Fraction


@dataclass(frozen=True, slots=True)
class Score:
    """A trait's (or a module scale's) score.

    `score` is the mean keyed value, 0-100, or None when too few of the `presented` items were answered;
    `variance` is its squared standard error of measurement, in the same points squared.
    """

    id: str
    items: tuple[ItemScore, ...]
    presented: int
    score: Fraction | None
    variance: Fraction | None

    @property
    def level(self) -> str:
        """Where the score lies: high (from 60), low (to 40) or middle."""
        if self.score is None or LOW_TO < self.score < HIGH_FROM:
            return "middle"
        return "high" if self.score >= HIGH_FROM else "low"


@cache  # So few there are.
def keyed_value(answer: int, keyed: Keyed | None, points: int) -> Fraction:
    """Return an answer's keyed value, 0-100; minus-keyed answers are reversed. ValueError outside 0 … points - 1."""
    if not 0 <= answer < points:
        raise ValueError(f"an answer is from 0 to {points - 1}, not {answer}")
    towards = points - 1 - answer if keyed is Keyed.MINUS else answer
    return Fraction(100 * towards, points - 1)


def score_traits(pack: Pack, answers: Answers, parts: Iterable[str]) -> tuple[Score, ...]:
    """Return every trait's score, in the pack's order, from the scored items of the named parts."""
    items = _list_items(pack, parts)
    return tuple(
        _score(trait.id, items, answers, pack.answer_points, pack.rule) for trait in pack.traits
    )


def list_scored(pack: Pack, answers: Answers, parts: Iterable[str]) -> set[str]:
    """Return the traits that have a score, without working any out."""
    items = _list_items(pack, parts)
    presented = Counter(item.measures for item in items)
    answered = Counter(item.measures for item in items if answers.get(item.id) is not None)
    return {
        trait.id
        for trait in pack.traits
        if _is_enough(answered[trait.id], presented[trait.id], pack.rule)
    }


def score_scales(pack: Pack, module: Module, answers: Answers) -> tuple[Score, ...]:
    """Return the scores of a module's scales, which are worked out as traits are but never move the suggestion."""
    return tuple(
        _score(scale, module.items, answers, pack.answer_points, pack.rule)
        for scale in module.scales
    )


def _list_items(pack: Pack, parts: Iterable[str]) -> list[Item]:
    asked = set(parts) & {STANDARD, SHARPENING}
    return [item for block in pack.blocks if block.form in asked for item in block.items]


def _is_enough(answered: int, presented: int, rule: Rule) -> bool:
    return answered > 0 and answered >= rule.least_answered * presented


def _score(name: str, items: Iterable[Item], answers: Answers, points: int, rule: Rule) -> Score:
    presented = [item for item in items if item.measures == name]
    given = [(item, answers.get(item.id)) for item in presented]
    scores = tuple(
        ItemScore(item, keyed_value(a, item.keyed, points)) for item, a in given if a is not None
    )
    if not _is_enough(len(scores), len(presented), rule):
        return Score(name, scores, len(presented), None, None)
    mean = sum((each.value for each in scores), Fraction(0)) / len(scores)
    return Score(name, scores, len(presented), mean, rule.item_sd**2 / len(scores))
