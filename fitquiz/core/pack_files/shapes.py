"""Shapes of plain data: what a TOML file must hold, stated as a value and checked in one walk for every fault."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from fitquiz.core.pack_files.faults import FaultList
from fitquiz.core.pack_files.toml_lines import Place

_MOST_COMPARED, _LONGEST_COMPARED = 300, 100
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text of one or more characters, none of them a control character."""

    most: int = 600


@dataclass(frozen=True, slots=True)
class Name:
    """A short id: small letters, digits and hyphens."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words; `kind` says what they are."""

    words: tuple[str, ...]
    kind: str = "value"


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `least` to `most`, a whole one if `whole`."""

    least: float
    most: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of `least` to `most` elements of one shape."""

    shape: "Shape"
    least: int = 0
    most: int = 500


@dataclass(frozen=True, slots=True)
class Table:
    """A table with exactly these keys; those in `optional` may be left out."""

    keys: Mapping[str, "Shape"]
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever stands there: it cannot be judged."""


Shape = Anything | Text | Name | OneOf | Number | Flag | ListOf | Table


def is_name(value: Any) -> bool:
    """Whether a value does as an id."""
    return isinstance(value, str) and len(value) <= 60 and bool(_NAME.match(value))


def check_shape(value: Any, shape: Shape, faults: FaultList, file: str, place: Place = ()) -> None:
    """Compare a parsed value with a shape and add a fault for everything that differs."""
    if isinstance(shape, Table):
        _check_table(value, shape, faults, file, place)
    elif isinstance(shape, ListOf):
        _check_list(value, shape, faults, file, place)
    else:
        trouble = _find_trouble(value, shape)
        if trouble:
            faults.add(file, place, *trouble)


def _check_table(value: Any, shape: Table, faults: FaultList, file: str, place: Place) -> None:
    if not isinstance(value, dict):
        faults.add(file, place, "must be a table.", f"Write the keys {', '.join(shape.keys)}.")
        return
    for key, inner in shape.keys.items():
        if key in value:
            check_shape(value[key], inner, faults, file, (*place, key))
        elif key not in shape.optional:
            faults.add(file, (*place, key), "is missing.", f"Write {key} = {_show_example(inner)}")
    for key in value:
        if key not in shape.keys and not faults.is_full:
            near = _find_near(key, shape.keys)
            hint = f"Did you mean {near}?" if near else "Take it out, or look for a slip in the id."
            faults.add(file, (*place, key), "is not known here.", hint)


def _check_list(value: Any, shape: ListOf, faults: FaultList, file: str, place: Place) -> None:
    if not isinstance(value, list):
        faults.add(
            file, place, "must be a list.", f"Write it in brackets: [{_show_example(shape.shape)}]"
        )
        return
    if not shape.least <= len(value) <= shape.most:
        wanted = str(shape.least) if shape.least == shape.most else f"{shape.least} to {shape.most}"
        faults.add(file, place, f"has {len(value)} entries.", f"Write {wanted}.")
    for index, element in enumerate(value[: shape.most]):
        check_shape(element, shape.shape, faults, file, (*place, index))


def _find_trouble(value: Any, shape: Shape) -> tuple[str, str] | None:
    match shape:
        case Text(most):
            return _find_text_trouble(value, most)
        case Name():
            says = (
                f"{_quote(value)} is no id.",
                "Use small letters, digits and single hyphens, at most 60.",
            )
            return None if is_name(value) else says
        case Anything():
            return None
        case OneOf(words, kind):
            if value in words:
                return None
            near = _find_near(value, words)
            known = ", ".join(words[:_MOST_COMPARED]) or "(none there is)"
            return (
                f"{_quote(value)} is no {kind}.",
                f"Did you mean {near}?" if near else f"Write one of: {known}.",
            )
        case Number(least, most, whole):
            kinds = int if whole else (int, float)
            fine = (
                isinstance(value, kinds) and not isinstance(value, bool) and least <= value <= most
            )
            kind = "whole number" if whole else "number"
            return (
                None
                if fine
                else (
                    f"{_quote(value)} does not do.",
                    f"Write a {kind} from {least:g} to {most:g}.",
                )
            )
        case _:
            return (
                None
                if isinstance(value, bool)
                else (f"{_quote(value)} does not do.", "Write true or false.")
            )


def _find_near(value: Any, known: Iterable[str]) -> str | None:
    """Return what was probably meant. Looking for it takes long where there is much, so not everything is compared."""
    if not isinstance(value, str) or len(value) > _LONGEST_COMPARED:
        return None
    return next(
        iter(difflib.get_close_matches(value, list(islice(known, _MOST_COMPARED)), 1)), None
    )


def _find_text_trouble(value: Any, most: int) -> tuple[str, str] | None:
    if not isinstance(value, str):
        return "must be text.", 'Write it in double quotes: "…".'
    if not value.strip():
        return "is empty.", "Write the text."
    if len(value) > most:
        return f"has {len(value)} characters.", f"Keep to {most}."
    if any(
        unicodedata.category(character) == "Cc" and character not in "\n\t" for character in value
    ):
        return "holds a control character.", "Take it out."
    return None


def _quote(value: Any) -> str:
    try:
        return f"{value!r:.80}"
    except ValueError:  # Python refuses to write integers of thousands of digits.
        return "A number that long"


def _show_example(shape: Shape) -> str:
    match shape:
        case Text() | Name():
            return '"…"'
        case OneOf(words):
            return f'"{words[0]}"' if words else '"…"'
        case Number(least):
            return f"{least:g}"
        case ListOf():
            return "[…]"
        case Table():
            return "{…}"
        case _:
            return "true"
