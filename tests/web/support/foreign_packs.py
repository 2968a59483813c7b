"""A pack in a language that no page has, in which each text can be recognized."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from tests.web.support.answering import PACK, QUESTIONS
from tests.web.support.page import Page, list_elements

SIGN = "¤"
_TEXT = re.compile(r'(?m)((?:= |\[|, |^  )")(?=[^"]+")')


def write_foreign(folder: Path, language: str) -> None:
    """Write the shipped pack in one language only. Each text begins with the sign."""
    pack = folder / PACK.id
    shutil.copytree(QUESTIONS / PACK.id, pack)
    words = (pack / "en.toml").read_text("utf-8")
    for path in pack.glob("*.toml"):
        if path.stem in (*PACK.languages, "review"):
            path.unlink()
    marked = _TEXT.sub(lambda found: found[1] + SIGN, words)
    (pack / f"{language}.toml").write_text(marked, "utf-8")
    structure = (pack / "pack.toml").read_text("utf-8")
    structure = re.sub(r"(?m)^languages = .*$", f'languages = ["{language}"]', structure)
    (pack / "pack.toml").write_text(structure, "utf-8")


def list_unmarked(page: Page, language: str, direction: str) -> list[str]:
    """Return the texts of the pack on a page that are not marked with the language and the direction.

    Leave out text areas, because nothing in plain text can be marked.
    """
    unmarked: list[str] = []
    wanted = {"lang": language, "dir": direction}
    body = page.find_all("body")[0]
    _collect(body, wanted, is_marked=False, unmarked=unmarked)
    return unmarked


def list_broken(page: Page) -> list[str]:
    """Return the attributes and titles in which HTML stands as text."""
    values = [str(value) for each in list_elements(page.tree) for value in each.attrib.values()]
    return [each for each in (*values, page.title, page.text) if "<span" in each]


def count_signs(page: Page) -> int:
    """Return the number of texts of the pack in the visible part of a page."""
    return page.text.count(SIGN)


def _collect(
    element: Element, wanted: Mapping[str, Any], is_marked: bool, unmarked: list[str]
) -> None:
    is_marked = is_marked or wanted.items() <= element.attrib.items()
    if SIGN in (element.text or "") and not is_marked:
        unmarked.append(element.text or "")
    for child in element:
        if not callable(child.tag) and child.tag != "textarea":
            _collect(child, wanted, is_marked, unmarked)
        if SIGN in (child.tail or "") and not is_marked:
            unmarked.append(child.tail or "")
