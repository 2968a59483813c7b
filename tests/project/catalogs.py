"""The texts of the templates, and the catalogs that translate them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from fitquiz.core.languages import LANGUAGES

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CATALOGS = ROOT / "fitquiz" / "web" / "site" / "catalogs"
TRANSLATED = [language for language in LANGUAGES if language != "en"]
OPTIONS = {"newstyle_gettext": "true", "silent": "false"}


def extract(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the strings of a template, each with its plural if it has one."""
    for _line, found, _comments, _context in extract_from_file(
        "jinja2.ext:babel_extract", path, options=OPTIONS
    ):
        yield (found,) if isinstance(found, str) else tuple(found)


@cache
def read_catalog(language: str) -> Catalog:
    with (CATALOGS / f"{language}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def list_messages(language: str) -> list[Message]:
    return [message for message in read_catalog(language) if message.id]


def as_tuple(texts: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts or ("",))


EXTRACTED = {path: list(extract(path)) for path in TEMPLATES}
USED = {texts for found in EXTRACTED.values() for texts in found}
