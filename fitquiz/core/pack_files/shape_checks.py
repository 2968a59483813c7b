"""Shapes of parsed TOML data, and a function that checks data against a shape.

A shape describes the keys and values that a TOML file must contain.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from fitquiz.core.pack_files.faults import FaultList
from fitquiz.core.pack_files.toml_lines import Place

MAX_NAME_LENGTH = 60
_MAX_COMPARED_NAMES = 300
_MAX_COMPARED_LENGTH = 100
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class Text:
    """The shape of a text with 1 to `max_length` characters.

    A text of only white space is refused. Tabs and line feeds are allowed. All other control
    characters are refused.
    """

    max_length: int = 600


@dataclass(frozen=True, slots=True)
class Name:
    """The shape of an id: a small letter, then small letters, digits and single hyphens."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """The shape of a value that must be in `words`.

    `kind` is the noun for such a value in the text of a fault, for example `keyed direction`.
    """

    words: tuple[str, ...]
    kind: str = "value"


@dataclass(frozen=True, slots=True)
class Number:
    """The shape of a number from `minimum` to `maximum`.

    If `whole` is true, the number must be an integer.
    """

    minimum: float
    maximum: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """The shape of a boolean value."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """The shape of a list with `minimum` to `maximum` elements.

    Each element of the list must have the shape `shape`.
    """

    shape: "Shape"
    minimum: int = 0
    maximum: int = 500


@dataclass(frozen=True, slots=True)
class Table:
    """The shape of a table. `keys` maps each allowed key to the shape of its value.

    Each key is required, unless `optional` contains the key.
    """

    keys: Mapping[str, "Shape"]
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Anything:
    """The shape that allows every value."""


Shape = Anything | Text | Name | OneOf | Number | Flag | ListOf | Table
Trouble = tuple[str, str]
"""A pair of texts. The first text describes a fault. The second text describes the remedy."""


def is_name(value: Any) -> bool:
    """Return whether a value is a valid id."""
    if not isinstance(value, str) or len(value) > MAX_NAME_LENGTH:
        return False
    return _NAME.match(value) is not None


def check_shape(
    value: Any, shape: Shape, faults: FaultList, file: str, place: Place = ()
) -> None:
    """Add a fault for every difference between a parsed value and a shape.

    `place` is the place of `value` in `file`.
    """
    if isinstance(shape, Table):
        _check_table(value, shape, faults, file, place)
        return
    if isinstance(shape, ListOf):
        _check_list(value, shape, faults, file, place)
        return
    trouble = _find_trouble(value, shape)
    if trouble is not None:
        says, remedy = trouble
        faults.add(file, place, says, remedy)


def _check_table(
    value: Any, shape: Table, faults: FaultList, file: str, place: Place
) -> None:
    if not isinstance(value, dict):
        remedy = f"Write a table with the keys {', '.join(shape.keys)}."
        faults.add(file, place, "must be a table.", remedy)
        return

    for key, inner in shape.keys.items():
        if key in value:
            check_shape(value[key], inner, faults, file, (*place, key))
        elif key not in shape.optional:
            remedy = f"Write {key} = {_show_example(inner)}"
            faults.add(file, (*place, key), "is missing.", remedy)

    for key in value:
        if key not in shape.keys and not faults.is_full:
            near = _find_near(key, shape.keys)
            remedy = (
                f"Did you mean {near}?"
                if near
                else "Delete the key, or correct its spelling."
            )
            faults.add(file, (*place, key), "is not an allowed key.", remedy)


def _check_list(
    value: Any, shape: ListOf, faults: FaultList, file: str, place: Place
) -> None:
    if not isinstance(value, list):
        remedy = f"Write a list in brackets: [{_show_example(shape.shape)}]"
        faults.add(file, place, "must be a list.", remedy)
        return

    if not shape.minimum <= len(value) <= shape.maximum:
        wanted = f"{shape.minimum} to {shape.maximum}"
        if shape.minimum == shape.maximum:
            wanted = str(shape.minimum)
        faults.add(
            file, place, f"has {len(value)} entries.", f"Write {wanted} entries."
        )
    for index, element in enumerate(value[: shape.maximum]):
        check_shape(element, shape.shape, faults, file, (*place, index))


def _find_trouble(value: Any, shape: Shape) -> Trouble | None:
    match shape:
        case Anything():
            return None
        case Text():
            return _find_text_trouble(value, shape)
        case Name():
            return _find_name_trouble(value)
        case OneOf():
            return _find_word_trouble(value, shape)
        case Number():
            return _find_number_trouble(value, shape)
        case _:
            return _find_flag_trouble(value)


def _find_text_trouble(value: Any, shape: Text) -> Trouble | None:
    if not isinstance(value, str):
        return "must be text.", 'Write the text in double quotes: "…".'
    if not value.strip():
        return "is empty.", "Write a text."
    if len(value) > shape.max_length:
        return (
            f"has {len(value)} characters.",
            f"Write at most {shape.max_length} characters.",
        )
    if any(_is_control(character) for character in value):
        return "contains a control character.", "Delete the control character."
    return None


def _find_name_trouble(value: Any) -> Trouble | None:
    if is_name(value):
        return None
    remedy = f"Use at most {MAX_NAME_LENGTH} small letters, digits and single hyphens."
    return f"{_quote(value)} is not a valid id.", remedy


def _find_word_trouble(value: Any, shape: OneOf) -> Trouble | None:
    if value in shape.words:
        return None
    says = f"{_quote(value)} is not a valid {shape.kind}."
    near = _find_near(value, shape.words)
    if near:
        return says, f"Did you mean {near}?"
    known = ", ".join(shape.words[:_MAX_COMPARED_NAMES])
    return says, f"Write one of: {known or '(no value is valid)'}."


def _find_number_trouble(value: Any, shape: Number) -> Trouble | None:
    kinds = int if shape.whole else (int, float)
    is_number = isinstance(value, kinds) and not isinstance(value, bool)
    if is_number and shape.minimum <= value <= shape.maximum:
        return None
    kind = "whole number" if shape.whole else "number"
    remedy = f"Write a {kind} from {shape.minimum:g} to {shape.maximum:g}."
    return f"{_quote(value)} is not valid.", remedy


def _find_flag_trouble(value: Any) -> Trouble | None:
    if isinstance(value, bool):
        return None
    return f"{_quote(value)} is not valid.", "Write true or false."


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and character not in "\n\t"


def _find_near(value: Any, known: Iterable[str]) -> str | None:
    """Return the known word that is most similar to `value`. Return None if no word is similar.

    The function compares a limited number of words, because each comparison is slow.
    """
    if not isinstance(value, str) or len(value) > _MAX_COMPARED_LENGTH:
        return None
    compared = list(islice(known, _MAX_COMPARED_NAMES))
    matches = difflib.get_close_matches(value, compared, 1)
    return matches[0] if matches else None


def _quote(value: Any) -> str:
    try:
        return f"{value!r:.80}"
    except ValueError:  # Python refuses to print integers with thousands of digits.
        return "A number with thousands of digits"


def _show_example(shape: Shape) -> str:
    match shape:
        case Text() | Name():
            return '"…"'
        case OneOf():
            return f'"{shape.words[0]}"' if shape.words else '"…"'
        case Number():
            return f"{shape.minimum:g}"
        case ListOf():
            return "[…]"
        case Table():
            return "{…}"
        case _:
            return "true"
