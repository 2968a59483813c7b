"""A million attempts are purged, wiped and backed up while people answer, and nobody has to wait for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from fitquiz.cli.backup_files import check_file
from fitquiz.server.housekeeping import wipe_traces
from fitquiz.store.engine.database import Database, open_database
from tests.reliability.support.masses import (
    BEYOND_SECONDS,
    MOST_SECONDS,
    Answering,
    answering,
    fill,
    make_urls,
    run_for,
    running,
)
from tests.reliability.support.server import Server
from tests.store.support.masses import ITEMS

A_MILLION, WHOLE = 1_000_000, 100_000
SECONDS, BACKUP_SECONDS = 4, 80
"""A backup of a million attempts takes ten minutes, and a purge six; what they do is the same from second to second."""


def count_broken(database: Database, stored: int) -> tuple[int, int]:
    """Return how many there still are of the attempts stored at first, and how many of them have lost answers."""
    few = "SELECT attempt_id FROM answer GROUP BY attempt_id HAVING count(*) < :whole AND attempt_id <= :stored"
    with database.engine.connect() as connection:
        left = (
            connection.scalar(
                text("SELECT count(*) FROM attempt WHERE id <= :stored"), {"stored": stored}
            )
            or 0
        )
        broken = connection.execute(text(few), {"whole": len(ITEMS), "stored": stored}).all()
    return left, len(broken)


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Answering]:
    """Let some answer at a server on this database."""
    server = Server(folder / "instance", database_url=url)
    server.start()
    try:
        with answering(server.port) as crowd:
            yield crowd
    finally:
        server.kill()


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_nobody_who_answers_waits_for_what_is_done_with_a_million_attempts(
    backend: str, tmp_path: Path
) -> None:
    with make_urls(backend, tmp_path, "million") as (url,):
        fill(url, A_MILLION)
        database, days = open_database(url), {"finished_days": 1, "unfinished_days": 1}
        with serving(url, tmp_path) as crowd:
            compared = {
                "purge": crowd.compare(
                    lambda: run_for(SECONDS, "purge", database_url=url, **days), SECONDS
                ),
                "wipe": crowd.compare(lambda: wipe_traces(database), SECONDS),
            }
            with running(
                BACKUP_SECONDS, "backup", str(tmp_path / "backup"), database_url=url
            ) as backup:
                compared["backup"] = crowd.compare_parts(backup, SECONDS)
        left, broken = count_broken(database, A_MILLION)
        database.engine.dispose()
    print(
        backend,
        {name: " and ".join(map(str, each)) for name, each in compared.items()},
        A_MILLION - left,
        "purged",
    )
    assert (left < A_MILLION - 1000, broken) == (True, 0)
    assert [name for name, (idle, busy) in compared.items() if busy.is_held_up(idle)] == []


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_nobody_who_answers_waits_for_a_backup_or_a_purge_from_begin_to_end(
    backend: str, tmp_path: Path
) -> None:
    with make_urls(backend, tmp_path, "whole") as (url,):
        fill(url, WHOLE)
        file, days, compared = tmp_path / "backup", {"finished_days": 1, "unfinished_days": 1}, {}
        with serving(url, tmp_path) as crowd:
            with running(300, "backup", str(file), database_url=url) as process:
                compared["backup"] = crowd.compare_parts(process, SECONDS)
            with running(300, "purge", database_url=url, **days) as process:
                compared["purge"] = compared["backup"][0], crowd.follow(process, SECONDS)
        database = open_database(url)
        old = count_broken(database, WHOLE)
        database.engine.dispose()
    idle, busy = compared["backup"]
    ends = [round(each.stood[-1] * 1000) for _, each in compared.values()]
    print(
        backend,
        {name: " and ".join(map(str, each)) for name, each in compared.items()},
        "ends",
        ends,
        "ms",
    )
    check_file(file)
    assert old == (0, 0)
    assert [name for name, (idle, busy) in compared.items() if busy.is_held_up(idle)] == []
    # Where most of it could be written. A purge ends with cutting the log short, which has grown during the backup.
    assert busy.stood[-1] <= max(MOST_SECONDS, max(idle.stood) + BEYOND_SECONDS)
