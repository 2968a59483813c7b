"""Made-up people of the demo: how each likes the traits decides the answers, with a little chance."""

import random
from collections.abc import Iterable, Mapping

from fitquiz.core.packs import Item, Keyed

Likes = Mapping[str, float]
"""How far a person likes what each trait is about: about -2 to 2."""


def choose_answers(
    items: Iterable[Item], person: Likes, lots: random.Random
) -> dict[str, int | None]:
    """Return a person's raw answers to items on five points."""
    return {item.id: _choose(item, person, lots) for item in items}


def _choose(item: Item, person: Likes, lots: random.Random) -> int:
    liking = lots.gauss(person.get(item.measures or "", 0.5), 0.9)
    towards = min(4, max(0, round(2 + liking)))
    return 4 - towards if item.keyed is Keyed.MINUS else towards
