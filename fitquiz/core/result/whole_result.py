"""A whole result: everything that a respondent is told, worked out from the stored answers alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from fitquiz.core.packs import SHARPENING, STANDARD, Item, Pack
from fitquiz.core.result.answering_style import AnsweringStyle, describe_style
from fitquiz.core.result.fit import Outcome, suggest_role
from fitquiz.core.result.scoring import MIDDLE, Answers, Score, score_scales, score_traits
from fitquiz.core.result.what_if import WayOut, find_ways_out

MOST_STRENGTHS = 3


@dataclass(frozen=True, slots=True)
class Strength:
    """A trait that stands out, high or low, tied to the respondent's own answer that says so most."""

    trait: str
    level: str
    item: str
    answer: int


@dataclass(frozen=True, slots=True)
class Result:
    """What one attempt says. `outcome` is None for a pack without poles, or with too few answers for a suggestion."""

    scores: tuple[Score, ...]
    outcome: Outcome | None
    strengths: tuple[Strength, ...]
    ways_out: tuple[WayOut, ...]
    style: AnsweringStyle
    modules: Mapping[str, tuple[Score, ...]]
    answered: int
    presented: int
    can_sharpen: bool


def work_out_result(
    pack: Pack,
    answers: Answers,
    parts: tuple[str, ...],
    seconds: Mapping[str, float],
    language: str,
) -> Result:
    """Return the result of the answers to the named parts; `seconds` as in `describe_style`."""
    scores = score_traits(pack, answers, parts)
    outcome = suggest_role(pack, scores)
    items = _scored_items(pack, parts)
    words = {item.id: len(pack.words_in(language)["items"][item.id].split()) for item in items}
    undecided = outcome is not None and not outcome.is_decided
    return Result(
        scores=scores,
        outcome=outcome,
        strengths=find_strengths(scores, {trait.id: trait.pole for trait in pack.traits}, answers),
        ways_out=find_ways_out(pack, answers, outcome) if outcome else (),
        style=describe_style(items, answers, scores, seconds, words),
        modules={
            m.id: score_scales(pack, m, answers) for m in pack.modules if m.id in parts and m.scales
        },
        answered=sum(answers.get(item.id) is not None for item in items),
        presented=len(items),
        can_sharpen=undecided and SHARPENING in pack.parts and SHARPENING not in parts,
    )


def find_strengths(
    scores: tuple[Score, ...], poles: Mapping[str, str | None], answers: Answers
) -> tuple[Strength, ...]:
    """Return the traits that stand out most, high or low, each with the answer that says so most.

    `poles` gives each trait's pole. Equally strong traits are taken from the poles in turn, so that the order of the
    list never favours a side.
    """
    standing_out = [
        score for score in scores if score.score is not None and score.level != "middle"
    ]
    distances = {score.id: _distance(score) for score in standing_out}
    chosen: list[Score] = []
    while standing_out and len(chosen) < MOST_STRENGTHS:
        taken = [poles[score.id] for score in chosen]
        best = max(
            standing_out, key=lambda score: (distances[score.id], -taken.count(poles[score.id]))
        )
        standing_out.remove(best)
        chosen.append(best)
    return tuple(_describe_strength(score, answers) for score in chosen)


def _describe_strength(score: Score, answers: Answers) -> Strength:
    sign = 1 if score.level == "high" else -1
    telling = max(score.items, key=lambda each: sign * each.value).item.id
    return Strength(score.id, score.level, telling, answers[telling] or 0)


def _distance(score: Score) -> Fraction:
    return Fraction(0) if score.score is None else abs(score.score - MIDDLE)


def _scored_items(pack: Pack, parts: tuple[str, ...]) -> tuple[Item, ...]:
    return pack.items_of(tuple(part for part in parts if part in (STANDARD, SHARPENING)))
