"""Lets four processes do the same work at the same time, to test the locks between processes.

The program `python -m tests.store.support.crowds start URL…` forks the processes before a process opens a database.
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
    """Let four processes do a piece of work. Return their texts on standard error, which should be empty."""
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
    """Upgrade the schema of each database, in all processes at the same time."""
    for url in urls:
        barrier.wait()
        upgrade_schema(open_database(url))


def count(barrier: Barrier, url: str, hold: str) -> None:
    """Read a number and write the next number, several times. `hold` is the end of a query that locks the row."""
    database = open_database(url)
    barrier.wait()
    for _ in range(ROUNDS):
        with database.write_transaction() as session:
            number = session.execute(text(f"SELECT number FROM counter {hold}")).scalar_one()
            session.execute(text("UPDATE counter SET number = :next"), {"next": number + 1})


DEEDS: dict[str, Callable[..., None]] = {"start": start, "count": count}


def main(deed: str, *arguments: str) -> None:
    """Fork the processes, and wait until the processes end."""
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
