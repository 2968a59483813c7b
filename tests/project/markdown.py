"""Reads the documents: their sentences, links, headings, commands and the paths that they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCED = re.compile(r"(?ms)^[ \t]*```(?P<kind>[^\n]*)\n(?P<lines>.*?)^[ \t]*```[ \t]*$")
_CODE = re.compile(r"`[^`\n]*`")
_IMAGE_OR_LINK = re.compile(r"!?\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*]|\d+\.|#+)[ \t]+")
_HEADING = re.compile(r"(?m)^#+ +(.*)$")
_SENTENCE_END = re.compile(r"(?<=[.!?])[)\"*]*\s+(?=[A-Z0-9(\"])")
_PATH = re.compile(
    r"`((?:fitquiz|tests|templates|static|questions|deploy|docs|\.ci)/[\w./@-]*|[\w.]+\.(?:py|md|toml|yaml))`"
)


@dataclass(frozen=True)
class Document:
    """A Markdown file. `name` is its path within the project."""

    name: str
    text: str

    @property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return _FENCED.sub("\n\n", self.text)

    @property
    def sentences(self) -> list[str]:
        """All sentences, those of tables too. Inline code counts as one word."""
        text = _IMAGE_OR_LINK.sub(lambda found: found["text"], self.prose)
        text = _CODE.sub("Code", text).replace("**", "")
        found = []
        for block in _split_blocks(text):
            found += [sentence for sentence in _SENTENCE_END.split(block) if sentence]
        return found

    @property
    def links(self) -> list[str]:
        """The targets of links and images that lead to files of the project."""
        targets = [found["target"] for found in _IMAGE_OR_LINK.finditer(self.prose)]
        return [target for target in targets if not target.startswith(("http", "mailto"))]

    @property
    def anchors(self) -> set[str]:
        """The anchors that GitHub gives to the headings."""
        found = set()
        for heading in _HEADING.findall(self.prose):
            kept = re.sub(r"[^\w\- ]", "", heading.lower())
            found.add(kept.replace(" ", "-"))
        return found

    @property
    def paths(self) -> list[str]:
        """The files and folders that are named in inline code."""
        return _PATH.findall(self.prose)

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Each command of the fenced blocks, after the kind of its block: `sh` or `sh root`."""
        found = []
        for block in _FENCED.finditer(self.text):
            lines = [line.strip() for line in block["lines"].splitlines()]
            if block["kind"].startswith("sh"):
                found += [(block["kind"], line) for line in lines if line]
        return found


def read_documents(root: Path) -> list[Document]:
    """Return the documents of the project."""
    paths = [*sorted(root.glob("*.md")), *sorted((root / "docs").glob("*.md"))]
    return [Document(str(path.relative_to(root)), path.read_text("utf-8")) for path in paths]


def _split_blocks(text: str) -> Iterator[str]:
    """Yield paragraphs, list items, headings and cells of tables, each as one line."""
    paragraph: list[str] = []
    for line in [*text.splitlines(), ""]:
        is_cells = line.startswith("|")
        is_item = bool(_LIST_ITEM.match(line))
        if is_cells or is_item or not line.strip():
            yield " ".join(paragraph)
            paragraph = []
        if is_cells:
            yield from (cell.strip() for cell in line.strip("|").split("|"))
        else:
            paragraph.append(_LIST_ITEM.sub("", line, count=1).strip())
