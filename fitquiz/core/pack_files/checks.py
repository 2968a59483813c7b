"""What a shape cannot say of a pack: ids that are used twice, references, and whether the items are balanced."""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from fitquiz.core.pack_files.faults import FaultList
from fitquiz.core.pack_files.toml_lines import Place
from fitquiz.core.packs import STANDARD, Keyed, Pack
from fitquiz.core.result.fit import suggest_role
from fitquiz.core.result.scoring import score_traits

_ADVICE = (
    "Give each trait as many plus as minus items, so that agreeing with everything says nothing."
)


def check_references(structure: Mapping[str, Any], faults: FaultList, file: str) -> None:
    """Add a fault for each id used twice, each scale that is not declared and each rule that contradicts itself."""
    for ids, kind in (
        (list(_item_ids(structure)), "item"),
        (_ids_of(structure, "traits"), "trait"),
    ):
        _check_twice(ids, kind, faults, file)
    for key in ("aspects", "modules"):
        _check_twice(_ids_of(structure, key), key[:-1], faults, file)
    languages: list[tuple[str, Place]] = [
        (name, ("languages", i)) for i, name in enumerate(structure["languages"])
    ]
    _check_twice(languages, "language", faults, file)
    spoiled = [
        fault.place for fault in faults.errors
    ]  # What follows from a fault that is told already is not told too.
    _check_modules(structure, faults, file)
    if not any(place.endswith(".trait") for place in spoiled):
        _check_measured(structure, faults, file)
    if not any(place.startswith("rule") or place.endswith(".pole") for place in spoiled):
        _check_rule(structure, faults, file)
    if STANDARD not in [block.get("form") for block in structure["blocks"]]:
        faults.add(
            file, ("blocks",), "has no standard block.", 'Write form = "standard" in at least one.'
        )


def check_balance(pack: Pack, faults: FaultList) -> None:
    """Add a warning for each trait with unbalanced keys, and for a straight line that does not land in the middle."""
    for index, trait in enumerate(pack.traits):
        keys = Counter(
            item.keyed for block in pack.blocks for item in block.items if item.measures == trait.id
        )
        if keys[Keyed.PLUS] != keys[Keyed.MINUS]:
            says = f"has {keys[Keyed.PLUS]} plus and {keys[Keyed.MINUS]} minus items."
            faults.add("pack.toml", ("traits", index), says, _ADVICE, is_warning=True)
    lean = _straight_line_lean(pack)
    if lean:
        says = f"agreeing with every standard item gives a lean of {float(lean):+.1f} instead of 0."
        faults.add(
            "pack.toml",
            ("blocks",),
            says,
            "Balance the keys over the standard blocks.",
            is_warning=True,
        )


def _check_twice(ids: Iterable[tuple[str, Place]], kind: str, faults: FaultList, file: str) -> None:
    seen: set[str] = set()
    for name, place in ids:
        if name and name in seen:
            faults.add(
                file, place, f"{kind} {name!r} stands here a second time.", "Give each its own id."
            )
        seen.add(name)


def _ids_of(structure: Mapping[str, Any], key: str) -> list[tuple[str, Place]]:
    return [(table["id"], (key, index, "id")) for index, table in enumerate(structure.get(key, ()))]


def _item_ids(structure: Mapping[str, Any]) -> Iterable[tuple[str, Place]]:
    for key in ("blocks", "modules"):
        for outer, group in enumerate(structure.get(key, ())):
            for inner, item in enumerate(group["items"]):
                yield item["id"], (key, outer, "items", inner, "id")


def _check_measured(structure: Mapping[str, Any], faults: FaultList, file: str) -> None:
    measured = {item.get("trait") for block in structure["blocks"] for item in block["items"]}
    for index, trait in enumerate(structure["traits"]):
        if trait["id"] and trait["id"] not in measured:
            faults.add(
                file,
                ("traits", index),
                "no item measures this trait.",
                "Write items for it, or take it out.",
            )


def _check_modules(structure: Mapping[str, Any], faults: FaultList, file: str) -> None:
    for outer, module in enumerate(structure.get("modules", ())):
        if module["id"] in ("standard", "sharpening"):
            faults.add(
                file, ("modules", outer, "id"), "is the name of a form.", "Choose another id."
            )
        for inner, item in enumerate(module["items"]):
            place = ("modules", outer, "items", inner)
            if item.get("scale", None) not in (*module["scales"], None):
                says = f"scale {item['scale']!r} is not among the module's scales."
                faults.add(
                    file,
                    (*place, "scale"),
                    says,
                    f"Write one of: {', '.join(module['scales']) or 'none'}.",
                )
            if ("scale" in item) != ("keyed" in item):
                faults.add(
                    file, place, "needs scale and keyed together.", "Write both, or neither."
                )


def _check_rule(structure: Mapping[str, Any], faults: FaultList, file: str) -> None:
    rule = structure["rule"]
    poles = [pole for pole in rule.get("poles") or () if isinstance(pole, str)]
    if len(poles) != 2:
        return
    if poles[0] == poles[1]:
        faults.add(file, ("rule", "poles"), "names one pole twice.", "Name two.")
    for pole in poles:
        if pole in ("versatile", "neither", "too-close"):
            faults.add(
                file,
                ("rule", "poles"),
                f"{pole!r} is the name of a suggestion.",
                "Name the pole otherwise.",
            )
        if pole not in [trait.get("pole") for trait in structure["traits"]]:
            faults.add(
                file,
                ("rule", "poles"),
                f"no trait speaks for {pole!r}.",
                "Give each pole at least one trait.",
            )
    numbers = {name: value for name, value in rule.items() if type(value) in (int, float)}
    if numbers.get("clear", 5) < numbers.get("band", 0):
        faults.add(
            file, ("rule", "clear"), "is smaller than band.", "Make clear at least as large."
        )
    if numbers.get("both_from", 100) <= numbers.get("neither_to", 0):
        faults.add(
            file, ("rule", "both_from"), "must be above neither_to.", "Use 60 and 40, for instance."
        )


def _straight_line_lean(pack: Pack) -> Fraction:
    """The lean of who fully agrees with every standard item."""
    answers = dict.fromkeys(pack.items, pack.answer_points - 1)
    outcome = suggest_role(pack, score_traits(pack, answers, (STANDARD,)))
    return outcome.lean if outcome else Fraction(0)
