"""A pack: the structure, decision rule and words of a questionnaire, as frozen data.

This module defines the names that both packs and stored data use.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Any

STANDARD = "standard"
SHARPENING = "sharpening"
"""The two forms of scored items, and the ids of the parts that hold them."""

EVERYONE = "everyone"
ON_REQUEST = "on-request"
CAMPAIGN = "campaign"
"""Who gets a module: everyone, a respondent who wants it, or the respondents of a campaign."""

VERSATILE = "versatile"
NEITHER = "neither"
TOO_CLOSE = "too-close"
UNDECIDED_SUGGESTIONS = (VERSATILE, NEITHER, TOO_CLOSE)
"""The suggestions that are not a pole. Each pack names its own two poles."""

STARTERS = "starters"
OFFERS = "offers"
REPORTS = "reports"
EXTRAS = (STARTERS, OFFERS, REPORTS)
"""Optional groups of texts: conversation starters, job ratings, and longer reports of modules."""

Words = Mapping[str, Any]
"""The texts of one language, in the structure of its file. No key is missing: `pack_files` has checked that."""


class Keyed(Enum):
    """The keyed direction: whether agreeing with an item raises or lowers the trait."""

    PLUS = "plus"
    MINUS = "minus"


@dataclass(frozen=True, slots=True)
class Item:
    """One statement to rate.

    `measures` is the id of a trait or of a module's scale. If it is None, `keyed` is None too.
    """

    id: str
    measures: str | None
    keyed: Keyed | None


@dataclass(frozen=True, slots=True)
class Trait:
    """What items measure. A high score supports `pole`. `weight` counts in the fit of that pole."""

    id: str
    pole: str | None
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Aspect:
    """One row of the table that compares the two kinds of role. It may refer to a trait."""

    id: str
    trait: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """A group of items that are shown one after another. `form` is STANDARD or SHARPENING."""

    form: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """Items that never change the suggestion. `asked` is EVERYONE, ON_REQUEST or CAMPAIGN."""

    id: str
    asked: str
    scales: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """The numbers of the decision rule.

    `item_sd`, `both_from` and `neither_to` are on the scale 0-100. `band` and `clear` are numbers of
    standard errors. `least_answered` is the fraction (0 to 1) of a trait's items that must be answered.
    """

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
    """Items that a respondent opens and sends together: the standard form, the sharpening form or a module."""

    id: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Pack:
    """A whole questionnaire. `content_hash` is the SHA-256 (hex) of its `files` (name → text)."""

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
        items: dict[str, tuple[Item, ...]] = {}
        for block in self.blocks:
            items[block.form] = items.get(block.form, ()) + block.items
        for module in self.modules:
            items[module.id] = module.items

        modules = [module.id for module in self.modules]
        parts = {}
        for part in (STANDARD, *modules, SHARPENING):
            if part in items:
                parts[part] = Part(part, items[part])
        return parts

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """All items by id."""
        return {item.id: item for part in self.parts.values() for item in part.items}

    @cached_property
    def first_parts(self) -> tuple[str, ...]:
        """The parts that everybody is asked: the standard form and the modules for everyone."""
        modules = [module.id for module in self.modules if module.asked == EVERYONE]
        return (STANDARD, *modules)

    @cached_property
    def optional_parts(self) -> tuple[Part, ...]:
        """The parts of the modules that a respondent may add."""
        modules = [module for module in self.modules if module.asked == ON_REQUEST]
        return tuple(self.parts[module.id] for module in modules)

    def items_of(self, parts: Iterable[str]) -> tuple[Item, ...]:
        """Return the items of the named parts, in the order in which they are asked."""
        wanted = set(parts)
        asked = [part for part in self.parts.values() if part.id in wanted]
        return tuple(item for part in asked for item in part.items)

    def words_in(self, language: str) -> Words:
        """Return the texts in a language, or in the pack's first language if it has no such texts."""
        return self.words.get(language) or self.words[self.languages[0]]
