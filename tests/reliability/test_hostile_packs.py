"""Hundreds of packs that somebody wrote to break the reader: each is refused with a sentence or is fine, soon."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.core.support.hostile_packs import WAS_HERE, Hostile, list_hostile
from tests.reliability.support.server import ROOT, make_environment

MOST_SECONDS, MOST_MEGABYTES, MOST_CHARACTERS = 2, 200, 40_000
HOSTILE = list_hostile()
NASTIEST = ("steps", "unknown items", "holes", "/dev/zero", "pipe", "million", "thirty thousand")


def choose(is_long: bool) -> list[Hostile]:
    """All of them, or the nastiest and each fifteenth of the others."""
    return [
        each
        for number, each in enumerate(HOSTILE)
        if is_long or number % 15 == 0 or any(word in each.name for word in NASTIEST)
    ]


def read(folder: Path, packs: list[Hostile]) -> list[tuple[str, dict[str, Any]]]:
    """Let a process of its own check them, and return what each of them took."""
    folders = [folder / str(number) for number in range(len(packs))]
    for place, each in zip(folders, packs, strict=True):
        place.mkdir()
        each.write(place)
    command = [sys.executable, "-m", "tests.reliability.support.pack_reader", *map(str, folders)]
    done = subprocess.run(
        command, cwd=ROOT, env=make_environment(), capture_output=True, text=True, check=True
    )
    return [
        (each.name, json.loads(line))
        for each, line in zip(packs, done.stdout.splitlines(), strict=True)
    ]


def find_fault(took: dict[str, Any]) -> str | None:
    """What is wrong with how a pack was read."""
    if took["code"] not in (0, 1) or "Traceback" in took["says"]:
        return f"ended with {took['code']}"
    if not took["says"].strip() or took["length"] > MOST_CHARACTERS:
        return f"says {took['length']} characters"
    if took["seconds"] > MOST_SECONDS or took["megabytes"] > MOST_MEGABYTES:
        return "takes too much"
    return None


def test_there_are_more_than_two_hundred_of_them_each_with_its_own_name() -> None:
    assert len({each.name for each in HOSTILE}) == len(HOSTILE) > 200


@pytest.mark.parametrize(
    "is_long", [False, pytest.param(True, marks=pytest.mark.long)], ids=["some", "all"]
)
def test_a_hostile_pack_is_refused_with_a_sentence_or_is_fine_and_soon(
    tmp_path: Path, is_long: bool
) -> None:
    took = read(tmp_path, choose(is_long))
    assert {name: (fault, each) for name, each in took if (fault := find_fault(each))} == {}
    assert {each["code"] for _, each in took} == {0, 1}
    assert not WAS_HERE.exists()


def test_what_lies_outside_of_the_folder_is_never_told(tmp_path: Path) -> None:
    secret = tmp_path / "secret.toml"
    secret.write_text('password = "hunter2"\n')
    ((_, took),) = read(
        tmp_path, [Hostile("a link", lambda place: (place / "pack.toml").symlink_to(secret))]
    )
    assert took["code"] == 1
    assert "hunter2" not in took["says"]
    assert "is not a file inside its folder" in took["says"]
