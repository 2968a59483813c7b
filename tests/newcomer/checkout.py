"""A fresh copy of the checkout, in which the commands of a document run exactly as they are written.

A copy begins with a `.venv` that make takes for installed, so that no test waits for the registries.
Thus the installation by make is not tried here. Continuous integration does that in a fresh clone.
Installing with pip is tried by `test_bare_install.py`, and by docs/deploy.md's own commands.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.newcomer.stranger import ROOT, Server, run, start

SECONDS = 300
_RAN = "the code of this copy runs"


@dataclass(frozen=True)
class Checkout:
    """A copy of the checkout. Lines of documents run in its folder."""

    folder: Path
    is_offline: bool = True
    """True if pip may not use a registry."""

    @property
    def variables(self) -> dict[str, str]:
        """Variables that a stranger does not have. They let python3 be the Python of the tests."""
        programs = Path(sys.executable).parent
        found = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        if self.is_offline:
            # With "0", pip builds with the packages that are installed.
            found |= {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}
        return found

    def try_line(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run a line to its end, whether it succeeds or not."""
        return run(["bash", "-c", line], self.folder, self.variables, SECONDS)

    def run(self, line: str) -> str:
        """Run a line, which must succeed, and return what it printed."""
        return self._run(line).stdout

    def run_fitquiz(self, line: str) -> str:
        """Run a line that must run the code of this copy; return what it printed."""
        done = self._run(line)
        assert _RAN in done.stderr, f"another fitquiz ran:\n{done.stderr}"
        return done.stdout

    @contextmanager
    def serve(self, line: str) -> Iterator[Server]:
        """Start a server with a line. It must run the code of this copy, and stop without a trace."""
        with start(["bash", "-c", line], self.folder, self.variables) as server:
            assert _RAN in server.output, f"another fitquiz runs:\n{server.output}"
            yield server
        assert "Traceback" not in server.output, server.output

    def lay_venv(self) -> None:
        """Put a new `.venv` into the copy that make takes for installed.

        It finds the packages of the tests by a `.pth` file. Python does not follow the `.pth` files
        that lie there, so the editable fitquiz of the real checkout is not found.
        """
        folder = self.folder / ".venv"
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, symlinks=True)

        (site,) = folder.glob("lib/python*/site-packages")
        (site / "tests.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
        (folder / ".created").write_text(f"{self.folder.resolve()}\n", "utf-8")
        for stamp in (".installed", ".installed-dev"):
            (folder / stamp).touch()

    def _run(self, line: str) -> subprocess.CompletedProcess[str]:
        done = self.try_line(line)
        said = f"{line} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        assert done.returncode == 0, said
        return done


def copy_checkout(folder: Path, *, is_offline: bool = True) -> Checkout:
    """Copy the files that git does not ignore into `folder/checkout`, which must not exist.

    Compiled modules are copied too. Otherwise, each copy would compile the same code again.
    Python uses a compiled module only if the code next to it has the same time and size.

    The package of the copy prints a line when it is imported, so that a test can see which code ran.
    """
    lines = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    patterns = [line.strip("/") for line in lines if line and not line.startswith("#")]
    for compiled in ("__pycache__/", "*.py[cod]"):
        patterns.remove(compiled.strip("/"))
    target = folder / "checkout"
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(".git", *patterns))

    package = target / "fitquiz/__init__.py"
    code = package.read_text("utf-8")
    package.write_text(f'{code}\nimport sys\n\nprint("{_RAN}", file=sys.stderr)\n', "utf-8")

    checkout = Checkout(target, is_offline)
    checkout.lay_venv()
    return checkout
