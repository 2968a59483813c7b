"""The shapes of a pack's files: `pack.toml`, and the language files that follow from it."""

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
    EXTRAS,
    OFFERS,
    ON_REQUEST,
    REPORTS,
    SHARPENING,
    STANDARD,
    STARTERS,
    UNDECIDED_SUGGESTIONS,
)

_LINE = Text(300)
_SHORT = Text(80)
_LEVELS: dict[str, Shape] = dict.fromkeys(("high", "middle", "low"), _LINE)


def structure_shape(structure: Mapping[str, Any]) -> Table:
    """Return the shape of `pack.toml`. References may name the ids that the file itself defines."""
    poles = _list_texts(structure.get("rule"), "poles")
    trait = OneOf(_list_ids(structure.get("traits")), "trait of this pack")
    keyed = OneOf(("plus", "minus"), "keyed direction")
    aspect = Table({"id": Name(), "trait": trait}, optional=frozenset({"trait"}))
    keys: dict[str, Shape] = {
        "format": Number(1, 1, whole=True),
        "id": Name(),
        "version": _SHORT,
        "licence": _SHORT,
        "source": Text(2000),
        "languages": ListOf(Name(), 1, 30),
        "answers": Table({"points": Number(2, 11, whole=True)}),
        "rule": _rule_shape(bool(poles)),
        "traits": ListOf(_trait_shape(poles), 1, 60),
        "aspects": ListOf(aspect, 0, 30),
        "blocks": ListOf(_block_shape(trait, keyed), 1, 60),
        "modules": ListOf(_module_shape(keyed), 0, 20),
        "extras": ListOf(OneOf(EXTRAS, "extra"), 0, len(EXTRAS)),
    }
    return Table(keys, optional=frozenset({"aspects", "modules", "extras"}))


def words_shape(structure: Mapping[str, Any]) -> Table:
    """Return the shape of a language's file, for the sound part of a structure (see `keep_sound`)."""
    poles = _list_texts(structure["rule"], "poles")
    points = structure["points"]
    extras = structure["extras"]
    pole_words = Table({"name": _SHORT, "short": _SHORT, "about": Text()})
    traits = {trait["id"]: _trait_words(extras) for trait in structure["traits"]}
    aspects = {each["id"]: _aspect_words(poles, "trait" in each) for each in structure["aspects"]}
    modules = {each["id"]: _module_words(each, poles, extras) for each in structure["modules"]}
    items = dict.fromkeys(_list_item_ids(structure), Text(200))
    keys: dict[str, Shape] = {
        "title": _SHORT,
        "summary": Text(),
        "caveat": Text(),
        "answers": Table({"labels": ListOf(_SHORT, points or 2, points or 11)}),
        "poles": Table(dict.fromkeys(poles, pole_words)),
        "traits": _table_of_ids(traits),
        "items": _table_of_ids(items),
        "suggestions": _suggestion_words(poles, extras),
        "aspects": _table_of_ids(aspects),
        "modules": _table_of_ids(modules),
    }
    optional = {
        key for key in ("poles", "suggestions", "aspects", "modules") if not _has_keys(keys[key])
    }
    keys |= dict.fromkeys(structure["unsound"], Anything())
    return Table(keys, optional=frozenset(optional | structure["unsound"]))


