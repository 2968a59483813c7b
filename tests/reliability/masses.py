"""A database with a mass of attempts in it, of either kind, and how those who answer fare while something is done."""

import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from sqlalchemy import text

from fitquiz.store.database import Database, open_database
from fitquiz.store.schema import upgrade_schema
from tests.benchmarks.loads import Tally, drive, send_answers
from tests.benchmarks.servers import make_database, postgres
from tests.benchmarks.wire import Visitor
from tests.reliability.server import ROOT, make_environment
from tests.store.masses import store_attempts

AT_ONCE, TURNS = 4, 5


@contextmanager
def make_urls(backend: str, folder: Path, *names: str) -> Iterator[list[str]]:
    """Yield the URLs of empty databases of these names."""
    if backend == "sqlite":
        yield [f"sqlite:///{folder}/{name}.db" for name in names]
        return
    with postgres() as (url, _pid):
        yield [make_database(url, name) for name in names]


def fill(url: str, attempts: int) -> None:
    """Make the tables of a database, and store so many attempts with all their answers."""
    database: Database = open_database(url)
    upgrade_schema(database)
    store_attempts(database, attempts)
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
    database.engine.dispose()
    os.sync()  # What is written later must not wait for this.


@dataclass
class Answering:
    """Some who answer without end, and the moments at which an answer of theirs was acknowledged."""

    moments: list[float] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def take(self, visitor: Visitor, tally: Tally) -> Iterator[None]:
        for _ in send_answers(visitor, tally):
            self.moments.append(time.monotonic())
            if self.stop.is_set():
                return
            yield

    def compare(self, does: Callable[[], object], seconds: float) -> tuple[float, float]:
        """Do nothing and do something, in turn; return for how long nobody got an answer through, in each case.

        It is the median of the longest times of each turn, since a machine that others use stands still by itself.
        """
        pairs = [(self._watch(lambda: time.sleep(seconds)), self._watch(does)) for _ in range(TURNS)]
        usual, stood = (median(each) for each in zip(*pairs, strict=True))
        return usual, stood

    def _watch(self, does: Callable[[], object]) -> float:
        began = time.monotonic()
        does()
        time.sleep(1)  # What it leaves to be done, such as a long log, counts too.
        ended = time.monotonic()
        within = [began, *sorted(each for each in self.moments if began < each < ended), ended]
        return max(after - before for before, after in itertools.pairwise(within))


@contextmanager
def answering(port: int) -> Iterator[Answering]:
    """Let four answer at once, for as long as the block lasts."""
    crowd = Answering()
    thread = threading.Thread(target=drive, args=(port, crowd.take, AT_ONCE, 3600))
    thread.start()
    while len(crowd.moments) < 200:
        time.sleep(0.05)
        assert thread.is_alive()
    try:
        yield crowd
    finally:
        crowd.stop.set()
        thread.join()


def run_for(seconds: float, *command: str, **settings: object) -> None:
    """Run a command of the product, and end it if it takes longer than so."""
    whole = [sys.executable, "-m", "fitquiz.web.commands", *command]
    with subprocess.Popen(whole, cwd=ROOT, env=make_environment(**settings), stdout=subprocess.DEVNULL) as process:
        ends_at = time.monotonic() + seconds
        while process.poll() is None:
            time.sleep(0.1)
            if time.monotonic() > ends_at:
                process.terminate()  # Again and again: Python forgets one that comes while it collects garbage.
