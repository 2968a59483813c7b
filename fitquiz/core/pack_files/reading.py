"""Reads a pack from the texts of its files, or refuses it with every fault at once.

`pack.toml` holds the structure, and one file a language (`nb.toml`, `en.toml`, …) holds the words.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from fitquiz.core.pack_files.checks import check_balance, check_references
from fitquiz.core.pack_files.faults import Fault, FaultList, PackError
from fitquiz.core.pack_files.pack_shapes import keep_sound, structure_shape, words_shape
from fitquiz.core.pack_files.shapes import check_shape
from fitquiz.core.packs import Aspect, Block, Item, Keyed, Module, Pack, Rule, Trait

STRUCTURE_FILE = "pack.toml"
MOST_CHARACTERS = 400_000
_STEP = r"""(?:[\w-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
_ENDLESS_KEY = re.compile(rf"(?:\.[ \t]*{_STEP}[ \t]*){{100}}")
"""What the parser would take a time for that grows with the square of the steps."""


def read_pack(files: Mapping[str, str]) -> Pack:
    """Return the pack that the files (name → text) describe; raise PackError with all faults if it cannot be used."""
    pack, faults = examine_pack(files)
    if pack is None:
        raise PackError(faults)
    return pack


def examine_pack(files: Mapping[str, str]) -> tuple[Pack | None, tuple[Fault, ...]]:
    """Return the pack, or None where it cannot be used, and every fault and warning found on the way."""
    faults = FaultList(files)
    parsed = {
        name: data for name in files if (data := _parse(name, files[name], faults)) is not None
    }
    if STRUCTURE_FILE not in files:
        faults.add(
            STRUCTURE_FILE, (), "is missing.", "`fitquiz pack new` writes a starting folder."
        )
    if STRUCTURE_FILE in parsed:
        check_shape(
            parsed[STRUCTURE_FILE], structure_shape(parsed[STRUCTURE_FILE]), faults, STRUCTURE_FILE
        )
        sound = keep_sound(parsed[STRUCTURE_FILE])
        check_references(sound, faults, STRUCTURE_FILE)
        _check_words(sound, parsed, files, faults)
    if faults.errors:
        return None, tuple(faults.faults)
    pack = _build_pack(parsed, files)
    check_balance(pack, faults)
    return pack, tuple(faults.faults)


def hash_files(files: Mapping[str, str]) -> str:
    """Return the SHA-256 (hex) of the files' names and texts, whatever their order."""
    return hashlib.sha256(
        json.dumps(dict(files), sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


def _parse(name: str, text: str, faults: FaultList) -> dict[str, Any] | None:
    if len(text) > MOST_CHARACTERS:
        faults.add(name, (), f"has {len(text)} characters.", f"Keep a file to {MOST_CHARACTERS}.")
        return None
    if endless := _ENDLESS_KEY.search(text):
        line = text.count("\n", 0, endless.start()) + 1
        faults.add(
            name,
            (),
            f"has a key of a hundred steps on line {line}.",
            "Write it as `fitquiz pack new` does.",
        )
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.add_unparsed(name, str(error))
    except (RecursionError, ValueError):
        faults.add(
            name,
            (),
            "is nested too deeply or holds a number too long.",
            "Write it as `fitquiz pack new` does.",
        )
    return None


def _check_words(
    structure: Mapping[str, Any],
    parsed: Mapping[str, dict[str, Any]],
    files: Mapping[str, str],
    faults: FaultList,
) -> None:
    shape = words_shape(structure)
    for language in structure["languages"]:
        name = f"{language}.toml"
        if name in parsed:
            check_shape(parsed[name], shape, faults, name)
        elif name not in files:
            remedy = f"Write the words in {name}, or take {language} out of languages."
            faults.add(
                STRUCTURE_FILE, ("languages",), f"names {language}, but {name} is missing.", remedy
            )
    for name in files if structure["languages"] else ():
        if name != STRUCTURE_FILE and name.removesuffix(".toml") not in structure["languages"]:
            remedy = f"Add {name.removesuffix('.toml')!r} to languages in {STRUCTURE_FILE}, or take the file away."
            faults.add(name, (), "is a language that the pack does not name.", remedy)


def _build_pack(parsed: Mapping[str, dict[str, Any]], files: Mapping[str, str]) -> Pack:
    data = parsed[STRUCTURE_FILE]
    return Pack(
        id=data["id"],
        version=data["version"],
        licence=data["licence"],
        source=data["source"],
        languages=tuple(data["languages"]),
        answer_points=data["answers"]["points"],
        rule=_build_rule(data["rule"]),
        extras=tuple(data.get("extras", ())),
        traits=tuple(
            Trait(t["id"], t.get("pole"), _exact(t.get("weight", 1))) for t in data["traits"]
        ),
        aspects=tuple(Aspect(a["id"], a.get("trait")) for a in data.get("aspects", ())),
        blocks=tuple(
            Block(block["form"], _build_items(block["items"], "trait")) for block in data["blocks"]
        ),
        modules=tuple(
            Module(m["id"], m["asked"], tuple(m["scales"]), _build_items(m["items"], "scale"))
            for m in data.get("modules", ())
        ),
        words={language: parsed[f"{language}.toml"] for language in data["languages"]},
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


def _build_items(items: list[dict[str, Any]], measures: str) -> tuple[Item, ...]:
    return tuple(
        Item(i["id"], i.get(measures), Keyed(i["keyed"]) if "keyed" in i else None) for i in items
    )


def _exact(number: int | float) -> Fraction:
    """A number as it is written, so that 0.1 is a tenth."""
    return Fraction(str(number))
