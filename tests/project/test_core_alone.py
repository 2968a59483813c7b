"""The rules need only the standard library: their tests pass where no other library exists."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ABSENT = (
    "alembic",
    "argon2",
    "babel",
    "click",
    "flask",
    "flask_wtf",
    "granian",
    "jinja2",
    "psycopg",
    "segno",
    "sqlalchemy",
    "werkzeug",
    "wtforms",
    "xlsxwriter",
    "zxcvbn",
)
FEW_TESTS = (
    "tests/core/test_packs.py",
    "tests/core/groups/test_reporting.py",
    "tests/core/secrets",
)

SITECUSTOMIZE = f'''
import sys

class Absent:
    """Is the first finder, so Python asks no other finder for these modules."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {ABSENT}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        return None

sys.meta_path.insert(0, Absent)
'''


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables of a Python that finds the checkout, but none of the absent modules.

    Python runs the first `sitecustomize.py` on its path at each start.
    """
    (tmp_path / "sitecustomize.py").write_text(SITECUSTOMIZE, "utf-8")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def run_python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def run_pytest(environment: dict[str, str], *arguments: str) -> None:
    """Run pytest and fail with its output if it fails."""
    options = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = run_python(environment, *options, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", ABSENT)
def test_the_modules_are_absent(environment: dict[str, str], module: str) -> None:
    done = run_python(environment, "-c", f"import {module}")
    assert f"No module named '{module}'" in done.stderr


def test_every_test_of_core_can_be_collected_without_other_libraries(
    environment: dict[str, str],
) -> None:
    run_pytest(environment, "--collect-only", "tests/core")


def test_some_tests_of_core_pass_without_other_libraries(environment: dict[str, str]) -> None:
    run_pytest(environment, *FEW_TESTS)
