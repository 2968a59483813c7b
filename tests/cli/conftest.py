"""The fixtures of the app, for the tests in this folder."""

from pathlib import Path

import pytest

from tests.reliability.support.server import ROOT
from tests.web.support.app_fixtures import *


@pytest.fixture
def broken_pack(tmp_path: Path) -> Path:
    """A pack of its own folder with three faults in two files."""
    folder = tmp_path / "questions" / "broken"
    folder.mkdir(parents=True)
    for path in (ROOT / "tests" / "packs" / "five-traits").glob("*.toml"):
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    spoil(folder / "pack.toml", 'id = "five-traits"', 'id = "broken"')
    spoil(folder / "pack.toml", "item_sd = 25", 'item_sd = "many"')
    spoil(folder / "pack.toml", 'licence = "CC0-1.0"\n', "")
    spoil(folder / "nb.toml", "title = ", "titel = ")
    return folder


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
