"""Chooses the conversation starters that a counsellor reads and prints."""

from collections.abc import Sequence
from dataclasses import dataclass

from fitquiz.core.packs import CHANGES, STARTERS, Pack, Words
from fitquiz.core.result.comparisons import WITHIN, Difference
from fitquiz.core.result.whole_result import Result

PRINTED = 3
"""The number of starters on the page for the talk."""


@dataclass(frozen=True, slots=True)
class TraitStarter:
    """A starter about one trait. `trait` is the id of the trait."""

    trait: str
    text: str


def choose_printed_starters(pack: Pack, words: Words, result: Result) -> list[str]:
    """Return at most PRINTED starters: first about the suggestion, then about what stands out."""
    if STARTERS not in pack.extras:
        return []
    starters: list[str] = []
    if result.outcome is not None:
        starters += words["suggestions"][result.outcome.suggestion]["starters"]
    for strength in result.strengths:
        starters.append(words["traits"][strength.trait]["starters"][strength.level])
    return starters[:PRINTED]


def list_change_starters(
    pack: Pack, words: Words, differences: Sequence[Difference]
) -> list[TraitStarter]:
    """Return a starter for each trait that changed by more than the margin of error.

    Return an empty list if the pack has no texts about changes.
    """
    if CHANGES not in pack.extras:
        return []
    moved = [each for each in differences if each.standing != WITHIN]
    starters = []
    for each in moved:
        changes = words["traits"][each.id]["changes"]
        text = changes["up"] if each.points > 0 else changes["down"]
        starters.append(TraitStarter(each.id, text))
    return starters
