"""The shapes of a pack's files: what `pack.toml` must hold, and, read off it, what each language's file must hold."""

from collections.abc import Mapping
from typing import Any

from fitquiz.core.pack_files.shapes import (
    Anything,
    Flag,
    ListOf,
    Name,
    Number,
    OneOf,
    Shape,
    Table,
    Text,
    is_name,
)
from fitquiz.core.packs import (
    CAMPAIGN,
    EVERYONE,
    OFFERS,
    ON_REQUEST,
    REPORTS,
    SHARPENING,
    STANDARD,
    STARTERS,
)

EXTRAS = (STARTERS, OFFERS, REPORTS)
UNDECIDED = ("versatile", "neither", "too-close")
_LINE = Text(300)
_SHORT = Text(80)
_LEVELS: dict[str, Shape] = dict.fromkeys(("high", "middle", "low"), _LINE)


def structure_shape(structure: Mapping[str, Any]) -> Table:
    """Return the shape of `pack.toml`; the ids that it defines itself say what its references may name."""
    poles = _ids(structure.get("rule"), "poles")
    traits = OneOf(_names(structure.get("traits")), "trait of this pack")
    keyed = OneOf(("plus", "minus"), "keyed direction")
    scored_item = Table({"id": Name(), "trait": traits, "keyed": keyed})
    trait: dict[str, Shape] = {
        "id": Name(),
        "pole": OneOf(poles, "pole of this pack"),
        "weight": Number(0.01, 100),
    }
    aspect: dict[str, Shape] = {"id": Name(), "trait": traits}
    keys: dict[str, Shape] = {
        "format": Number(1, 1, whole=True),
        "id": Name(),
        "version": _SHORT,
        "licence": _SHORT,
        "source": Text(2000),
        "languages": ListOf(Name(), 1, 30),
        "answers": Table({"points": Number(2, 11, whole=True)}),
        "rule": _rule_shape(bool(poles)),
        "traits": ListOf(
            Table(trait, frozenset({"weight"} if poles else {"pole", "weight"})), 1, 60
        ),
        "aspects": ListOf(Table(aspect, frozenset({"trait"})), 0, 30),
        "blocks": ListOf(
            Table(
                {
                    "form": OneOf((STANDARD, SHARPENING), "form"),
                    "items": ListOf(scored_item, 1, 100),
                }
            ),
            1,
            60,
        ),
        "modules": ListOf(_module_shape(keyed), 0, 20),
        "extras": ListOf(OneOf(EXTRAS, "extra"), 0, len(EXTRAS)),
    }
    return Table(keys, frozenset({"aspects", "modules", "extras"}))


def words_shape(structure: Mapping[str, Any]) -> Table:
    """Return the shape of a language's file for the sound part of a structure."""
    poles = _ids(structure["rule"], "poles")
    items = [
        item["id"]
        for group in (*structure["blocks"], *structure["modules"])
        for item in group["items"]
    ]
    points, extras = structure["points"], structure["extras"]
    keys: dict[str, Shape] = {
        "title": _SHORT,
        "summary": Text(),
        "caveat": Text(),
        "answers": Table({"labels": ListOf(_SHORT, points or 2, points or 11)}),
        "poles": Table(
            {pole: Table({"name": _SHORT, "short": _SHORT, "about": Text()}) for pole in poles}
        ),
        "traits": Table(
            {trait["id"]: _trait_words(extras) for trait in structure["traits"] if trait["id"]}
        ),
        "items": Table({item: Text(200) for item in items if item}),
        "suggestions": _suggestion_words(poles, extras),
        "aspects": Table(
            {a["id"]: _aspect_words(poles, "trait" in a) for a in structure["aspects"] if a["id"]}
        ),
        "modules": Table(
            {m["id"]: _module_words(m, poles, extras) for m in structure["modules"] if m["id"]}
        ),
    }
    optional = {
        key for key in ("poles", "suggestions", "aspects", "modules") if not _has_keys(keys[key])
    }
    keys |= dict.fromkeys(structure["unsound"], Anything())
    return Table(keys, frozenset(optional | structure["unsound"]))


