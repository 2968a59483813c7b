"""Chooses the answers of made-up people. The answers depend on the person's likes and on chance."""

import random
from collections.abc import Iterable, Mapping

from fitquiz.core.packs import Item, Keyed

Likes = Mapping[str, float]
"""How much a person likes the subject of each trait, for example autonomy. Keys are ids of traits.

Most values are from -2 to 2. A higher value means that the person likes the subject more.
"""


def choose_answers(
    items: Iterable[Item],
    likes: Likes,
    rng: random.Random,
) -> dict[str, int | None]:
    """Return a person's answers by the id of the item. 4 is the strongest agreement with the item."""
    answers: dict[str, int | None] = {}
    for item in items:
        answers[item.id] = _choose_answer(item, likes, rng)
    return answers


def _choose_answer(item: Item, likes: Likes, rng: random.Random) -> int:
    mean = likes.get(item.measures or "", 0.5)
    liking = rng.gauss(mean, 0.9)
    answer = min(4, max(0, round(2 + liking)))
    if item.keyed is Keyed.MINUS:
        return 4 - answer
    return answer
