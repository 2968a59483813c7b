"""The chapters of an attempt: the items that everybody gets, and each part that was opened later.

Each chapter counts its own items. Therefore the progress never goes back when a respondent opens a
part.
"""

from collections.abc import Collection
from dataclasses import dataclass

from fitquiz.core.packs import Item, Pack


@dataclass(frozen=True, slots=True)
class Chapter:
    """Items that are counted together. `part` is the id of a part that was opened later, or None."""

    part: str | None
    items: tuple[Item, ...]


def list_chapters(pack: Pack, parts: Collection[str]) -> list[Chapter]:
    """Return the chapters of these parts, in the order of asking. No chapter is empty."""
    at_once = [part for part in parts if part not in pack.extra_parts]
    chapters = [Chapter(None, pack.items_of(at_once))]
    opened_later = [part for part in pack.extra_parts if part in parts]
    chapters += [Chapter(part, pack.parts[part].items) for part in opened_later]
    return [chapter for chapter in chapters if chapter.items]


def find_chapter(chapters: list[Chapter], item: Item) -> Chapter:
    """Return the chapter of an item. `chapters` must contain the item."""
    return next(chapter for chapter in chapters if item in chapter.items)
