"""The shape of `pack.toml`, and a function that keeps the usable data of a `pack.toml` with faults."""

from collections.abc import Mapping
from typing import Any

from fitquiz.core.pack_files.completed_words import LABELLED, is_labelled_at_ends
from fitquiz.core.pack_files.shape_checks import (
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
from fitquiz.core.pack_files.words_shape import SHORT_TEXT, list_texts
from fitquiz.core.packs import (
    CAMPAIGN,
    EVERYONE,
    EXTRAS,
    ON_REQUEST,
    SHARPENING,
    STANDARD,
)


def structure_shape(structure: Mapping[str, Any]) -> Table:
    """Return the shape of `pack.toml`.

    `structure` is the parsed file. A reference in the file must name an id that the file defines.
    """
    poles = list_texts(structure.get("rule"), "poles")
    trait = OneOf(_list_ids(structure.get("traits")), "trait of this pack")
    keyed = OneOf(("plus", "minus"), "keyed direction")
    aspect = Table({"id": Name(), "trait": trait}, optional=frozenset({"trait"}))
    occupation = Table({"id": Name(), "pole": OneOf(poles, "pole of this pack")})
    keys: dict[str, Shape] = {
        "format": Number(1, 1, whole=True),
        "id": Name(),
        "version": SHORT_TEXT,
        "licence": SHORT_TEXT,
        "source": Text(2000),
        "languages": ListOf(Name(), 1, 30),
        "answers": _answers_shape(),
        "rule": _rule_shape(bool(poles)),
        "traits": ListOf(_trait_shape(poles), 1, 60),
        "aspects": ListOf(aspect, 0, 30),
        "occupations": ListOf(occupation, 0, 100),
        "blocks": ListOf(_block_shape(trait, keyed), 1, 60),
        "modules": ListOf(_module_shape(keyed), 0, 20),
        "extras": ListOf(OneOf(EXTRAS, "extra"), 0, len(EXTRAS)),
    }
    optional = {"aspects", "occupations", "modules", "extras"}
    return Table(keys, optional=frozenset(optional))


def keep_sound(structure: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data in `pack.toml` that `check_references` and `words_shape` can read.

    `structure` is the parsed file. Data of a wrong type is left out or replaced with empty data.
    Therefore the two functions can find further faults in a file with faults.

    The value of the key `unsound` contains names of tables in the language files. A table with
    such a name is not checked, because a fault in `pack.toml` hides which keys the table needs.
    """
    sound: dict[str, Any] = {
        "traits": _keep_tables(structure.get("traits", [])),
        "aspects": _keep_tables(structure.get("aspects", [])),
        "occupations": _keep_tables(structure.get("occupations", [])),
        "modules": _keep_groups(_keep_tables(structure.get("modules", []))),
        "blocks": _keep_groups(_keep_blocks(structure.get("blocks"))),
        "rule": structure["rule"] if isinstance(structure.get("rule"), dict) else {},
        "languages": list(list_texts(structure, "languages")),
        "extras": list(list_texts(structure, "extras")),
        "points": _keep_points(structure.get("answers")),
        "is_labelled_at_ends": is_labelled_at_ends(structure),
    }
    sound["unsound"] = _find_unsound(structure, sound)
    return sound


def _keep_blocks(blocks: Any) -> list[dict[str, Any]]:
    if not isinstance(blocks, list):
        return []
    return [block if isinstance(block, dict) else {} for block in blocks]


def _keep_groups(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = []
    for group in groups:
        items = _keep_tables(group.get("items"))
        scales = list(list_texts(group, "scales"))
        kept.append({**group, "items": items, "scales": scales})
    return kept


def _keep_points(answers: Any) -> int | None:
    points = answers.get("points") if isinstance(answers, dict) else None
    if isinstance(points, int) and 2 <= points <= 11:
        return points
    return None


def _keep_tables(tables: Any) -> list[dict[str, Any]]:
    """Return the tables of a list.

    An entry without a valid id becomes a table with an empty id. The entry is not removed, because
    the indexes of the later entries must not change.
    """
    if not isinstance(tables, list):
        return []
    return [table if _has_id(table) else {"id": "", "items": []} for table in tables]


def _find_unsound(
    structure: Mapping[str, Any], sound: Mapping[str, Any]
) -> frozenset[str]:
    broken = set()
    for key in ("traits", "aspects", "occupations", "modules"):
        if not _are_sound(structure.get(key, [])):
            broken.add(key)

    groups = [*sound["blocks"], *sound["modules"]]
    are_items_sound = all(
        group["items"] and _are_sound(group["items"]) for group in groups
    )
    if "modules" in broken or not groups or not are_items_sound:
        broken.add("items")

    rule = structure.get("rule")
    if not isinstance(rule, dict) or len(list_texts(rule, "poles")) not in (0, 2):
        broken |= {"poles", "suggestions", "aspects", "occupations", "modules"}

    answers = structure.get("answers")
    labelled = answers.get("labelled") if isinstance(answers, dict) else None
    if labelled not in (None, *LABELLED):
        broken |= {"answers", "labels"}

    extras = structure.get("extras", [])
    if extras != sound["extras"] or not set(sound["extras"]) <= set(EXTRAS):
        broken |= {"traits", "suggestions", "modules", "terms"}
    return frozenset(broken)


def _are_sound(tables: Any) -> bool:
    return isinstance(tables, list) and all(_has_id(table) for table in tables)


def _has_id(table: Any) -> bool:
    return isinstance(table, dict) and is_name(table.get("id"))


def _answers_shape() -> Table:
    keys: dict[str, Shape] = {
        "points": Number(2, 11, whole=True),
        "labelled": OneOf(LABELLED, "way to label answers"),
        "does_not_apply": Flag(),
    }
    return Table(keys, optional=frozenset({"labelled", "does_not_apply"}))


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
        "item_sd": Number(0.1, 100),
    }
    optional = {"weight", "item_sd"}
    if not poles:
        optional.add("pole")
    return Table(keys, optional=frozenset(optional))


def _block_shape(trait: OneOf, keyed: OneOf) -> Table:
    item = Table(
        {"id": Name(), "trait": trait, "keyed": keyed, "labels": Name()},
        optional=frozenset({"labels"}),
    )
    form = OneOf((STANDARD, SHARPENING), "form")
    return Table(
        {"form": form, "stem": Name(), "items": ListOf(item, 1, 100)},
        optional=frozenset({"stem"}),
    )


def _module_shape(keyed: OneOf) -> Table:
    item = Table(
        {"id": Name(), "scale": Name(), "keyed": keyed, "labels": Name()},
        optional=frozenset({"scale", "keyed", "labels"}),
    )
    return Table(
        {
            "id": Name(),
            "asked": OneOf((EVERYONE, ON_REQUEST, CAMPAIGN), "way of asking"),
            "scales": ListOf(Name(), 0, 20),
            "stem": Name(),
            "items": ListOf(item, 1, 100),
        },
        optional=frozenset({"stem"}),
    )


def _list_ids(tables: Any) -> tuple[str, ...]:
    if not isinstance(tables, list):
        return ()
    ids = [table.get("id") for table in tables if isinstance(table, dict)]
    return tuple(each for each in ids if isinstance(each, str))
