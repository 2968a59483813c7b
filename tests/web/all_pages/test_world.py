"""Stories of the whole product, drawn at random and told by its pages: after each step all accounts agree."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from jinja2 import FileSystemBytecodeCache

from tests.web.support.app_fixtures import open_shared_app
from tests.web.support.product import Product
from tests.web.support.world import World


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Path,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[World]:
    instance = tmp_path_factory.mktemp("world")
    many_campaigns = {"FITQUIZ_YEARLY_FACTOR": "1000000"}
    with open_shared_app(instance, migrated, compiled_templates, many_campaigns) as app:
        yield World(app)


@pytest.mark.parametrize(
    ("stories", "steps"), [(5, 40), pytest.param(100, 60, marks=pytest.mark.long)]
)
def test_in_every_story_all_accounts_agree(world: World, stories: int, steps: int) -> None:
    machine = type("ProductHere", (Product,), {"world": world})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