def keep_sound(structure: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of `pack.toml` later checks can walk through, so that one slip hides no other fault.

    `unsound` names the texts whose ids are not all known because of a slip; nothing is said of those.
    """
    sound: dict[str, Any] = {
        key: _tables(structure.get(key, [])) for key in ("traits", "aspects", "modules")
    }
    blocks = structure.get("blocks")
    sound["blocks"] = (
        [block if isinstance(block, dict) else {} for block in blocks]
        if isinstance(blocks, list)
        else []
    )
    for key in ("blocks", "modules"):
        groups = sound[key]
        sound[key] = [
            {**g, "items": _tables(g.get("items")), "scales": list(_ids(g, "scales"))}
            for g in groups
        ]
    sound["rule"] = structure["rule"] if isinstance(structure.get("rule"), dict) else {}
    sound["languages"] = list(_ids(structure, "languages"))
    sound["extras"] = list(_ids(structure, "extras"))
    answers = structure.get("answers")
    points = answers.get("points") if isinstance(answers, dict) else None
    sound["points"] = points if isinstance(points, int) and 2 <= points <= 11 else None
    sound["unsound"] = _find_unsound(structure, sound)
    return sound


def _find_unsound(structure: Mapping[str, Any], sound: Mapping[str, Any]) -> frozenset[str]:
    groups = [*sound["blocks"], *sound["modules"]]
    broken = {
        key for key in ("traits", "aspects", "modules") if not _is_sound(structure.get(key, []))
    }
    if (
        "modules" in broken
        or not groups
        or not all(_is_sound(group["items"]) and group["items"] for group in groups)
    ):
        broken.add("items")
    if not isinstance(structure.get("rule"), dict) or len(_ids(structure["rule"], "poles")) not in (
        0,
        2,
    ):
        broken |= {"poles", "suggestions", "aspects", "modules"}
    if structure.get("extras", []) != sound["extras"] or not set(sound["extras"]) <= set(EXTRAS):
        broken |= {"traits", "suggestions", "modules"}
    return frozenset(broken)


def _is_sound(tables: Any) -> bool:
    whole = tables if isinstance(tables, list) else [None]
    return all(isinstance(table, dict) and is_name(table.get("id")) for table in whole)


def _tables(tables: Any) -> list[dict[str, Any]]:
    """Return a list's tables; one without an id keeps its place, with an empty id."""
    if not isinstance(tables, list):
        return []
    return [
        t if isinstance(t, dict) and is_name(t.get("id")) else {"id": "", "items": []}
        for t in tables
    ]


def _rule_shape(has_poles: bool) -> Table:
    keys: dict[str, Shape] = {
        "poles": ListOf(Name(), 2, 2),
        "item_sd": Number(0.1, 100),
        "calibrated": Flag(),
        "band": Number(0, 5),
        "clear": Number(0, 10),
        "both_from": Number(0, 100),
        "neither_to": Number(0, 100),
        "least_answered": Number(0, 1),
    }
    needed = {"item_sd", "calibrated", "least_answered"}
    return Table(keys, frozenset({"poles"} if has_poles else set(keys) - needed))


def _module_shape(keyed: OneOf) -> Table:
    item = Table({"id": Name(), "scale": Name(), "keyed": keyed}, frozenset({"scale", "keyed"}))
    return Table(
        {
            "id": Name(),
            "asked": OneOf((EVERYONE, ON_REQUEST, CAMPAIGN), "way of asking"),
            "scales": ListOf(Name(), 0, 20),
            "items": ListOf(item, 1, 100),
        }
    )


def _trait_words(extras: list[str]) -> Table:
    phrases = ("strength_high", "strength_low", "use_high", "use_low")
    keys: dict[str, Shape] = {
        "name": _SHORT,
        "meaning": _LINE,
        **_LEVELS,
        **dict.fromkeys(phrases, _LINE),
    }
    if STARTERS in extras:
        keys["starters"] = Table(_LEVELS)
    if OFFERS in extras:
        keys["offer"] = Table(dict.fromkeys(("statement", "less", "more"), _LINE))
    return Table(keys)


def _suggestion_words(poles: tuple[str, ...], extras: list[str]) -> Table:
    if not poles:
        return Table({})
    keys: dict[str, Shape] = {"headline": _LINE, "text": Text(), "next": ListOf(_LINE, 1, 6)}
    if STARTERS in extras:
        keys["starters"] = ListOf(_LINE, 1, 6)
    decided = Table({**keys, "clearly": _LINE})
    return Table({**dict.fromkeys(poles, decided), **dict.fromkeys(UNDECIDED, Table(keys))})


def _aspect_words(poles: tuple[str, ...], has_trait: bool) -> Table:
    return Table({"name": _SHORT, **dict.fromkeys(poles, _LINE), **(_LEVELS if has_trait else {})})


def _module_words(module: Mapping[str, Any], poles: tuple[str, ...], extras: list[str]) -> Table:
    scale: dict[str, Shape] = {"name": _SHORT, **_LEVELS}
    if poles:
        scale["practise"] = Table(dict.fromkeys(poles, _LINE))
    if REPORTS in extras:
        scale["next"] = Table(_LEVELS)
    scales = Table(dict.fromkeys(module["scales"], Table(scale)))
    keys: dict[str, Shape] = {"name": _SHORT, "about": _LINE, "scales": scales}
    if REPORTS in extras and module["scales"]:
        keys["principle"] = Text()
    return Table(keys, frozenset() if module["scales"] else frozenset({"scales"}))


def _has_keys(shape: Shape) -> bool:
    return isinstance(shape, Table) and bool(shape.keys)


def _ids(table: Any, key: str) -> tuple[str, ...]:
    names = table.get(key, ()) if isinstance(table, dict) else ()
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def _names(tables: Any) -> tuple[str, ...]:
    if not isinstance(tables, list):
        return ()
    return tuple(t["id"] for t in tables if isinstance(t, dict) and isinstance(t.get("id"), str))
