"""What stands out in a result: what the respondent enjoys, and the rows about a day in each role.

Agreement shows a wish. Disagreement shows only what somebody does not want, so it shows no wish.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fitquiz.core.packs import Aspect, Keyed, Pack
from fitquiz.core.result.scoring import HIGH, MIDDLE, ItemScore
from fitquiz.core.result.whole_result import Result


@dataclass(frozen=True, slots=True)
class Wish:
    """A trait with a high or a low score, and a statement with which the respondent agreed.

    `level` is the level of the score. Agreement with `item` raises a high score, and lowers a low
    score. `answer` is the raw answer to `item`.
    """

    trait: str
    level: str
    item: str
    answer: int


def list_wishes(pack: Pack, result: Result) -> list[Wish]:
    """Return the traits that stand out in a result, and for which an agreed statement exists.

    The trait that stands out most comes first.
    """
    items = {score.id: score.items for score in result.scores}
    wishes = []
    for strength in result.strengths:
        agreed = _find_most_agreed(items[strength.trait], strength.level)
        if agreed:
            answer = _read_answer(pack, agreed)
            wish = Wish(strength.trait, strength.level, agreed.item.id, answer)
            wishes.append(wish)
    return wishes


def order_aspects(pack: Pack, result: Result) -> list[Aspect]:
    """Return the aspects of a pack. The aspect whose score is furthest from the middle comes first."""
    distances: dict[str | None, float] = {}
    for score in result.scores:
        if score.score is not None:
            distances[score.id] = abs(float(score.score - MIDDLE))
    return sorted(
        pack.aspects,
        key=lambda aspect: distances.get(aspect.trait, 0.0),
        reverse=True,
    )


def _find_most_agreed(items: Iterable[ItemScore], level: str) -> ItemScore | None:
    """Return the item with the strongest agreement, or None if the respondent agreed with no item."""
    keyed = Keyed.PLUS if level == HIGH else Keyed.MINUS
    agreed = [each for each in items if each.item.keyed is keyed and _is_agreed(each)]
    return max(agreed, key=_measure_agreement, default=None)


def _is_agreed(item: ItemScore) -> bool:
    return _measure_agreement(item) > 0


def _measure_agreement(item: ItemScore) -> float:
    towards = item.value - MIDDLE
    return float(-towards if item.item.keyed is Keyed.MINUS else towards)


def _read_answer(pack: Pack, item: ItemScore) -> int:
    """Return the raw answer that gave the keyed value of an item."""
    highest = pack.answer_points - 1
    towards = int(item.value * highest / 100)
    return highest - towards if item.item.keyed is Keyed.MINUS else towards
