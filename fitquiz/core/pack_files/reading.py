"""Functions that read a pack from the texts of its files, and list all faults of the pack.

`pack.toml` contains the structure. One file for each language contains the texts, for example
`nb.toml`. The file `review.toml` is not part of the pack, see `review_notes`.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from fitquiz.core.pack_files.completed_words import complete_words
from fitquiz.core.pack_files.content_checks import (
    check_balance,
    check_item_sd,
    check_references,
)
from fitquiz.core.pack_files.faults import Fault, FaultList, PackError
from fitquiz.core.pack_files.pack_shapes import keep_sound, structure_shape
from fitquiz.core.pack_files.review_notes import REVIEW_FILE, check_review
from fitquiz.core.pack_files.shape_checks import check_shape
from fitquiz.core.pack_files.translation_checks import check_languages
from fitquiz.core.pack_files.words_shape import words_shape
from fitquiz.core.packs import (
    Aspect,
    Block,
    Item,
    Keyed,
    Module,
    Occupation,
    Pack,
    Rule,
    Trait,
)

STRUCTURE_FILE = "pack.toml"
MAX_CHARACTERS = 400_000
_STEP = r"""(?:[\w-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
_ENDLESS_KEY = re.compile(rf"(?:\.[ \t]*{_STEP}[ \t]*){{100}}")
"""Matches a key with at least a hundred dots. For example, the key `a.b.c` has two dots.

The time that the TOML parser needs grows with the square of the number of dots in a key.
"""

_START_ANEW = "Compare the file with an example from `fitquiz pack new`."


def read_pack(files: Mapping[str, str]) -> Pack:
    """Return the pack in `files`. Raise PackError with all faults if the pack has an error.

    `files` maps the name of each file to its text.
    """
    pack, faults = examine_pack(files)
    if pack is None:
        raise PackError(faults)
    return pack


def examine_pack(files: Mapping[str, str]) -> tuple[Pack | None, tuple[Fault, ...]]:
    """Return the pack and all faults, including warnings.

    `files` maps the name of each file to its text. If the pack has an error, return None instead of
    the pack.

    `review.toml` is left out. The review changes no result, so it changes no hash, is not stored
    with the pack, and keeps no server from starting.
    """
    files = {name: text for name, text in files.items() if name != REVIEW_FILE}
    faults = FaultList(files)
    parsed = {}
    for name, text in files.items():
        data = _parse(name, text, faults)
        if data is not None:
            parsed[name] = data

    if STRUCTURE_FILE not in files:
        remedy = "Get an example from `fitquiz pack new`."
        faults.add(STRUCTURE_FILE, (), "is missing.", remedy)
    if STRUCTURE_FILE in parsed:
        structure = parsed[STRUCTURE_FILE]
        check_shape(structure, structure_shape(structure), faults, STRUCTURE_FILE)
        sound = keep_sound(structure)
        check_references(sound, faults, STRUCTURE_FILE)
        _check_words(sound, parsed, files, faults)
    if faults.errors:
        return None, tuple(faults.faults)

    pack = _build_pack(parsed, files)
    check_item_sd(pack, faults)
    check_balance(pack, faults)
    check_languages(pack, faults)
    return pack, tuple(faults.faults)


def examine_review(pack: Pack, files: Mapping[str, str]) -> tuple[Fault, ...]:
    """Return all faults of the pack's review. A pack without `review.toml` has no such fault.

    `files` maps the name of each file to its text.
    """
    if REVIEW_FILE not in files:
        return ()
    faults = FaultList(files)
    review = _parse(REVIEW_FILE, files[REVIEW_FILE], faults)
    if review is not None:
        check_review(pack, review, faults)
    return tuple(faults.faults)


def hash_files(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of the names and texts of the files, in hexadecimal digits.

    The order of the files does not change the hash.
    """
    text = json.dumps(dict(files), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _parse(name: str, text: str, faults: FaultList) -> dict[str, Any] | None:
    if len(text) > MAX_CHARACTERS:
        remedy = f"Write at most {MAX_CHARACTERS} characters."
        faults.add(name, (), f"has {len(text)} characters.", remedy)
        return None

    endless = _ENDLESS_KEY.search(text)
    if endless is not None:
        line = text.count("\n", 0, endless.start()) + 1
        faults.add(
            name, (), f"has a key with a hundred dots on line {line}.", _START_ANEW
        )
        return None

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.add_unparsed(name, str(error))
    except (RecursionError, ValueError):
        says = "is nested too deeply or contains a number with too many digits."
        faults.add(name, (), says, _START_ANEW)
    return None


def _check_words(
    structure: Mapping[str, Any],
    parsed: Mapping[str, dict[str, Any]],
    files: Mapping[str, str],
    faults: FaultList,
) -> None:
    languages = structure["languages"]
    shape = words_shape(structure)
    for language in languages:
        name = f"{language}.toml"
        if name in parsed:
            check_shape(parsed[name], shape, faults, name)
        elif name not in files:
            says = f"names {language}, but {name} is missing."
            remedy = f"Write the texts in {name}, or delete {language} from languages."
            faults.add(STRUCTURE_FILE, ("languages",), says, remedy)

    if not languages:
        return
    for name in files:
        language = name.removesuffix(".toml")
        if name != STRUCTURE_FILE and language not in languages:
            says = "belongs to a language that the pack does not list."
            remedy = f"Add {language!r} to languages in {STRUCTURE_FILE}, or delete the file."
            faults.add(name, (), says, remedy)


def _build_pack(parsed: Mapping[str, dict[str, Any]], files: Mapping[str, str]) -> Pack:
    data = parsed[STRUCTURE_FILE]
    return Pack(
        id=data["id"],
        version=data["version"],
        licence=data["licence"],
        source=data["source"],
        languages=tuple(data["languages"]),
        answer_points=data["answers"]["points"],
        offers_does_not_apply=data["answers"].get("does_not_apply", False),
        rule=_build_rule(data["rule"]),
        extras=tuple(data.get("extras", ())),
        traits=tuple(_build_trait(trait) for trait in data["traits"]),
        aspects=tuple(_build_aspect(aspect) for aspect in data.get("aspects", ())),
        occupations=tuple(
            Occupation(each["id"], each["pole"]) for each in data.get("occupations", ())
        ),
        blocks=tuple(_build_block(block) for block in data["blocks"]),
        modules=tuple(_build_module(module) for module in data.get("modules", ())),
        words={
            language: complete_words(data, parsed[f"{language}.toml"])
            for language in data["languages"]
        },
        files=dict(files),
        content_hash=hash_files(files),
    )


def _build_rule(rule: Mapping[str, Any]) -> Rule:
    poles = rule.get("poles")
    return Rule(
        poles=(poles[0], poles[1]) if poles else None,
        item_sd=_exact(rule["item_sd"]),
        calibrated=rule["calibrated"],
        band=_exact(rule.get("band", 1)),
        clear=_exact(rule.get("clear", 2)),
        both_from=_exact(rule.get("both_from", 60)),
        neither_to=_exact(rule.get("neither_to", 40)),
        least_answered=_exact(rule["least_answered"]),
    )


def _build_trait(trait: Mapping[str, Any]) -> Trait:
    item_sd = None
    if "item_sd" in trait:
        item_sd = _exact(trait["item_sd"])
    return Trait(
        id=trait["id"],
        pole=trait.get("pole"),
        weight=_exact(trait.get("weight", 1)),
        item_sd=item_sd,
    )


def _build_aspect(aspect: Mapping[str, Any]) -> Aspect:
    return Aspect(aspect["id"], aspect.get("trait"))


def _build_block(block: Mapping[str, Any]) -> Block:
    items = tuple(_build_item(item, "trait") for item in block["items"])
    return Block(block["form"], items)


def _build_module(module: Mapping[str, Any]) -> Module:
    items = tuple(_build_item(item, "scale") for item in module["items"])
    return Module(module["id"], module["asked"], tuple(module["scales"]), items)


def _build_item(item: Mapping[str, Any], measures: str) -> Item:
    keyed = Keyed(item["keyed"]) if "keyed" in item else None
    return Item(item["id"], item.get(measures), keyed)


def _exact(number: int | float) -> Fraction:
    """Return a number as an exact fraction. For example, 0.1 becomes 1/10."""
    return Fraction(str(number))
