"""Four processes that do the same at the same moment, to show what the locks between processes are for.

Run as a program, `python -m tests.store.support.crowds start URL…`, which forks them before anything is opened.
"""

import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import text

from fitquiz.store.engine.database import open_database
from fitquiz.store.upkeep.schema import upgrade_schema

PROCESSES, ROUNDS = 4, 100


def run_crowd(deed: str, *arguments: str) -> str:
    """Let four processes do a deed, and return what they wrote to standard error, which should be nothing."""
    command = [sys.executable, "-m", "tests.store.support.crowds", deed, *arguments]
    done = subprocess.run(
        command,
        check=False,
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stderr


def start(barrier: Barrier, *urls: str) -> None:
    """Bring each database's schema up to date, all processes at once."""
    for url in urls:
        barrier.wait()
        upgrade_schema(open_database(url))


def count(barrier: Barrier, url: str, hold: str) -> None:
    """Read a number and write the next one, so many times; `hold` is what a query ends with to hold its row."""
    database = open_database(url)
    barrier.wait()
    for _ in range(ROUNDS):
        with database.write_transaction() as session:
            number = session.execute(text(f"SELECT number FROM counter {hold}")).scalar_one()
            session.execute(text("UPDATE counter SET number = :next"), {"next": number + 1})


DEEDS: dict[str, Callable[..., None]] = {"start": start, "count": count}


def main(deed: str, *arguments: str) -> None:
    """Fork the processes and wait for them."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(PROCESSES, timeout=60)
    crowd = [
        context.Process(target=DEEDS[deed], args=(barrier, *arguments)) for _ in range(PROCESSES)
    ]
    for process in crowd:
        process.start()
    for process in crowd:
        process.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
