"""Frozen dataclasses for a pack: its structure, its decision rule and its texts.

The constants are words that occur in pack files or in stored data.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Any

from fitquiz.core.languages import find_nearest

STANDARD = "standard"
SHARPENING = "sharpening"
"""The two forms of a block.

Each form is also the id of a part. The part contains the items of all blocks with this form.
"""

EVERYONE = "everyone"
ON_REQUEST = "on-request"
CAMPAIGN = "campaign"
"""The values of `Module.asked`.

EVERYONE: every respondent gets the module. ON_REQUEST: only respondents who choose the module get
the module. CAMPAIGN: if a campaign counts the module's items, the campaign's respondents get the
module.
"""

DOES_NOT_APPLY = -1
"""The stored answer of a respondent to whom an item does not apply.

Scores treat the item like an item that was left out. A respondent can give this answer only if
`Pack.offers_does_not_apply` is true.
"""

VERSATILE = "versatile"
NEITHER = "neither"
TOO_CLOSE = "too-close"
UNDECIDED_SUGGESTIONS = (VERSATILE, NEITHER, TOO_CLOSE)
"""The suggestions that are not poles. Every pack with poles can give these suggestions."""

STARTERS = "starters"
OFFERS = "offers"
REPORTS = "reports"
CHANGES = "changes"
ENDS = "ends"
TERMS = "terms"
EXTRAS = (STARTERS, OFFERS, REPORTS, CHANGES, ENDS, TERMS)
"""The groups of texts that a pack may add.

STARTERS: questions that open a conversation with a counsellor. OFFERS: texts for job ratings.
REPORTS: longer reports of modules. CHANGES: questions about a trait whose score rose or fell between
two results. ENDS: a few words for each end of a trait's line. TERMS: the pack's own words for
statement and role.
"""

Words = Mapping[str, Any]
"""The texts of one language, with the keys of the language file.

The package `pack_files` has checked that every required key is present, and has added the key
`item_labels` with the labels of the answers to each item.
"""


class Keyed(Enum):
    """The keyed direction of an item.

    Agreeing with a PLUS item raises the score of the item's trait or scale. Agreeing with a MINUS
    item lowers the score.
    """

    PLUS = "plus"
    MINUS = "minus"


@dataclass(frozen=True, slots=True)
class Item:
    """One statement to rate.

    `measures` is the id of a trait or of a module's scale. If the item measures no trait and no
    scale, both `measures` and `keyed` are None.
    """

    id: str
    measures: str | None
    keyed: Keyed | None


@dataclass(frozen=True, slots=True)
class Trait:
    """What several items measure together, for example autonomy.

    A high score supports `pole`. `weight` is the weight of the score in the fit of `pole`. `pole`
    is None if the pack has no poles. `item_sd` is the standard error of one answer to an item of the
    trait, in points of 0-100. If `item_sd` is None, `Rule.item_sd` applies.
    """

    id: str
    pole: str | None
    weight: Fraction
    item_sd: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Aspect:
    """One row of the table that compares the two kinds of role.

    `trait` is the id of the trait that the row is about, or None if no trait fits the row.
    """

    id: str
    trait: str | None


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation to explore, for example nurse. `pole` is the pole that the occupation mainly has."""

    id: str
    pole: str


@dataclass(frozen=True, slots=True)
class Block:
    """A sequence of scored items, in the order of asking. `form` is STANDARD or SHARPENING."""

    form: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """Items that never change the suggestion.

    `asked` is EVERYONE, ON_REQUEST or CAMPAIGN. `scales` contains the ids of the module's scales.
    """

    id: str
    asked: str
    scales: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """The numbers of the decision rule.

    `poles` contains the first and the second pole, or is None if the pack has no poles. `item_sd`
    is the standard error of one answer, in points of 0-100. A trait can have an own `item_sd`.
    `calibrated` is true if each `item_sd` was estimated from data.

    `band` and `clear` are numbers of standard errors of the lean. The band of the lean is the lean
    ± `band` standard errors. A lean more than `clear` standard errors away from zero is clear.

    If the band touches zero, the limits `both_from` and `neither_to` decide, in points of 0-100.
    Two fits of at least `both_from` give VERSATILE. Two fits of at most `neither_to` give NEITHER.

    A trait or scale has a score only if enough of its items are answered. `least_answered` is the
    smallest sufficient fraction of answered items, 0 to 1.
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
    """Items that a respondent opens and sends together.

    A part contains the items of the form STANDARD, of the form SHARPENING, or of a module.
    """

    id: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Pack:
    """A whole questionnaire.

    `answer_points` is the number of answers to choose from. `words` maps each language to the texts
    of the language. `files` maps the name of each file to its text. `content_hash` is the SHA-256
    of `files`, in hexadecimal digits. If `offers_does_not_apply` is true, respondents can say that an
    item does not apply to them.
    """

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
    occupations: tuple[Occupation, ...] = ()
    offers_does_not_apply: bool = False

    def __hash__(self) -> int:
        """Return an equal hash for equal packs, so that functions of a pack can be cached."""
        return hash(self.content_hash)

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """All parts by id, in the order of asking."""
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
        """The ids of the parts that every respondent gets: STANDARD and the modules for EVERYONE."""
        modules = [module.id for module in self.modules if module.asked == EVERYONE]
        return (STANDARD, *modules)

    @cached_property
    def optional_parts(self) -> tuple[Part, ...]:
        """The parts of all ON_REQUEST modules, in the order of the pack."""
        modules = [module for module in self.modules if module.asked == ON_REQUEST]
        return tuple(self.parts[module.id] for module in modules)

    @cached_property
    def answer_variances(self) -> Mapping[str, Fraction]:
        """The squared standard error of one answer to an item of each trait, in points squared."""
        variances = {}
        for trait in self.traits:
            item_sd = trait.item_sd or self.rule.item_sd
            variances[trait.id] = item_sd**2
        return variances

    def items_of(self, parts: Iterable[str]) -> tuple[Item, ...]:
        """Return the items of the parts with the ids in `parts`, in the order of asking."""
        wanted = set(parts)
        asked = [part for part in self.parts.values() if part.id in wanted]
        return tuple(item for part in asked for item in part.items)

    def words_in(self, language: str) -> Words:
        """Return the texts in `language`.

        A pack can name the language with another code, for example `no` instead of `nb`. If the pack
        has no texts in `language`, return the texts in the pack's nearest language.
        """
        shown = self.language_for(language)
        return self.words[shown]

    def language_for(self, language: str) -> str:
        """Return the code of the pack's language whose texts a page in `language` shows."""
        return find_nearest(language, self.languages)
