"""Upgrades a database in processes that are killed, each one statement later than the last, until one gets through.

`python -m tests.released.killing URL` kills before a statement; with `commit`, before the commit and just after it.
It prints how many were killed.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from fitquiz.store.engine.database import open_database
from fitquiz.store.upkeep.schema import upgrade_schema


def kill() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def upgrade_and_die_at(url: str, number: int) -> None:
    """Upgrade, but for the statement of this number."""
    database, left = open_database(url), [number]

    def count(*_of_a_cursor: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            kill()

    event.listen(database.engine, "before_cursor_execute", count)
    upgrade_schema(database)


def upgrade_and_die_at_commit(url: str, number: int) -> None:
    """Upgrade, but die as it commits the first time, and right after it has the second time."""
    database = open_database(url)
    commit = database.engine.dialect.do_commit

    def die(connection: Any) -> None:
        if number == 2:
            commit(connection)
        if number <= 2:
            kill()
        commit(connection)

    database.engine.dialect.do_commit = die  # type: ignore[assignment]  # replaces a method
    upgrade_schema(database)


def main(url: str, at: str = "") -> None:
    """Fork one after another, before anything is opened."""
    upgrade = upgrade_and_die_at_commit if at else upgrade_and_die_at
    for number in range(1, 1000):
        process = os.fork()
        if process == 0:
            upgrade(url, number)
            os._exit(0)
        _, status = os.waitpid(process, 0)
        if not os.WIFSIGNALED(status):
            assert status == 0
            sys.stdout.write(f"{number - 1}\n")
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
