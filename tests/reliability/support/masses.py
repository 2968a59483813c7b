"""Databases with many attempts, and measurements of respondents' waits during other work."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from fitquiz.store.engine.database import Database, open_database
from fitquiz.store.upkeep.schema import upgrade_schema
from tests.benchmarks.loads import Tally, drive, send_answers
from tests.benchmarks.servers import make_database, postgres
from tests.benchmarks.wire import Visitor
from tests.reliability.support.server import ROOT, make_environment
from tests.store.support.masses import ITEMS, store_attempts, vacuum

AT_ONCE, TURNS = 4, 6
MOST_SECONDS, BEYOND_SECONDS = 0.1, 0.05
"""The longest allowed times without a stored answer: in total, and beyond the pauses of the machine itself."""


@contextmanager
def make_urls(backend: str, folder: Path, *names: str) -> Iterator[list[str]]:
    """Yield the URLs of empty databases of these names."""
    if backend == "sqlite":
        yield [f"sqlite:///{folder}/{name}.db" for name in names]
        return
    with postgres() as (url, _pid):
        yield [make_database(url, name) for name in names]


def fill(url: str, attempts: int, answers: int = len(ITEMS)) -> None:
    """Create the schema of a database, and store this number of attempts with this number of answers each."""
    database: Database = open_database(url)
    upgrade_schema(database)
    store_attempts(database, attempts, answers)
    vacuum(database)
    database.engine.dispose()
    os.sync()  # Later writes must not wait for the writes of the preparation.


@dataclass
class Fared:
    """Measurements of some time windows.

    For each window: the longest time without a stored answer, in seconds. For each answer: the response time.
    """

    stood: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    @property
    def figures(self) -> tuple[float, float]:
        """The median of the longest times, and the response time that one answer in a thousand exceeds.

        A shared machine sometimes pauses by itself. A maximum would show only these pauses."""
        return median(self.stood), sorted(self.took)[len(self.took) * 999 // 1000]

    def is_held_up(self, idle: "Fared") -> bool:
        """Return whether respondents waited too long, compared with the limits and with the idle machine."""
        pairs = zip(self.figures, idle.figures, strict=True)
        return any(seen > max(MOST_SECONDS, usual + BEYOND_SECONDS) for seen, usual in pairs)

    def __str__(self) -> str:
        stood, slow = self.figures
        return f"{stood * 1000:.0f}/{slow * 1000:.0f}/{max(self.stood) * 1000:.0f} ms of {len(self.stood)} windows"


Compared = tuple[Fared, Fared]
"""Measurements without other work, and with other work, taken in turn."""


@dataclass
class Answering:
    """Respondents who answer all the time: the time of each acknowledgement, and each response time."""

    answered: list[tuple[float, float]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def take(self, visitor: Visitor, tally: Tally) -> Iterator[None]:
        for _ in send_answers(visitor, tally):
            if tally.posts:
                self.answered.append((time.monotonic(), tally.posts[-1]))
            if self.stop.is_set():
                return
            yield

    def compare(self, does: Callable[[], object], seconds: float) -> Compared:
        """Measure without other work and with other work, in turn."""
        idle, busy = Fared(), Fared()
        for _ in range(TURNS):
            self._watch(idle, lambda: time.sleep(seconds))
            self._watch(busy, lambda: _do(does))
        return idle, busy

    def compare_parts(self, process: subprocess.Popen[bytes], seconds: float) -> Compared:
        """Pause and continue a process in turn until the process ends, and measure both times.

        The process must hold no lock for which other processes wait.
        """
        idle, busy = Fared(), Fared()
        while process.poll() is None:
            process.send_signal(signal.SIGSTOP)
            self._watch(idle, lambda: time.sleep(seconds))
            process.send_signal(signal.SIGCONT)
            self._watch(busy, lambda: _wait(process, seconds))
        return idle, busy

    def follow(self, process: subprocess.Popen[bytes], seconds: float) -> Fared:
        """Measure until a process ends."""
        busy = Fared()
        while process.poll() is None:
            self._watch(busy, lambda: _wait(process, seconds))
        return busy

    def _watch(self, fared: Fared, does: Callable[[], object]) -> None:
        began = time.monotonic()
        does()
        ended = time.monotonic()
        within = sorted(each for each in self.answered if began < each[0] < ended)
        moments = [began, *(moment for moment, _ in within), ended]
        fared.stood.append(max(after - before for before, after in itertools.pairwise(moments)))
        fared.took += [took for _, took in within]


@contextmanager
def answering(port: int) -> Iterator[Answering]:
    """Let four respondents answer at the same time until the block ends."""
    crowd = Answering()
    thread = threading.Thread(target=drive, args=(port, crowd.take, AT_ONCE, 3600))
    thread.start()
    while len(crowd.answered) < 200:
        time.sleep(0.05)
        assert thread.is_alive()
    try:
        yield crowd
    finally:
        crowd.stop.set()
        thread.join()


@contextmanager
def running(seconds: float, *command: str, **settings: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run a fitquiz command during the block. End the command if it takes longer than this number of seconds."""
    whole = [sys.executable, "-m", "fitquiz.cli.commands", *command]
    with subprocess.Popen(
        whole, cwd=ROOT, env=make_environment(**settings), stdout=subprocess.DEVNULL
    ) as process:
        ending = threading.Timer(seconds, _end, [process])
        ending.start()
        yield process
        process.wait()
        ending.cancel()


def run_for(seconds: float, *command: str, **settings: object) -> None:
    """Run a fitquiz command. End the command if it takes longer than this number of seconds."""
    with running(seconds, *command, **settings):
        pass


def _end(process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        process.terminate()  # Repeat the signal, because Python can lose a signal during garbage collection.
        time.sleep(0.1)


def _do(does: Callable[[], object]) -> None:
    """Do the work. The work that remains afterwards, for example truncating a long log, also counts."""
    does()
    time.sleep(1)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait for this time or until the process ends, and one second more for the remaining work."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
        time.sleep(1)
