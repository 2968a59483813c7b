"""The shape of a pack's language files. The content of `pack.toml` determines the shape."""

from collections.abc import Iterable, Mapping
from typing import Any

from fitquiz.core.pack_files.shape_checks import (
    Anything,
    ListOf,
    Shape,
    Table,
    Text,
    is_name,
)
from fitquiz.core.packs import (
    CHANGES,
    ENDS,
    OFFERS,
    REPORTS,
    STARTERS,
    TERMS,
    UNDECIDED_SUGGESTIONS,
)

_LINE = Text(300)
SHORT_TEXT = Text(80)

_SOMETIMES_EMPTY = (
    "terms",
    "labels",
    "stems",
    "poles",
    "suggestions",
    "aspects",
    "occupations",
    "modules",
)
"""The tables of a language file that some packs do not need."""

_LEVELS: dict[str, Shape] = dict.fromkeys(("high", "middle", "low"), _LINE)


def words_shape(structure: Mapping[str, Any]) -> Table:
    """Return the shape of a language file. `structure` is a value that `keep_sound` returned."""
    poles = list_texts(structure["rule"], "poles")
    labels = _labels_shape(structure)
    extras = structure["extras"]
    pole_words = Table({"name": SHORT_TEXT, "short": SHORT_TEXT, "about": Text()})
    traits = {trait["id"]: _trait_words(extras) for trait in structure["traits"]}
    aspects = {
        each["id"]: _aspect_words(poles, "trait" in each)
        for each in structure["aspects"]
    }
    occupation = Table({"name": SHORT_TEXT, **dict.fromkeys(poles, _LINE)})
    occupations = {each["id"]: occupation for each in structure["occupations"]}
    modules = {
        each["id"]: _module_words(each, poles, extras) for each in structure["modules"]
    }
    items = dict.fromkeys(_list_item_ids(structure), Text(200))
    keys: dict[str, Shape] = {
        "title": SHORT_TEXT,
        "summary": Text(),
        "caveat": Text(),
        "answers": Table({"labels": labels}),
        "terms": _terms_shape(poles, extras),
        "labels": Table(dict.fromkeys(_list_label_names(structure), labels)),
        "stems": Table(dict.fromkeys(_list_stems(structure), _LINE)),
        "poles": Table(dict.fromkeys(poles, pole_words)),
        "traits": _table_of_ids(traits),
        "items": _table_of_ids(items),
        "suggestions": _suggestion_words(poles, extras),
        "aspects": _table_of_ids(aspects),
        "occupations": _table_of_ids(occupations),
        "modules": _table_of_ids(modules),
    }
    optional = {key for key in _SOMETIMES_EMPTY if not _has_keys(keys[key])}
    keys |= dict.fromkeys(structure["unsound"], Anything())
    return Table(keys, optional=frozenset(optional | structure["unsound"]))


def _terms_shape(poles: tuple[str, ...], extras: list[str]) -> Table:
    if TERMS not in extras:
        return Table({})
    keys: dict[str, Shape] = {"statement": SHORT_TEXT, "statements": SHORT_TEXT}
    if poles:
        keys["role"] = SHORT_TEXT
    return Table(keys)


def _labels_shape(structure: Mapping[str, Any]) -> ListOf:
    """Return the shape of the labels of all answers, or of the first and the last answer."""
    points = structure["points"]
    if structure["is_labelled_at_ends"]:
        points = 2
    if points is None:  # The number already has a fault.
        return ListOf(SHORT_TEXT, 2, 11)
    return ListOf(SHORT_TEXT, points, points)


def _list_label_names(structure: Mapping[str, Any]) -> list[str]:
    """Return the names of the labels that only some items have, without repetition."""
    items = _list_items(structure)
    return _list_names(items, "labels")


def _list_stems(structure: Mapping[str, Any]) -> list[str]:
    """Return the names of all stems, without repetition."""
    groups = _list_groups(structure)
    return _list_names(groups, "stem")


def _list_names(tables: Iterable[Mapping[str, Any]], key: str) -> list[str]:
    """Return the names that stand under a key in the tables, without repetition."""
    names: list[str] = []
    for table in tables:
        name = table.get(key, "")
        if is_name(name) and name not in names:
            names.append(name)
    return names


def _list_item_ids(structure: Mapping[str, Any]) -> list[str]:
    items = _list_items(structure)
    return [item["id"] for item in items]


def _list_items(structure: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    items: list[Mapping[str, Any]] = []
    groups = _list_groups(structure)
    for group in groups:
        items += group["items"]
    return items


def _list_groups(structure: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    blocks = structure["blocks"]
    modules = structure["modules"]
    return [*blocks, *modules]


def _table_of_ids(shapes: Mapping[str, Shape]) -> Table:
    """Return the shape of a table with one key for each id. Leave out the empty id.

    An entry of `pack.toml` without a valid id has the empty id.
    """
    return Table({name: shape for name, shape in shapes.items() if name})


def _trait_words(extras: list[str]) -> Table:
    keys: dict[str, Shape] = {
        "name": SHORT_TEXT,
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
    if CHANGES in extras:
        keys["changes"] = Table({"up": _LINE, "down": _LINE})
    if ENDS in extras:
        keys["ends"] = Table({"high": SHORT_TEXT, "low": SHORT_TEXT})
    return Table(keys)


def _suggestion_words(poles: tuple[str, ...], extras: list[str]) -> Table:
    if not poles:
        return Table({})
    keys: dict[str, Shape] = {
        "headline": _LINE,
        "text": Text(),
        "next": ListOf(_LINE, 1, 6),
    }
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
    keys: dict[str, Shape] = {"name": SHORT_TEXT, **dict.fromkeys(poles, _LINE)}
    if has_trait:
        keys |= _LEVELS
    return Table(keys)


def _module_words(
    module: Mapping[str, Any], poles: tuple[str, ...], extras: list[str]
) -> Table:
    scale: dict[str, Shape] = {"name": SHORT_TEXT, **_LEVELS}
    if poles:
        scale["practise"] = Table(dict.fromkeys(poles, _LINE))
    if REPORTS in extras:
        scale["next"] = Table(_LEVELS)

    scales = Table(dict.fromkeys(module["scales"], Table(scale)))
    keys: dict[str, Shape] = {"name": SHORT_TEXT, "about": _LINE, "scales": scales}
    if not module["scales"]:
        return Table(keys, optional=frozenset({"scales"}))
    if REPORTS in extras:
        keys["principle"] = Text()
    return Table(keys)


def _has_keys(shape: Shape) -> bool:
    return isinstance(shape, Table) and bool(shape.keys)


def list_texts(table: Any, key: str) -> tuple[str, ...]:
    """Return the texts in the list `table[key]`.

    Return an empty tuple if `table` is not a dict, or if `table[key]` is not a list.
    """
    texts = table.get(key) if isinstance(table, dict) else None
    if not isinstance(texts, list):
        return ()
    return tuple(text for text in texts if isinstance(text, str))