def keep_sound(structure: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of `pack.toml` that later checks can read, so that one slip hides no other fault.

    `unsound` names the texts whose ids are partly unknown because of a slip. They are not checked.
    """
    sound: dict[str, Any] = {
        "traits": _keep_tables(structure.get("traits", [])),
        "aspects": _keep_tables(structure.get("aspects", [])),
        "modules": _keep_groups(_keep_tables(structure.get("modules", []))),
        "blocks": _keep_groups(_keep_blocks(structure.get("blocks"))),
        "rule": structure["rule"] if isinstance(structure.get("rule"), dict) else {},
        "languages": list(_list_texts(structure, "languages")),
        "extras": list(_list_texts(structure, "extras")),
        "points": _keep_points(structure.get("answers")),
    }
    sound["unsound"] = _find_unsound(structure, sound)
    return sound


def _list_item_ids(structure: Mapping[str, Any]) -> list[str]:
    groups = [*structure["blocks"], *structure["modules"]]
    return [item["id"] for group in groups for item in group["items"]]


def _table_of_ids(shapes: Mapping[str, Shape]) -> Table:
    """Return a table of the shapes; a table without an id has the empty id, which is left out."""
    return Table({name: shape for name, shape in shapes.items() if name})


def _keep_blocks(blocks: Any) -> list[dict[str, Any]]:
    if not isinstance(blocks, list):
        return []
    return [block if isinstance(block, dict) else {} for block in blocks]


def _keep_groups(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = []
    for group in groups:
        items = _keep_tables(group.get("items"))
        scales = list(_list_texts(group, "scales"))
        kept.append({**group, "items": items, "scales": scales})
    return kept


def _keep_points(answers: Any) -> int | None:
    points = answers.get("points") if isinstance(answers, dict) else None
    if isinstance(points, int) and 2 <= points <= 11:
        return points
    return None


def _keep_tables(tables: Any) -> list[dict[str, Any]]:
    """Return the tables of a list. A table without an id keeps its place, with an empty id."""
    if not isinstance(tables, list):
        return []
    return [table if _has_id(table) else {"id": "", "items": []} for table in tables]


def _find_unsound(structure: Mapping[str, Any], sound: Mapping[str, Any]) -> frozenset[str]:
    broken = set()
    for key in ("traits", "aspects", "modules"):
        if not _are_sound(structure.get(key, [])):
            broken.add(key)

    groups = [*sound["blocks"], *sound["modules"]]
    are_items_sound = all(group["items"] and _are_sound(group["items"]) for group in groups)
    if "modules" in broken or not groups or not are_items_sound:
        broken.add("items")

    rule = structure.get("rule")
    if not isinstance(rule, dict) or len(_list_texts(rule, "poles")) not in (0, 2):
        broken |= {"poles", "suggestions", "aspects", "modules"}

    extras = structure.get("extras", [])
    if extras != sound["extras"] or not set(sound["extras"]) <= set(EXTRAS):
        broken |= {"traits", "suggestions", "modules"}
    return frozenset(broken)


def _are_sound(tables: Any) -> bool:
    return isinstance(tables, list) and all(_has_id(table) for table in tables)


def _has_id(table: Any) -> bool:
    return isinstance(table, dict) and is_name(table.get("id"))


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
    optional = {"poles"} if has_poles else set(keys) - needed
    return Table(keys, optional=frozenset(optional))


def _trait_shape(poles: tuple[str, ...]) -> Table:
    keys: dict[str, Shape] = {
        "id": Name(),
        "pole": OneOf(poles, "pole of this pack"),
        "weight": Number(0.01, 100),
    }
    optional = {"weight"} if poles else {"pole", "weight"}
    return Table(keys, optional=frozenset(optional))


def _block_shape(trait: OneOf, keyed: OneOf) -> Table:
    item = Table({"id": Name(), "trait": trait, "keyed": keyed})
    form = OneOf((STANDARD, SHARPENING), "form")
    return Table({"form": form, "items": ListOf(item, 1, 100)})


def _module_shape(keyed: OneOf) -> Table:
    item = Table(
        {"id": Name(), "scale": Name(), "keyed": keyed},
        optional=frozenset({"scale", "keyed"}),
    )
    return Table(
        {
            "id": Name(),
            "asked": OneOf((EVERYONE, ON_REQUEST, CAMPAIGN), "way of asking"),
            "scales": ListOf(Name(), 0, 20),
            "items": ListOf(item, 1, 100),
        }
    )


def _trait_words(extras: list[str]) -> Table:
    keys: dict[str, Shape] = {
        "name": _SHORT,
        "meaning": _LINE,
        **_LEVELS,
        "strength_high": _LINE,
        "strength_low": _LINE,
        "use_high": _LINE,
        "use_low": _LINE,
    }
    if STARTERS in extras:
        keys["starters"] = Table(_LEVELS)
    if OFFERS in extras:
        keys["offer"] = Table({"statement": _LINE, "less": _LINE, "more": _LINE})
    return Table(keys)


def _suggestion_words(poles: tuple[str, ...], extras: list[str]) -> Table:
    if not poles:
        return Table({})
    keys: dict[str, Shape] = {"headline": _LINE, "text": Text(), "next": ListOf(_LINE, 1, 6)}
    if STARTERS in extras:
        keys["starters"] = ListOf(_LINE, 1, 6)
    undecided = Table(keys)
    decided = Table({**keys, "clearly": _LINE})
    return Table(
        {
            **dict.fromkeys(poles, decided),
            **dict.fromkeys(UNDECIDED_SUGGESTIONS, undecided),
        }
    )


def _aspect_words(poles: tuple[str, ...], has_trait: bool) -> Table:
    keys: dict[str, Shape] = {"name": _SHORT, **dict.fromkeys(poles, _LINE)}
    if has_trait:
        keys |= _LEVELS
    return Table(keys)


def _module_words(module: Mapping[str, Any], poles: tuple[str, ...], extras: list[str]) -> Table:
    scale: dict[str, Shape] = {"name": _SHORT, **_LEVELS}
    if poles:
        scale["practise"] = Table(dict.fromkeys(poles, _LINE))
    if REPORTS in extras:
        scale["next"] = Table(_LEVELS)

    scales = Table(dict.fromkeys(module["scales"], Table(scale)))
    keys: dict[str, Shape] = {"name": _SHORT, "about": _LINE, "scales": scales}
    if not module["scales"]:
        return Table(keys, optional=frozenset({"scales"}))
    if REPORTS in extras:
        keys["principle"] = Text()
    return Table(keys)


def _has_keys(shape: Shape) -> bool:
    return isinstance(shape, Table) and bool(shape.keys)


def _list_texts(table: Any, key: str) -> tuple[str, ...]:
    """Return the texts of a list under a key; empty if there is no such list."""
    texts = table.get(key) if isinstance(table, dict) else None
    if not isinstance(texts, list):
        return ()
    return tuple(text for text in texts if isinstance(text, str))


def _list_ids(tables: Any) -> tuple[str, ...]:
    if not isinstance(tables, list):
        return ()
    ids = [table.get("id") for table in tables if isinstance(table, dict)]
    return tuple(each for each in ids if isinstance(each, str))
