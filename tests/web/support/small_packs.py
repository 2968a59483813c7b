"""Installs a small pack in an app, so that a test shows one possibility of the pack format."""

from collections.abc import Mapping
from pathlib import Path

SAMPLE = "sample"


def install(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files of a pack, and return the folder for the setting FITQUIZ_QUESTIONS."""
    pack = folder / "packs" / SAMPLE
    pack.mkdir(parents=True)
    for name, text in files.items():
        (pack / name).write_text(text, "utf-8")
    return folder / "packs"
