"""The whole result of an attempt, computed from the stored answers and their times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fitquiz.core.packs import SHARPENING, STANDARD, Item, Pack
from fitquiz.core.result.answering_style import AnsweringStyle, describe_style
from fitquiz.core.result.certainty import judge_certainty
from fitquiz.core.result.fit import Outcome, suggest_role
from fitquiz.core.result.scoring import (
    HIGH,
    IN_THE_MIDDLE,
    MIDDLE,
    Answers,
    Score,
    score_scales,
    score_traits,
)
from fitquiz.core.result.shown_numbers import ShownNumbers, round_outcome
from fitquiz.core.result.what_if import WayOut, find_ways_out

MAX_STRENGTHS = 3
MIN_ANSWERS_OF_STRENGTH = 3
"""A strength needs this number of answers, because two answers are too few for a claim.

A trait with fewer items in the pack needs all its answers.
"""


@dataclass(frozen=True, slots=True)
class Strength:
    """A trait with a high or a low score, and the answer that shows the score most clearly.

    `level` is HIGH or LOW. For HIGH, `item` is the item with the highest keyed value. For LOW,
    `item` is the item with the lowest keyed value. `answer` is the raw answer to `item`.
    """

    trait: str
    level: str
    item: str
    answer: int


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one attempt.

    `outcome` is None if the pack has no poles, or if too few items were answered for a suggestion.
    `certainty` is one of the words in `certainty.py`, or None without an outcome.
    `modules` contains the scores of the scales by the id of their module.
    `shown` contains the numbers of `outcome` as all pages show them.

    `answered` is the number of answered scored items, and `presented` is the number of all scored
    items in the attempt. `answered_in_all` also counts the answered items of modules.
    `can_sharpen` is true if the respondent may add the sharpening items.
    """

    scores: tuple[Score, ...]
    outcome: Outcome | None
    certainty: str | None
    shown: ShownNumbers | None
    strengths: tuple[Strength, ...]
    ways_out: tuple[WayOut, ...]
    style: AnsweringStyle
    modules: Mapping[str, tuple[Score, ...]]
    answered: int
    presented: int
    answered_in_all: int
    can_sharpen: bool

    @property
    def has_scores(self) -> bool:
        """Whether at least one trait has a score."""
        found = [score.score for score in self.scores]
        return found.count(None) < len(found)

    @property
    def has_all_scores(self) -> bool:
        """Whether every trait has a score."""
        found = [score.score for score in self.scores]
        return None not in found


def work_out_result(
    pack: Pack,
    answers: Answers,
    parts: tuple[str, ...],
    seconds: Mapping[str, float],
    language: str,
) -> Result:
    """Return the result of the answers to the parts with the ids in `parts`.

    `seconds` maps the id of an item to the seconds since the previous answer. The function counts
    the words of each statement in `language`, to recognize hasty answers.
    """
    scores = score_traits(pack, answers, parts)
    outcome = suggest_role(pack, scores)
    ways_out = find_ways_out(pack, answers, outcome) if outcome else ()
    poles = {trait.id: trait.pole for trait in pack.traits}
    items = _list_scored_items(pack, parts)
    statements = pack.words_in(language)["items"]
    words = {item.id: len(statements[item.id].split()) for item in items}
    is_undecided = outcome is not None and not outcome.is_decided
    has_sharpening_left = SHARPENING in pack.parts and SHARPENING not in parts
    return Result(
        scores=scores,
        outcome=outcome,
        certainty=judge_certainty(outcome, ways_out) if outcome else None,
        shown=round_outcome(outcome) if outcome else None,
        strengths=find_strengths(scores, poles, answers),
        ways_out=ways_out,
        style=describe_style(items, answers, scores, seconds, words),
        modules=_score_modules(pack, answers, parts),
        answered=_count_answered(items, answers),
        presented=len(items),
        answered_in_all=_count_answered(pack.items_of(parts), answers),
        can_sharpen=is_undecided and has_sharpening_left,
    )


def find_strengths(
    scores: tuple[Score, ...], poles: Mapping[str, str | None], answers: Answers
) -> tuple[Strength, ...]:
    """Return at most MAX_STRENGTHS traits with a high or a low score.

    A strength has a told level, and enough answers.

    The trait with the score furthest from the middle comes first. `poles` maps the id of each trait
    to its pole. If several scores are equally far from the middle, the function alternates the
    poles. Therefore the order of the traits in the pack does not favour one pole.
    """
    left = [
        score
        for score in scores
        if score.told_level != IN_THE_MIDDLE and _has_enough_answers(score)
    ]
    chosen: list[Score] = []
    while left and len(chosen) < MAX_STRENGTHS:
        strongest = _find_strongest(left, chosen, poles)
        left.remove(strongest)
        chosen.append(strongest)
    return tuple(_describe_strength(score, answers) for score in chosen)


def _has_enough_answers(score: Score) -> bool:
    return len(score.items) >= min(MIN_ANSWERS_OF_STRENGTH, score.presented)


def _find_strongest(
    left: Sequence[Score], chosen: Sequence[Score], poles: Mapping[str, str | None]
) -> Score:
    """Return the score in `left` that is furthest from the middle.

    If several scores are equally far from the middle, prefer the pole with the fewest scores in
    `chosen`.
    """
    chosen_poles = [poles[score.id] for score in chosen]

    def rank(score: Score) -> tuple[Fraction, int]:
        times_chosen = chosen_poles.count(poles[score.id])
        return _measure_distance(score), -times_chosen

    return max(left, key=rank)


def _score_modules(
    pack: Pack, answers: Answers, parts: tuple[str, ...]
) -> Mapping[str, tuple[Score, ...]]:
    scored = {}
    for module in pack.modules:
        if module.id in parts and module.scales:
            scored[module.id] = score_scales(pack, module, answers)
    return scored


def _describe_strength(score: Score, answers: Answers) -> Strength:
    choose = max if score.level == HIGH else min
    clearest = choose(score.items, key=lambda each: each.value)
    item = clearest.item.id
    answer = answers[item] or 0
    return Strength(score.id, score.level, item, answer)


def _measure_distance(score: Score) -> Fraction:
    if score.score is None:
        return Fraction(0)
    return abs(score.score - MIDDLE)


def _count_answered(items: Sequence[Item], answers: Answers) -> int:
    return sum(answers.get(item.id) is not None for item in items)


def _list_scored_items(pack: Pack, parts: tuple[str, ...]) -> tuple[Item, ...]:
    scored_parts = [part for part in parts if part in (STANDARD, SHARPENING)]
    return pack.items_of(scored_parts)
