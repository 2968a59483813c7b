"""The made-up result on the start page. The functions that make real results also make this result."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from fitquiz.core.packs import STANDARD, Item, Keyed, Pack
from fitquiz.core.result.certainty import judge_certainty
from fitquiz.core.result.fit import Outcome, suggest_role
from fitquiz.core.result.scoring import Score, score_traits
from fitquiz.core.result.what_if import find_ways_out

_AGREEMENT = {1: ("0.8", "0.75", "0.85"), 2: ("0.3", "0.7", "0.35")}
"""How much the made-up respondent agrees with the traits of each pole, from 0 to 1.

The numbers repeat if a pole has more traits. A trait without a pole has the numbers of the first
pole.
"""
_ROWS = 3


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """A made-up result. `scores` are the scores of some traits of both poles.

    `outcome` and `certainty` are None for a pack without poles.
    """

    outcome: Outcome | None
    certainty: str | None
    scores: tuple[Score, ...]


@cache  # Without the cache, the example would take a quarter of the time of the start page.
def make_example_result(pack: Pack) -> ExampleResult:
    """Return the result of a made-up respondent whose answers pull to the first pole."""
    answers: dict[str, int | None] = {}
    items = pack.items_of([STANDARD])
    for trait, agreement in _list_agreement(pack).items():
        of_trait = [item for item in items if item.measures == trait]
        for index, item in enumerate(of_trait):
            answers[item.id] = _answer(pack, item, index, agreement)

    scores = score_traits(pack, answers, [STANDARD])
    every_second = scores[::2]
    rows = every_second[:_ROWS]
    outcome = suggest_role(pack, scores)
    if outcome is None:
        return ExampleResult(None, None, rows)
    ways_out = find_ways_out(pack, answers, outcome)
    return ExampleResult(outcome, judge_certainty(outcome, ways_out), rows)


def _list_agreement(pack: Pack) -> dict[str, Fraction]:
    """Return how much the made-up respondent agrees with each trait, by trait id."""
    agreement: dict[str, Fraction] = {}
    for number, pole in enumerate(pack.rule.poles or (None,), start=1):
        traits = [trait for trait in pack.traits if trait.pole == pole]
        numbers = _AGREEMENT[number]
        for index, trait in enumerate(traits):
            agreement[trait.id] = Fraction(numbers[index % len(numbers)])
    return agreement


def _answer(pack: Pack, item: Item, index: int, agreement: Fraction) -> int:
    """Return the answer to the item with this index among the items of its trait.

    The answers to a trait differ by one step at most, and their mean is close to `agreement`.
    """
    highest = pack.answer_points - 1
    before = int(index * agreement * highest)
    answer = int((index + 1) * agreement * highest) - before
    return highest - answer if item.keyed is Keyed.MINUS else answer
