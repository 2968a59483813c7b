"""Made-up people: what they like, and a little chance, decide their answers."""

import random
from collections.abc import Iterable, Mapping

from fitquiz.core.packs import Item, Keyed

Likes = Mapping[str, float]
"""By trait, how much a person likes what the trait is about: about -2 to 2."""


def choose_answers(
    items: Iterable[Item],
    likes: Likes,
    rng: random.Random,
) -> dict[str, int | None]:
    """Return a person's raw answers (0 to 4) by item."""
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
