"""A pack: a questionnaire's structure, decision rule and words, as frozen data that nothing changes after reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Any

STANDARD = "standard"
SHARPENING = "sharpening"
EVERYONE = "everyone"
ON_REQUEST = "on-request"
CAMPAIGN = "campaign"

STARTERS, OFFERS, REPORTS = "starters", "offers", "reports"
"""Texts that a pack may have besides: to start a conversation, to rate a job, and fuller reports of its modules."""

Words = Mapping[str, Any]
"""One language's texts, nested as in its file; the validator has seen to it that every key is there."""


class Keyed(Enum):
    """The keyed direction: whether agreeing with an item raises or lowers what it measures."""

    PLUS = "plus"
    MINUS = "minus"


@dataclass(frozen=True, slots=True)
class Item:
    """One statement to rate. `measures` names a trait, a module's scale, or nothing (then `keyed` is None too)."""

    id: str
    measures: str | None
    keyed: Keyed | None


@dataclass(frozen=True, slots=True)
class Trait:
    """What items measure. `pole` is the side that a high score speaks for; `weight` counts within that pole."""

    id: str
    pole: str | None
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Aspect:
    """A row in which the two kinds of role are compared, read against one trait or none."""

    id: str
    trait: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """A group of items that are shown after one another; `form` is standard or sharpening."""

    form: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """Items beside the scored ones, never part of the suggestion. `asked`: everyone, on-request or campaign."""

    id: str
    asked: str
    scales: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """The decision rule's numbers: scores and `item_sd` on the 0-100 scale, `band` and `clear` in standard errors."""

    poles: tuple[str, str] | None
    item_sd: Fraction
    calibrated: bool
    band: Fraction
    clear: Fraction
    both_from: Fraction
    neither_to: Fraction
    least_answered: Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """A run of items that a respondent opens and sends as one: the standard form, the sharpening one, or a module."""

    id: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Pack:
    """A whole questionnaire. `content_hash` (SHA-256, hex) names exactly these `files` (name → text)."""

    id: str
    version: str
    licence: str
    source: str
    languages: tuple[str, ...]
    answer_points: int
    rule: Rule
    traits: tuple[Trait, ...]
    aspects: tuple[Aspect, ...]
    blocks: tuple[Block, ...]
    modules: tuple[Module, ...]
    words: Mapping[str, Words]
    files: Mapping[str, str]
    content_hash: str
    extras: tuple[str, ...] = ()

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """All parts by id, in the order in which they are asked."""
        forms: dict[str, tuple[Item, ...]] = {}
        for block in self.blocks:
            forms[block.form] = forms.get(block.form, ()) + block.items
        for module in self.modules:
            forms[module.id] = module.items
        order = [STANDARD, *(module.id for module in self.modules), SHARPENING]
        return {part: Part(part, forms[part]) for part in order if part in forms}

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """All items by id."""
        return {item.id: item for part in self.parts.values() for item in part.items}

    @cached_property
    def first_parts(self) -> tuple[str, ...]:
        """The parts that everybody is asked: the standard form and the modules for everyone."""
        return (STANDARD, *(module.id for module in self.modules if module.asked == EVERYONE))

    def items_of(self, parts: tuple[str, ...]) -> tuple[Item, ...]:
        """The items of the named parts, in the order in which they are asked."""
        return tuple(
            item for part in self.parts.values() if part.id in parts for item in part.items
        )

    def words_in(self, language: str) -> Words:
        """The texts in a language; in the pack's first language where it lacks that one."""
        return self.words.get(language) or self.words[self.languages[0]]
