"""The fixtures of the app. The tests in this folder only read the app, so they share one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests.web.support.app_fixtures import *
from tests.web.support.app_fixtures import open_shared_app


@pytest.fixture(scope="session")  # type: ignore[no-redef]  # replaces the app that each test builds for itself
def app(
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Path,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """The app as it is shipped."""
    with open_shared_app(tmp_path_factory.mktemp("shared"), migrated, compiled_templates) as app:
        yield app
