"""Runs commands as a stranger does: in a folder of the test, with no setting that the test does not name.

`run` waits for a command to end. `start` starts a server, waits until it answers, and stops it with
Ctrl+C when the block ends. Both take a list of words. A line of a document runs as
`["bash", "-c", line]`.
"""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.support.server import find_free_port

ROOT = Path(__file__).parents[2]
FROM_CHECKOUT = {"PYTHONPATH": str(ROOT)}
"""The variables with which `python -m fitquiz…` finds the checkout, whatever the folder is."""

COMMAND_SECONDS = 60
START_SECONDS = 60
STOP_SECONDS = 15
_ADDRESS = re.compile(r"(?:fitquiz serves at|\* Running on) (http://[^/\s]+)")
"""What fitquiz and Flask's own server print."""

_DROPPED = ("FITQUIZ_", "PYTHON", "VIRTUAL_ENV", "PYTEST", "MAKE", "MFLAGS")
"""How the names of variables begin that a stranger does not have. `make test` sets some of them."""


def make_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of this process without fitquiz's and the tools' variables, plus these.

    FITQUIZ_PORT names a free port unless `variables` name one: port 8000 may be in use.
    FLASK_RUN_PORT does so for Flask's own server.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
    port = str(find_free_port())
    return {**kept, "FITQUIZ_PORT": port, "FLASK_RUN_PORT": port, **variables}


def read_recipe(target: str) -> list[str]:
    """Return the command that `make TARGET` runs, with this Python in the place of make's own."""
    recipe = re.compile(rf"^{target}:.*\n\t@exec \$\(PY\) (.+)$", re.MULTILINE)
    found = recipe.search((ROOT / "Makefile").read_text("utf-8"))
    assert found, f"the Makefile has no recipe for {target} of the one line @exec $(PY) …"
    return [sys.executable, *shlex.split(found[1])]


def run(
    command: Sequence[str],
    folder: Path,
    variables: Mapping[str, str] | None = None,
    seconds: float = COMMAND_SECONDS,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return its exit code and output.

    Raises TimeoutExpired if it takes longer than these seconds.
    """
    return subprocess.run(
        command,
        cwd=folder,
        env=make_environment(variables or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@dataclass(frozen=True)
class Server:
    """A server that was started by a command."""

    process: "subprocess.Popen[bytes]"
    log: Path
    """The file that holds what the command has printed, standard error included."""

    @property
    def output(self) -> str:
        """What the command has printed until now."""
        return self.log.read_text("utf-8")

    @property
    def address(self) -> str:
        """The printed address, without a slash at its end."""
        return self.read(_ADDRESS)

    def read(self, pattern: str | re.Pattern[str]) -> str:
        """Return the first group of a pattern that the output must match."""
        found = re.search(pattern, self.output)
        assert found, f"the command did not print {pattern}:\n{self.output}"
        return str(found[1])

    def wait_until_ready(self) -> None:
        """Return when the printed address takes connections."""
        deadline = time.monotonic() + START_SECONDS
        while not self._is_listening():
            assert self.process.poll() is None, f"the command has stopped:\n{self.output}"
            assert time.monotonic() < deadline, f"the server does not answer:\n{self.output}"
            time.sleep(0.05)

    def stop(self) -> int:
        """Press Ctrl+C, which a terminal sends to the whole process group; return the exit code."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise

    def _is_listening(self) -> bool:
        found = _ADDRESS.search(self.output)
        if not found:
            return False
        host, _, port = found[1].removeprefix("http://").rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=5):
                return True
        except OSError:
            return False


@contextmanager
def start(
    command: Sequence[str],
    folder: Path,
    variables: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Start a server and wait until it answers; stop it when the block ends.

    Its output goes to a file beside the folder, so that an empty folder stays empty.
    """
    log = folder.with_name(f"{folder.name}.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=make_environment(variables or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_heed_interrupt,  # noqa: PLW1509 - Popen has no other way to do it
        )
    server = Server(process, log)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


def _heed_interrupt() -> None:
    """Let Ctrl+C end the command, as in a terminal.

    A shell lets its commands in the background ignore Ctrl+C. If the tests run so, the command would
    inherit this. Flask's own server would then never stop.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
