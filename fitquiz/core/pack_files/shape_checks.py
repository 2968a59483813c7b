"""Shapes of plain data: what a TOML file must hold, stated as a value and checked in one walk."""

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
    """Plain text of 1 to `max_length` characters, without control characters."""

    max_length: int = 600


@dataclass(frozen=True, slots=True)
class Name:
    """A short id: small letters, digits and hyphens."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words; `kind` says what the words are."""

    words: tuple[str, ...]
    kind: str = "value"


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `minimum` to `maximum`, a whole one if `whole`."""

    minimum: float
    maximum: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of `minimum` to `maximum` elements of one shape."""

    shape: "Shape"
    minimum: int = 0
    maximum: int = 500


@dataclass(frozen=True, slots=True)
class Table:
    """A table with exactly these keys. The keys in `optional` may be absent."""

    keys: Mapping[str, "Shape"]
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value: it cannot be judged."""


Shape = Anything | Text | Name | OneOf | Number | Flag | ListOf | Table
Trouble = tuple[str, str]
"""What is wrong, and the remedy."""


def is_name(value: Any) -> bool:
    """Return whether a value can be an id."""
    if not isinstance(value, str) or len(value) > MAX_NAME_LENGTH:
        return False
    return _NAME.match(value) is not None


def check_shape(
    value: Any, shape: Shape, faults: FaultList, file: str, place: Place = ()
) -> None:
    """Add a fault for every difference between a parsed value and a shape."""
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
        remedy = f"Write the keys {', '.join(shape.keys)}."
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
                else "Take it out, or look for a slip in the id."
            )
            faults.add(file, (*place, key), "is not known here.", remedy)


def _check_list(
    value: Any, shape: ListOf, faults: FaultList, file: str, place: Place
) -> None:
    if not isinstance(value, list):
        remedy = f"Write it in brackets: [{_show_example(shape.shape)}]"
        faults.add(file, place, "must be a list.", remedy)
        return

    if not shape.minimum <= len(value) <= shape.maximum:
        wanted = f"{shape.minimum} to {shape.maximum}"
        if shape.minimum == shape.maximum:
            wanted = str(shape.minimum)
        faults.add(file, place, f"has {len(value)} entries.", f"Write {wanted}.")
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
        return "must be text.", 'Write it in double quotes: "…".'
    if not value.strip():
        return "is empty.", "Write the text."
    if len(value) > shape.max_length:
        return f"has {len(value)} characters.", f"Keep to {shape.max_length}."
    if any(_is_control(character) for character in value):
        return "holds a control character.", "Take it out."
    return None


def _find_name_trouble(value: Any) -> Trouble | None:
    if is_name(value):
        return None
    remedy = f"Use small letters, digits and single hyphens, at most {MAX_NAME_LENGTH}."
    return f"{_quote(value)} is no id.", remedy


def _find_word_trouble(value: Any, shape: OneOf) -> Trouble | None:
    if value in shape.words:
        return None
    says = f"{_quote(value)} is no {shape.kind}."
    near = _find_near(value, shape.words)
    if near:
        return says, f"Did you mean {near}?"
    known = ", ".join(shape.words[:_MAX_COMPARED_NAMES])
    return says, f"Write one of: {known or '(none there is)'}."


def _find_number_trouble(value: Any, shape: Number) -> Trouble | None:
    kinds = int if shape.whole else (int, float)
    is_number = isinstance(value, kinds) and not isinstance(value, bool)
    if is_number and shape.minimum <= value <= shape.maximum:
        return None
    kind = "whole number" if shape.whole else "number"
    remedy = f"Write a {kind} from {shape.minimum:g} to {shape.maximum:g}."
    return f"{_quote(value)} does not do.", remedy


def _find_flag_trouble(value: Any) -> Trouble | None:
    if isinstance(value, bool):
        return None
    return f"{_quote(value)} does not do.", "Write true or false."


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and character not in "\n\t"


def _find_near(value: Any, known: Iterable[str]) -> str | None:
    """Return the word that was probably meant. The search is slow, so it compares a limited number."""
    if not isinstance(value, str) or len(value) > _MAX_COMPARED_LENGTH:
        return None
    compared = list(islice(known, _MAX_COMPARED_NAMES))
    matches = difflib.get_close_matches(value, compared, 1)
    return matches[0] if matches else None


def _quote(value: Any) -> str:
    try:
        return f"{value!r:.80}"
    except ValueError:  # Python refuses to write integers of thousands of digits.
        return "A number that long"


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
