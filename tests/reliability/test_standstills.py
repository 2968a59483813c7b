"""A million attempts are purged, wiped and backed up while people answer, and nobody has to wait for it."""

import itertools
from pathlib import Path

import pytest
from sqlalchemy import text

from fitquiz.store.database import Database, open_database
from fitquiz.web.housekeeping import wipe_traces
from tests.reliability.masses import answering, fill, make_urls, run_for
from tests.reliability.server import Server
from tests.store.masses import ITEMS

A_MILLION, SECONDS = 1_000_000, 6
MOST_SECONDS, MOST_TIMES = 0.1, 2
"""For how long nobody gets an answer through: so long, or as long as the machine stands still by itself."""


def count_broken(database: Database) -> tuple[int, int]:
    """Return how many attempts there are, and how many of those stored at first have lost answers."""
    few = "SELECT attempt_id FROM answer GROUP BY attempt_id HAVING count(*) < :whole AND attempt_id <= :million"
    with database.engine.connect() as connection:
        left = connection.scalar(text("SELECT count(*) FROM attempt")) or 0
        broken = connection.execute(text(few), {"whole": len(ITEMS), "million": A_MILLION}).all()
    return left, len(broken)


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_nobody_who_answers_waits_for_what_is_done_with_a_million_attempts(backend: str, tmp_path: Path) -> None:
    with make_urls(backend, tmp_path, "million") as (url,):
        fill(url, A_MILLION)
        server, database, numbers = (
            Server(tmp_path / "instance", database_url=url),
            open_database(url),
            itertools.count(),
        )
        days = {"finished_days": 1, "unfinished_days": 1}
        deeds = {
            "purge": lambda: run_for(SECONDS, "purge", database_url=url, **days),
            "wipe": lambda: wipe_traces(database),
            "backup": lambda: run_for(SECONDS, "backup", str(tmp_path / f"backup-{next(numbers)}"), database_url=url),
        }
        server.start()
        with answering(server.port) as crowd:
            stood = {name: crowd.compare(deed, SECONDS) for name, deed in deeds.items()}
        server.kill()
        left, broken = count_broken(database)
        database.engine.dispose()
    print(f"{backend}: (usual, meanwhile) {stood}; {A_MILLION - left} attempts were purged")
    assert (left < A_MILLION - 1000, broken) == (True, 0)
    assert [name for name, (usual, most) in stood.items() if most > max(MOST_SECONDS, MOST_TIMES * usual)] == []
