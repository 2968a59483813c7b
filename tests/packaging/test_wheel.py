"""The wheel serves by itself: templates, static files, questions and catalogs come from it, not from the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROBE = """
import json, sys
from pathlib import Path
import fitquiz
from fitquiz.web.factory import create_app
app = create_app()
client = app.test_client()
page = client.get("/nb/")
files = [f"/static/{name}" for name in app.extensions["fitquiz_static"]]
print(json.dumps({
    "package": str(Path(fitquiz.__file__).parent),
    "templates": app.jinja_loader.searchpath,
    "questions": str(app.extensions["fitquiz_settings"].questions),
    "status": page.status_code,
    "text": page.text,
    "statuses": [client.get(address).status_code for address in files],
    "others": [m.__file__ for n, m in sys.modules.items() if n.startswith("fitquiz") and getattr(m, "__file__", None)],
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("fitquiz-*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack it as pip would."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def probe(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Serve the start page from it, far from the checkout."""
    folder = tmp_path_factory.mktemp("elsewhere")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FITQUIZ_", "PYTHON"))
    }
    environment = {**kept, "PYTHONPATH": str(site), "FITQUIZ_INSTANCE": str(folder / "instance")}
    command = [sys.executable, "-W", "error", "-c", PROBE]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def list_names(folder: Path, pattern: str) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_serves_the_start_page(probe: dict[str, object]) -> None:
    assert probe["status"] == 200
    assert "Hvem ser hva?" in str(probe["text"])
    statuses = probe["statuses"]
    assert isinstance(statuses, list)
    assert set(statuses) == {200}


def test_all_that_it_serves_comes_from_the_wheel(probe: dict[str, object], site: Path) -> None:
    package = site / "fitquiz"
    assert probe["package"] == str(package)
    assert probe["templates"] == [str(package / "bundled" / "templates")]
    assert probe["questions"] == str(package / "bundled" / "questions")
    others = probe["others"]
    assert isinstance(others, list)
    assert [path for path in others if not Path(path).is_relative_to(site)] == []


@pytest.mark.parametrize("folder", ["templates", "static", "questions"])
def test_every_file_beside_the_package_is_in_the_wheel(site: Path, folder: str) -> None:
    assert list_names(site / "fitquiz" / "bundled" / folder, "*") == list_names(ROOT / folder, "*")


def test_every_file_of_the_package_is_in_the_wheel(site: Path) -> None:
    assert {
        name for name in list_names(site / "fitquiz", "*") if not name.startswith("bundled/")
    } == list_names(ROOT / "fitquiz", "*")


def test_nothing_else_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"fitquiz"}


def test_the_wheel_installs_the_fitquiz_command(site: Path) -> None:
    (entry,) = site.glob("*.dist-info/entry_points.txt")
    assert "fitquiz = fitquiz.cli.commands:main" in entry.read_text("utf-8")
