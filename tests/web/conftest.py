"""The stage that tests share which go through all routes: built once a run, put back before each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache

from tests.store.support.quick_writes import *
from tests.web.support.app_fixtures import *
from tests.web.support.app_fixtures import STAGE_SETTINGS, open_shared_app
from tests.web.support.stage import Stage, build_stage


@pytest.fixture(scope="session")
def built_stage(
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Path,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Stage]:
    """The stage as it is built. Its yearly account has room for one more campaign."""
    instance = tmp_path_factory.mktemp("stage")
    with open_shared_app(instance, migrated, compiled_templates, STAGE_SETTINGS) as app:
        yield build_stage(app)


@pytest.fixture
def stage(built_stage: Stage) -> Stage:
    """The stage, with everything where it was."""
    built_stage.restore()
    return built_stage
