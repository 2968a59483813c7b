"""Checks of `review.toml`, in which an author writes a note for each statement of a pack.

The table `facets` names the facets of each trait and each scale. The table `items` has one note for
each statement. An author writes in a note what agreeing means. The checks compare the note with
`pack.toml`. Therefore they find a statement whose keyed direction is wrong.
"""

from collections.abc import Mapping
from typing import Any

from fitquiz.core.pack_files.faults import FaultList
from fitquiz.core.pack_files.shape_checks import (
    Anything,
    ListOf,
    OneOf,
    Shape,
    Table,
    Text,
    check_shape,
)
from fitquiz.core.pack_files.words_shape import SHORT_TEXT
from fitquiz.core.packs import Item, Keyed, Pack

REVIEW_FILE = "review.toml"

_FACETS = ListOf(SHORT_TEXT, 1, 20)
_KEYED = tuple(keyed.value for keyed in Keyed)


def check_review(pack: Pack, review: Mapping[str, Any], faults: FaultList) -> None:
    """Add a fault for each statement without a note, each note without a statement, and each wrong note.

    `review` is the parsed file `review.toml`.
    """
    measured = {item.measures for item in pack.items.values() if item.measures}
    facets = Table(dict.fromkeys(sorted(measured), _FACETS))
    keys: dict[str, Shape] = {"facets": facets, "items": Anything()}
    check_shape(review, Table(keys, frozenset({"items"})), faults, REVIEW_FILE)

    notes = review.get("items", {})
    if not isinstance(notes, dict):
        remedy = "Write a table for each statement, for example [items.planning-1]."
        faults.add(REVIEW_FILE, ("items",), "must be a table.", remedy)
        return
    _check_ids(pack, notes, faults)
    for item in pack.items.values():
        if item.id in notes:
            _check_note(pack, item, review, faults)


def _check_ids(pack: Pack, notes: Mapping[str, Any], faults: FaultList) -> None:
    for item_id in pack.items:
        if item_id not in notes:
            says = f"statement {item_id!r} has no note."
            remedy = f"Write a note in [items.{item_id}]."
            faults.add(REVIEW_FILE, ("items",), says, remedy)
    for item_id in notes:
        if item_id not in pack.items:
            says = "is a note, but the pack has no statement with this id."
            remedy = "Delete the note, or correct its id."
            faults.add(REVIEW_FILE, ("items", item_id), says, remedy)


def _check_note(
    pack: Pack, item: Item, review: Mapping[str, Any], faults: FaultList
) -> None:
    note = review["items"][item.id]
    place = ("items", item.id)
    number_of_faults = len(faults.faults)
    shape = _note_shape(pack, item, review.get("facets"))
    check_shape(note, shape, faults, REVIEW_FILE, place)
    if len(faults.faults) > number_of_faults or faults.is_full:
        return

    if item.keyed and note["keyed"] != item.keyed.value:
        says = f"is {note['keyed']}, but pack.toml says {item.keyed.value}."
        remedy = "Correct the note, or the keyed direction in pack.toml."
        faults.add(REVIEW_FILE, (*place, "keyed"), says, remedy)
    pole = find_agreed_pole(pack, item)
    if pole and note["pole"] != pole:
        says = f"is {note['pole']}, but agreeing with this statement supports {pole}."
        remedy = "Correct the note, or the keyed direction in pack.toml."
        faults.add(REVIEW_FILE, (*place, "pole"), says, remedy)


def _note_shape(pack: Pack, item: Item, facets: Any) -> Table:
    """Return the shape of the note for an item. `facets` is the value of the key `facets`."""
    keys: dict[str, Shape] = {}
    if item.measures:
        keys["facet"] = _facet_shape(item.measures, facets)
        keys["keyed"] = OneOf(_KEYED, "keyed direction")
    if find_agreed_pole(pack, item):
        keys["pole"] = OneOf(pack.rule.poles or (), "pole of this pack")
    keys["opposite"] = Text()
    keys["misread"] = Text()
    return Table(keys)


def _facet_shape(measure: str, facets: Any) -> Shape:
    names = facets.get(measure) if isinstance(facets, dict) else None
    if not isinstance(names, list):  # The missing list already has a fault.
        return Anything()
    known = tuple(name for name in names if isinstance(name, str))
    return OneOf(known, f"facet of {measure}")


def find_agreed_pole(pack: Pack, item: Item) -> str | None:
    """Return the pole that agreeing with an item supports, or None if the item supports no pole."""
    poles = {trait.id: trait.pole for trait in pack.traits}
    pole = poles.get(item.measures or "")
    if pack.rule.poles is None or pole is None:
        return None
    if item.keyed is Keyed.PLUS:
        return pole
    first, second = pack.rule.poles
    return second if pole == first else first
