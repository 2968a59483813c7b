"""Each make target that a document names runs what the document says.

Some targets take minutes or would run these tests again. So make only prints what it would run.
"""

import re

import pytest

from tests.newcomer.checkout import Checkout, copy_checkout
from tests.newcomer.command_checks import Check, expect_recipe
from tests.newcomer.stranger import ROOT
from tests.project.markdown import read_documents

RECIPES: dict[str, Check] = {
    "run": expect_recipe("python app.py"),
    "demo": expect_recipe("python -m fitquiz.cli.commands demo"),
    "admin": expect_recipe("python -m fitquiz.cli.commands --help"),
    "test": expect_recipe("exec .venv/bin/python -m pytest -n 2"),
    "test-fast": expect_recipe('python -m pytest -m "not browser and not long"'),
    "test-long": expect_recipe("exec .venv/bin/python -m pytest -m long"),
    "lint": expect_recipe(
        "ruff check .", "ruff format --check .", "mypy", "djlint --lint templates"
    ),
    "format": expect_recipe("ruff check --fix-only .", "ruff format ."),
    "bench": expect_recipe("python -m tests.benchmarks"),
    "wheel": expect_recipe("python -m build --no-isolation --outdir dist ."),
    "requirements": expect_recipe("--output-file requirements.txt", "requirements-dev.txt"),
    "clean": expect_recipe("rm -rf '.venv' dist build"),
}
"""What each target that a document names must run."""


def list_make_targets() -> list[str]:
    """Return the targets that the prose and tables of the documents name."""
    named: set[str] = set()
    for document in read_documents(ROOT):
        named.update(re.findall(r"`make ([a-z][\w-]*)", document.prose))
    return sorted(named)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the checkout in which no test changes anything."""
    return copy_checkout(tmp_path_factory.mktemp("recipes"))


def test_every_make_target_of_the_documents_has_a_known_recipe() -> None:
    assert set(list_make_targets()) == RECIPES.keys()


@pytest.mark.parametrize("target", RECIPES)
def test_a_make_target_of_the_documents_runs_its_recipe(target: str, checkout: Checkout) -> None:
    RECIPES[target](checkout, f"make {target}")


def test_make_takes_the_copy_for_installed(checkout: Checkout) -> None:
    printed = checkout.run("make --dry-run run install-dev")
    assert "pip" not in printed
    assert "venv --clear" not in printed
