"""Makes a virtual environment that holds fitquiz's wheel and what the wheel requires, but no extra.

The required packages are copied from the environment of the tests, so no network is needed. Then pip
installs the wheel without an index. It fails if a package is missing that the wheel requires.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.newcomer.stranger import ROOT, make_environment


def build_wheel(folder: Path) -> Path:
    """Build the wheel of the checkout into a folder and return its path."""
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    (wheel,) = folder.glob("fitquiz-*.whl")
    return wheel


def make_bare_venv(folder: Path, wheel: Path) -> Path:
    """Make the virtual environment and return its folder of programs."""
    _run([sys.executable, "-m", "venv", str(folder)], folder.parent)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    python = programs / "python"

    (built,) = distributions(path=[str(wheel)])
    copy_packages(_read_requirements(built, []), python)
    _run([str(python), "-m", "pip", "install", "--quiet", "--no-index", str(wheel)], folder)
    return programs


def copy_packages(requirements: Iterable[Requirement], python: Path) -> None:
    """Copy required packages, and what they require, from the tests into the environment of a Python."""
    find_site = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(_run([str(python), "-c", find_site], python.parent).strip())
    for package in _list_required(requirements):
        _copy(package, site)


def _list_required(requirements: Iterable[Requirement]) -> list[Distribution]:
    """Return the installed packages that are required, directly or not."""
    found: dict[str, Distribution] = {}
    seen: set[str] = set()
    waiting = list(requirements)
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        package = distribution(requirement.name)
        found[canonicalize_name(requirement.name)] = package
        waiting += _read_requirements(package, requirement.extras)
    return list(found.values())


def _read_requirements(package: Distribution, extras: Iterable[str]) -> list[Requirement]:
    """Return what a package requires on this machine, with these of its extras."""
    chosen = ["", *extras]
    wanted = []
    for line in package.requires or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in chosen):
            wanted.append(requirement)
    return wanted


def _copy(package: Distribution, site: Path) -> None:
    """Copy the files of a package, but not its programs, which lie outside of site-packages."""
    for file in package.files or []:
        source = Path(str(package.locate_file(file)))
        if ".." not in file.parts and source.is_file():
            target = site / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=make_environment({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}{done.stderr}"
    return done.stdout
