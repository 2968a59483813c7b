"""The files of the packs of the checkout, and their texts."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "questions" / "front-back-office"


def read_files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.toml")}


def list_texts(words: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a language with its place."""
    if isinstance(words, str):
        yield place, words
    for key, inner in (
        words.items()
        if isinstance(words, Mapping)
        else enumerate(words)
        if isinstance(words, list)
        else ()
    ):
        yield from list_texts(inner, f"{place}.{key}".lstrip("."))
