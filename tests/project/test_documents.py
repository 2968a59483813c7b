"""The documents name everything that they should, name nothing that is missing, and are plain to read."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from fitquiz.cli.commands import commands
from fitquiz.config.settings import SETTINGS, Setting
from tests.project.markdown import Document, read_documents

ROOT = Path(__file__).parents[2]
DOCUMENTS = {document.name: document for document in read_documents(ROOT)}
EVERY_DOCUMENT = pytest.mark.parametrize("document", list(DOCUMENTS.values()), ids=list(DOCUMENTS))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
MAX_README_LINES = 100
MAX_CONTRIBUTING_BYTES = 4096
MAX_SENTENCE_WORDS = 25
FORBIDDEN_WORDS = (
    r"\bwhoever\b",
    r"\bwhatever\b",
    r"\bso (?:many|much)\b",
    r"\bnone of\b|^none\b",
    r"\belse[.,;:)]",
    r"\b(?:is|are|was|were|be|been) told\b",
    r"\bsuch a one\b",
    r"\bwho asks for\b",
    r"\bof who\b",
)


def list_commands(group: click.Group, before: str = "fitquiz") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from list_commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


def list_targets() -> list[str]:
    """Return the make targets that `make help` names."""
    return re.findall(r'(?m)^\t@echo "make ([\w-]+) ', MAKEFILE)


def list_folders() -> list[str]:
    """Return the top-level folders that git does not ignore."""
    lines = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    ignored = {line.strip("/") for line in lines}

    folders = []
    for path in sorted(ROOT.iterdir()):
        is_hidden = path.name.startswith(".")
        if path.is_dir() and not is_hidden and path.name not in ignored:
            folders.append(path.name)
    return folders


def find_long_sentences(document: Document) -> list[str]:
    sentences = document.sentences
    return [sentence for sentence in sentences if len(sentence.split()) > MAX_SENTENCE_WORDS]


def find_forbidden_words(document: Document) -> list[str]:
    forbidden = re.compile("|".join(FORBIDDEN_WORDS), re.IGNORECASE)
    return [sentence for sentence in document.sentences if forbidden.search(sentence)]


def find_broken_links(document: Document) -> list[str]:
    """Return the links that lead to no file, or to no heading of a document."""
    folder = (ROOT / document.name).parent
    broken = []
    for link in document.links:
        target, _, anchor = link.partition("#")
        path = (folder / target).resolve() if target else ROOT / document.name
        if not path.exists() or not _has_anchor(path, anchor):
            broken.append(link)
    return broken


def _has_anchor(path: Path, anchor: str) -> bool:
    if not anchor:
        return True
    document = DOCUMENTS[str(path.relative_to(ROOT))]
    return anchor in document.anchors


def find_missing_paths(document: Document) -> list[str]:
    """Return the named files and folders that do not exist.

    A bare file name stands for any file of that name, since its folder is named next to it.
    """
    missing = []
    for path in document.paths:
        is_bare = "/" not in path
        exists = any(ROOT.glob(f"**/{path}")) if is_bare else (ROOT / path).exists()
        if not exists:
            missing.append(path)
    return missing


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_its_default(setting: Setting) -> None:
    settings = DOCUMENTS["docs/settings.md"].text
    (row,) = re.findall(rf"(?m)^\| `FITQUIZ_{setting.name}` \| (.*?) ?\|", settings)
    assert row.strip("`") == setting.default


@EVERY_DOCUMENT
def test_no_document_names_a_setting_that_is_missing(document: Document) -> None:
    known = {f"FITQUIZ_{setting.name}" for setting in SETTINGS}
    assert set(re.findall(r"\bFITQUIZ_[A-Z]+(?:_[A-Z]+)*\b", document.text)) <= known


@pytest.mark.parametrize("command", list(list_commands(commands)))
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"(?m)^\| `{command}[ `]", DOCUMENTS["docs/operate.md"].text)


@EVERY_DOCUMENT
def test_no_document_names_a_command_that_is_missing(document: Document) -> None:
    named = re.findall(r"`fitquiz ([a-z]+)", document.text)
    named += re.findall(r'make admin ARGS="([a-z]+)', document.text)
    assert set(named) <= set(commands.commands)


@pytest.mark.parametrize("target", list_targets())
def test_every_make_target_is_documented(target: str) -> None:
    text = DOCUMENTS["README.md"].text + DOCUMENTS["CONTRIBUTING.md"].text
    assert re.search(rf"\bmake {target}(?![\w-])", text)


@EVERY_DOCUMENT
def test_no_document_names_a_make_target_that_is_missing(document: Document) -> None:
    targets = set(re.findall(r"(?m)^([a-z][\w-]*):", MAKEFILE))
    named = re.findall(r"`make ([a-z][\w-]*)", document.text)
    for _, command in document.commands:
        named += re.findall(r"^(?:[A-Z_]+=\S+ )*make ([a-z][\w-]*)", command)
    assert set(named) <= targets


@pytest.mark.parametrize("folder", list_folders())
def test_the_readme_names_every_top_level_folder(folder: str) -> None:
    assert f"`{folder}/" in DOCUMENTS["README.md"].text


def list_rooms() -> list[str]:
    """Return the folders of the package that hold modules."""
    package = ROOT / "fitquiz"
    modules = [*package.glob("*/*.py"), *package.glob("*/*/*.py")]
    folders = {path.parent.relative_to(ROOT) for path in modules}
    return sorted(f"{folder}/" for folder in folders)


@pytest.mark.parametrize("room", list_rooms())
def test_the_readme_and_the_architecture_name_every_room(room: str) -> None:
    readme = DOCUMENTS["README.md"].paths
    is_parent_of_rooms = room == "fitquiz/web/"
    assert room in readme or is_parent_of_rooms
    assert [path for path in DOCUMENTS["docs/architecture.md"].paths if path.startswith(room)]


def test_commands_targets_folders_and_rooms_are_found() -> None:
    assert {"fitquiz serve", "fitquiz purge", "fitquiz pack check"} <= set(list_commands(commands))
    assert {"run", "admin", "test", "lint", "wheel"} <= set(list_targets())
    assert {"fitquiz", "templates", "static", "questions", "tests"} <= set(list_folders())
    assert {"fitquiz/core/", "fitquiz/web/quiz/", "fitquiz/store/ledger/"} <= set(list_rooms())
    assert {"README.md", "docs/settings.md", "docs/decisions.md"} <= set(DOCUMENTS)


def test_the_security_policy_names_tests() -> None:
    named = [path for path in DOCUMENTS["SECURITY.md"].paths if path.startswith("tests/")]
    assert len(named) > 20


def test_every_decision_has_a_date() -> None:
    headings = re.findall(r"(?m)^\*\*(.*)\*\*$", DOCUMENTS["docs/decisions.md"].text)
    assert len(headings) > 50
    assert [each for each in headings if not re.match(r"20\d\d-\d\d-\d\d, ", each)] == []


def test_the_readme_is_short() -> None:
    assert len(DOCUMENTS["README.md"].text.splitlines()) <= MAX_README_LINES


def test_the_contributing_guide_is_short() -> None:
    assert len(DOCUMENTS["CONTRIBUTING.md"].text.encode()) <= MAX_CONTRIBUTING_BYTES


@EVERY_DOCUMENT
def test_every_link_leads_somewhere(document: Document) -> None:
    assert find_broken_links(document) == []


@EVERY_DOCUMENT
def test_every_path_that_is_named_exists(document: Document) -> None:
    assert find_missing_paths(document) == []


@EVERY_DOCUMENT
def test_no_sentence_is_long(document: Document) -> None:
    assert find_long_sentences(document) == []


@EVERY_DOCUMENT
def test_no_document_has_words_that_are_hard_to_read(document: Document) -> None:
    assert find_forbidden_words(document) == []


@EVERY_DOCUMENT
def test_every_block_says_what_it_is(document: Document) -> None:
    """Blocks of commands are `sh`, or `sh root` if they need root, Docker or another machine."""
    kinds = re.findall(r"(?m)^[ \t]*```(\S.*)$", document.text)
    assert set(kinds) <= {"sh", "sh root", "text"}


@pytest.mark.parametrize("text", ["word " * 26, f"- {'word ' * 26}", f"| {'word ' * 26} | b |"])
def test_a_long_sentence_is_caught(text: str) -> None:
    assert find_long_sentences(Document("x.md", text))


def test_short_sentences_code_and_blocks_are_fine() -> None:
    words = "word " * 20
    text = f"One {words}. Two {words}.\n\n`{words * 2}`\n\n```sh\n{words * 2}\n```\n"
    assert find_long_sentences(Document("x.md", text)) == []


@pytest.mark.parametrize("text", ["Whoever asks.", "Nobody else.", "It is told.", "Fine. None."])
def test_a_hard_word_is_caught(text: str) -> None:
    assert find_forbidden_words(Document("x.md", text))


def test_a_broken_link_and_a_missing_path_are_caught() -> None:
    links = Document("docs/x.md", "[a](missing.md) [b](../README.md#missing) [c](../README.md)")
    assert find_broken_links(links) == ["missing.md", "../README.md#missing"]
    paths = Document("x.md", "`fitquiz/missing.py` `missing.py` `fitquiz/core/` `scoring.py`")
    assert find_missing_paths(paths) == ["fitquiz/missing.py", "missing.py"]
