"""Checks of a pack's content: repeated ids, references, the decision rule, and balanced items."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from fitquiz.core.pack_files.faults import FaultList
from fitquiz.core.pack_files.toml_lines import Place
from fitquiz.core.packs import (
    SHARPENING,
    STANDARD,
    UNDECIDED_SUGGESTIONS,
    Item,
    Keyed,
    Pack,
)
from fitquiz.core.result.fit import suggest_role
from fitquiz.core.result.scoring import score_traits

USUAL_ITEM_SD = (10, 45)
"""The smallest and the largest usual standard error of one answer, in points of 0-100."""

_BALANCE_TRAIT = "Give each trait equal numbers of plus items and minus items."
_BALANCE_BLOCKS = "Give each trait equal numbers of plus items and minus items in the standard blocks."


def check_references(
    structure: Mapping[str, Any], faults: FaultList, file: str
) -> None:
    """Add a fault for each repeated id, each wrong reference and each contradiction in the rule.

    Also add a fault if the pack has no standard block.

    `structure` is a value that `keep_sound` returned. `file` is the name of the file in the faults.
    """
    _check_repeated(_list_item_ids(structure), "item", faults, file)
    _check_repeated(_list_ids(structure, "traits"), "trait", faults, file)
    _check_repeated(_list_ids(structure, "aspects"), "aspect", faults, file)
    _check_repeated(_list_ids(structure, "occupations"), "occupation", faults, file)
    _check_repeated(_list_ids(structure, "modules"), "module", faults, file)
    _check_repeated(_list_languages(structure), "language", faults, file)

    # A wrong trait or a wrong rule already has a fault. Do not add faults that this fault causes.
    places = [fault.place for fault in faults.errors]
    is_trait_faulty = any(place.endswith(".trait") for place in places)
    is_rule_faulty = any(
        place.startswith("rule") or place.endswith(".pole") for place in places
    )
    _check_modules(structure, faults, file)
    if not is_trait_faulty:
        _check_measured(structure, faults, file)
    if not is_rule_faulty:
        _check_rule(structure, faults, file)

    forms = [block.get("form") for block in structure["blocks"]]
    if STANDARD not in forms:
        says = "has no standard block."
        faults.add(file, ("blocks",), says, 'Add a block with form = "standard".')


def check_item_sd(pack: Pack, faults: FaultList) -> None:
    """Add a warning for each standard error of one answer that is unusually small or large."""
    _check_one_item_sd(pack.rule.item_sd, ("rule", "item_sd"), faults)
    for index, trait in enumerate(pack.traits):
        if trait.item_sd is not None:
            place = ("traits", index, "item_sd")
            _check_one_item_sd(trait.item_sd, place, faults)


def _check_one_item_sd(number: Fraction, place: Place, faults: FaultList) -> None:
    smallest, largest = USUAL_ITEM_SD
    item_sd = float(number)
    kind = None
    if item_sd < smallest:
        kind = "small"
    if item_sd > largest:
        kind = "large"
    if kind:
        says = f"{item_sd:g} is unusually {kind}, so the uncertainty of results can be wrong."
        remedy = f"Estimate the number from answers, or write 25. Usual numbers are {smallest} to {largest}."
        faults.add("pack.toml", place, says, remedy, is_warning=True)


def check_balance(pack: Pack, faults: FaultList) -> None:
    """Add a warning for each trait with unequal numbers of plus items and minus items.

    Also add a warning if strong agreement with every standard item gives a lean other than 0.
    """
    items = [item for block in pack.blocks for item in block.items]
    for index, trait in enumerate(pack.traits):
        plus, minus = _count_keys(items, trait.id)
        if plus != minus:
            says = f"has {plus} plus and {minus} minus items."
            place = ("traits", index)
            faults.add("pack.toml", place, says, _BALANCE_TRAIT, is_warning=True)

    lean = _find_lean_of_agreeing(pack)
    if lean:
        says = f"agreeing with every standard item gives a lean of {float(lean):+.1f} instead of 0."
        faults.add("pack.toml", ("blocks",), says, _BALANCE_BLOCKS, is_warning=True)


def _count_keys(items: Iterable[Item], trait: str) -> tuple[int, int]:
    keys = Counter(item.keyed for item in items if item.measures == trait)
    return keys[Keyed.PLUS], keys[Keyed.MINUS]


def _find_lean_of_agreeing(pack: Pack) -> Fraction:
    """Return the lean of a respondent who strongly agrees with every standard item.

    Return 0 if the pack gives no suggestion.
    """
    answers = dict.fromkeys(pack.items, pack.answer_points - 1)
    outcome = suggest_role(pack, score_traits(pack, answers, (STANDARD,)))
    return outcome.lean if outcome else Fraction(0)


def _check_repeated(
    ids: Iterable[tuple[str, Place]], kind: str, faults: FaultList, file: str
) -> None:
    seen: set[str] = set()
    for name, place in ids:
        if name and name in seen:
            says = f"{kind} {name!r} occurs here a second time."
            faults.add(file, place, says, "Use each id only once.")
        seen.add(name)


def _list_languages(structure: Mapping[str, Any]) -> Iterator[tuple[str, Place]]:
    for index, name in enumerate(structure["languages"]):
        yield name, ("languages", index)


def _list_ids(structure: Mapping[str, Any], key: str) -> Iterator[tuple[str, Place]]:
    for index, table in enumerate(structure.get(key, ())):
        yield table["id"], (key, index, "id")


def _list_item_ids(structure: Mapping[str, Any]) -> Iterator[tuple[str, Place]]:
    for key in ("blocks", "modules"):
        for outer, group in enumerate(structure.get(key, ())):
            for inner, item in enumerate(group["items"]):
                yield item["id"], (key, outer, "items", inner, "id")


def _check_measured(structure: Mapping[str, Any], faults: FaultList, file: str) -> None:
    measured = {
        item.get("trait") for block in structure["blocks"] for item in block["items"]
    }
    for index, trait in enumerate(structure["traits"]):
        if trait["id"] and trait["id"] not in measured:
            says = "no item measures this trait."
            faults.add(
                file,
                ("traits", index),
                says,
                "Write items for this trait, or delete the trait.",
            )


def _check_modules(structure: Mapping[str, Any], faults: FaultList, file: str) -> None:
    for outer, module in enumerate(structure.get("modules", ())):
        if module["id"] in (STANDARD, SHARPENING):
            place = ("modules", outer, "id")
            faults.add(file, place, "is the name of a form.", "Choose another id.")
        for inner, item in enumerate(module["items"]):
            _check_scale(
                item, module["scales"], faults, file, ("modules", outer, "items", inner)
            )


def _check_scale(
    item: Mapping[str, Any],
    scales: list[str],
    faults: FaultList,
    file: str,
    place: Place,
) -> None:
    scale = item.get("scale")
    if scale is not None and scale not in scales:
        says = f"scale {scale!r} is not among the module's scales."
        remedy = f"Write one of: {', '.join(scales) or '(the module has no scales)'}."
        faults.add(file, (*place, "scale"), says, remedy)
    if ("scale" in item) != ("keyed" in item):
        faults.add(
            file, place, "needs scale and keyed together.", "Write or delete both keys."
        )


def _check_rule(structure: Mapping[str, Any], faults: FaultList, file: str) -> None:
    rule = structure["rule"]
    poles = [pole for pole in rule.get("poles") or () if isinstance(pole, str)]
    if len(poles) != 2:
        return
    _check_poles(poles, structure["traits"], faults, file)

    numbers = {
        name: value for name, value in rule.items() if type(value) in (int, float)
    }
    if numbers.get("clear", 5) < numbers.get("band", 0):
        place = ("rule", "clear")
        faults.add(
            file,
            place,
            "is smaller than band.",
            "Make clear at least as large as band.",
        )
    if numbers.get("both_from", 100) <= numbers.get("neither_to", 0):
        place = ("rule", "both_from")
        faults.add(
            file,
            place,
            "must be above neither_to.",
            "For example, write 60 for both_from and 40 for neither_to.",
        )


def _check_poles(
    poles: list[str], traits: list[Mapping[str, Any]], faults: FaultList, file: str
) -> None:
    place = ("rule", "poles")
    if poles[0] == poles[1]:
        faults.add(file, place, "names one pole twice.", "Write two different poles.")
    poles_of_traits = [trait.get("pole") for trait in traits]
    for pole in poles:
        if pole in UNDECIDED_SUGGESTIONS:
            says = f"{pole!r} is the name of a suggestion."
            faults.add(file, place, says, "Choose another name for the pole.")
        if pole not in poles_of_traits:
            says = f"no trait has the pole {pole!r}."
            faults.add(file, place, says, "Give each pole at least one trait.")
