"""Finds and tries changed answers to a pack, for the tests of other suggestions."""

from itertools import combinations, product

from fitquiz.core.packs import Pack
from fitquiz.core.result.scoring import Answers
from fitquiz.core.result.what_if import AnswerChange, WayOut, find_ways_out
from tests.core.support.pack_building import find_outcome


def find_ways(pack: Pack, answers: Answers, max_ways: int = 3) -> tuple[WayOut, ...]:
    return find_ways_out(pack, answers, find_outcome(pack, answers), max_ways)


def apply(answers: Answers, changes: tuple[AnswerChange, ...]) -> dict[str, int | None]:
    return {**answers, **{change.item: change.then for change in changes}}


def suggest(pack: Pack, answers: Answers) -> str:
    return find_outcome(pack, answers).suggestion


def try_all(pack: Pack, answers: Answers) -> tuple[int, dict[str, list[dict[str, int | None]]]]:
    """The least number of answers that must change, and all answers with so many changed, by their suggestion."""
    now = suggest(pack, answers)
    answered = [item for item, given in answers.items() if given is not None]
    for number in range(1, len(answered) + 1):
        found: dict[str, list[dict[str, int | None]]] = {}
        for items in combinations(answered, number):
            others = [
                [a for a in range(pack.answer_points) if a != answers[item]] for item in items
            ]
            for chosen in product(*others):
                changed = {**answers, **dict(zip(items, chosen, strict=True))}
                if (suggestion := suggest(pack, changed)) != now:
                    found.setdefault(suggestion, []).append(changed)
        if found:
            return number, found
    return 0, {}
