"""The bare installation, made once for all tests, and an empty folder to start commands in."""

from pathlib import Path

import pytest

from tests.newcomer.bare_venv import build_wheel, make_bare_venv


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment in which only the wheel and its requirements are installed."""
    folder = tmp_path_factory.mktemp("bare")
    return make_bare_venv(folder / "venv", build_wheel(folder))


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder
