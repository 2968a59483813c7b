"""Strategies for property tests: random packs, and answers to these packs with some items left out."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from fitquiz.core.packs import Pack
from fitquiz.core.result.scoring import Answers
from tests.core.support.pack_building import build_pack, build_six

BACK, FRONT = ("autonomy", "focus", "quiet"), ("people", "solving", "voice")


@st.composite
def packs(
    draw: st.DrawFn,
    most_traits: int = 3,
    most_items: int = 4,
    most_points: int = 7,
    deviations: Sequence[float] = (1, 10, 25),
    bands: Sequence[float] = (1,),
) -> Pack:
    """A pack with one to three traits for each pole, unequal weights, and items with random keyed directions."""
    traits = {}
    for pole, names in (("back", BACK), ("front", FRONT)):
        for name in names[: draw(st.integers(1, most_traits))]:
            traits[name] = (pole, draw(st.sampled_from([1, 1, 2, 0.5, 0.1, 3])))
    block = []
    for name in traits:
        block += [
            name + draw(st.sampled_from("+-")) for _ in range(draw(st.integers(1, most_items)))
        ]
    rule: dict[str, Any] = {
        "item_sd": draw(st.sampled_from(deviations)),
        "band": draw(st.sampled_from(bands)),
    }
    rule |= {
        "both_from": draw(st.sampled_from([60, 60, 62.3])),
        "neither_to": draw(st.sampled_from([40, 40, 37.7])),
    }
    return build_pack([" ".join(block)], traits, points=draw(st.integers(2, most_points)), **rule)


@st.composite
def answered_packs(draw: st.DrawFn, most_left_out: int = 2) -> tuple[Pack, Answers]:
    """A pack, and answers to the pack. A few items are left out."""
    pack = draw(packs())
    return pack, draw(answers_to(pack, most_left_out))


@st.composite
def answers_to(draw: st.DrawFn, pack: Pack, most_left_out: int = 0) -> Answers:
    """Answers to all items but a few."""
    given: dict[str, int | None] = {
        item: draw(st.integers(0, pack.answer_points - 1)) for item in pack.items
    }
    left_out = draw(st.lists(st.sampled_from(sorted(given)), max_size=most_left_out))
    return given | dict.fromkeys(left_out)


SIX_PACK = build_six()
"""A balanced pack like the shipped pack."""

answers_to_six = answers_to(SIX_PACK, most_left_out=4)
