"""The stage that tests share which go through all routes: built once a run, put back before each test."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
from jinja2 import FileSystemBytecodeCache

from fitquiz.config.settings import read_settings
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.web.support.app_fixtures import *
from tests.web.support.stage import Stage, build_stage


@pytest.fixture(scope="session")
def built_stage(
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Path,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Stage]:
    """The stage as it is built."""
    instance = tmp_path_factory.mktemp("stage")
    copy(migrated, instance / "fitquiz.db")
    app = create_app(read_settings({"FITQUIZ_INSTANCE": str(instance)}))
    app.jinja_env.bytecode_cache = compiled_templates
    yield build_stage(app)
    dispose_database(app)


@pytest.fixture
def stage(built_stage: Stage) -> Stage:
    """The stage, with everything where it was."""
    built_stage.restore()
    return built_stage
