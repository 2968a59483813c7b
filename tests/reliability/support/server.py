"""Starts and kills the real server, sends requests to it, and opens its database."""

import contextlib
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
MOST_SECONDS = 60


def find_free_port() -> int:
    """Return a port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def make_environment(**settings: object) -> dict[str, str]:
    """Return this process's environment with these FITQUIZ_ settings and no others."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("FITQUIZ_")
    }
    return inherited | {f"FITQUIZ_{name.upper()}": str(value) for name, value in settings.items()}


class Server:
    """`python app.py` in an own process group. All starts use one port and one instance folder."""

    def __init__(self, instance: Path, **settings: object) -> None:
        self.instance, self.port, self.settings = instance, find_free_port(), settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start the server, wait for its first page and return the seconds that it took."""
        settings = {
            "instance": self.instance,
            "port": self.port,
            "proxies": "127.0.0.1",
            **self.settings,
        }
        environment = make_environment(**settings)
        self.instance.mkdir(exist_ok=True)
        began = time.monotonic()
        with (self.instance / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not self.answers():
            assert self.process.poll() is None, (
                f"the server has stopped: {(self.instance / 'log').read_text()}"
            )
            assert time.monotonic() - began < MOST_SECONDS, "the server does not answer"
            time.sleep(0.02)
        return time.monotonic() - began

    def answers(self) -> bool:
        """Whether the start page is served."""
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        ) as connection:
            try:
                connection.request("GET", "/en/")
                return connection.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False

    def kill(self) -> None:
        """End the whole process group without warning, as a power cut would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def open_database(self) -> sqlite3.Connection:
        """Open the database beside the server."""
        return sqlite3.connect(self.instance / "fitquiz.db")


@contextmanager
def open_server(instance: Path) -> Iterator[Server]:
    """Yield a server that answers. Kill it when the block ends."""
    server = Server(instance)
    server.start()
    yield server
    server.kill()


def list_workers(server: Server) -> list[int]:
    """Return the processes that answer requests. They are children of the process that was started."""
    assert server.process is not None
    pid = server.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
