"""Answers that lead to the result that a test needs. The keyed directions of the pack decide these answers."""

from pathlib import Path

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import Keyed, Pack
from fitquiz.web.site.installed_packs import read_files

ROOT = Path(__file__).parents[3]
QUESTIONS = ROOT / "questions"
PACK = read_pack(read_files(QUESTIONS / "front-back-office"))
FIRST = [item.id for item in PACK.items_of(PACK.first_parts)]
BACK = [trait.id for trait in PACK.traits if trait.pole == "back"]
FRONT = [trait.id for trait in PACK.traits if trait.pole == "front"]


def agree(pack: Pack = PACK, usual: int = 2, **levels: int) -> dict[str, int]:
    """Return answers that agree with each trait at a level, from 0 to the highest answer.

    `levels` contains the levels of some traits. All other traits have the level `usual`. Write an underscore for
    each hyphen in the name of a trait.
    """
    by_trait = {name.replace("_", "-"): level for name, level in levels.items()}
    highest = pack.answer_points - 1
    answers = {}
    for item in pack.items.values():
        level = by_trait.get(item.measures or "", usual)
        answers[item.id] = highest - level if item.keyed is Keyed.MINUS else level
    return answers


def side(traits: list[str], level: int) -> dict[str, int]:
    """Return one level for several traits, as `agree` takes them."""
    return {trait.replace("-", "_"): level for trait in traits}


CASES = {
    "front, clearly": ("front", True, agree(PACK, 2, **side(FRONT, 4), **side(BACK, 0))),
    "back, clearly": ("back", True, agree(PACK, 2, **side(FRONT, 0), **side(BACK, 4))),
    "front": ("front", False, agree(people=4)),
    "back": ("back", False, agree(autonomy=4)),
    "versatile": ("versatile", False, agree(usual=3)),
    "neither": ("neither", False, agree(usual=1)),
    "too close": ("too-close", False, agree(people=3)),
}
"""Each outcome of the shipped pack: the name, whether the outcome is clear, and answers that lead there."""
