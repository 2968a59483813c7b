"""The README names every setting, command, make target and top-level folder, so that it cannot fall behind."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from fitquiz.cli.commands import commands
from fitquiz.config.settings import SETTINGS

ROOT = Path(__file__).parents[2]
IGNORED = {
    line.strip().strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()
}


def list_commands(group: click.Group, before: str = "fitquiz") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from list_commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


def list_targets() -> list[str]:
    """Return the make targets that `make help` names."""
    return re.findall(r'(?m)^\t@echo "make ([\w-]+) ', (ROOT / "Makefile").read_text("utf-8"))


def list_folders() -> list[str]:
    folders = [
        path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")
    ]
    return sorted(name for name in folders if name not in IGNORED)


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS])
def test_the_readme_names_every_setting(readme: str, name: str) -> None:
    assert re.search(rf"\bFITQUIZ_{name}\b", readme)


@pytest.mark.parametrize(
    "setting", [setting for setting in SETTINGS if setting.default], ids=lambda each: each.name
)
def test_the_readme_states_every_default(readme: str, setting: object) -> None:
    name, default = getattr(setting, "name", ""), getattr(setting, "default", "")
    lines = [line for line in readme.splitlines() if re.search(rf"\bFITQUIZ_{name}\b", line)]
    assert [line for line in lines if default in line]


def test_the_readme_names_no_setting_that_is_not_there(readme: str) -> None:
    known = {f"FITQUIZ_{setting.name}" for setting in SETTINGS}
    assert set(re.findall(r"\bFITQUIZ_[A-Z]+(?:_[A-Z]+)*\b", readme)) <= known


@pytest.mark.parametrize("command", list(list_commands(commands)))
def test_the_readme_names_every_command(readme: str, command: str) -> None:
    assert command in readme


@pytest.mark.parametrize("target", list_targets())
def test_the_readme_names_every_make_target(readme: str, target: str) -> None:
    assert re.search(rf"\bmake {target}(?![\w-])", readme)


def test_the_readme_names_no_make_target_that_is_not_there(readme: str) -> None:
    rules = set(re.findall(r"(?m)^([a-z][\w-]*):", (ROOT / "Makefile").read_text("utf-8")))
    assert set(re.findall(r"`make ([a-z][\w-]*)", readme)) <= rules


@pytest.mark.parametrize("folder", list_folders())
def test_the_readme_names_every_top_level_folder(readme: str, folder: str) -> None:
    assert f"{folder}/" in readme


def test_commands_targets_and_folders_are_found() -> None:
    assert {"fitquiz serve", "fitquiz purge", "fitquiz pack check"} <= set(list_commands(commands))
    assert {"run", "test", "lint", "wheel"} <= set(list_targets())
    assert {"fitquiz", "templates", "static", "questions", "tests"} <= set(list_folders())


def test_every_test_that_the_security_policy_names_is_there() -> None:
    """A bare file name stands in the folder of the one before it."""
    text, folder = (ROOT / "SECURITY.md").read_text(), Path("tests")
    named = [Path(each) for each in re.findall(r"`([\w/]+\.py)`", text)]
    assert len(named) > 20
    for each in named:
        folder = each.parent if len(each.parts) > 1 else folder
        assert (ROOT / folder / each.name).is_file(), f"SECURITY.md names {folder / each.name}"
