"""What has been deleted, by its respondent or by the retention job, is nowhere in the database's files."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.config.settings import read_settings
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.server.housekeeping import purge_once, run_housekeeping_once, wipe_traces
from tests.web.support.answering import agree
from tests.web.support.counselling import share
from tests.web.support.rating_jobs import rate
from tests.web.support.records import read_database, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link

RECEIPT = {"token": 2}
"""All that a deletion by its respondent leaves: the hash in the table of receipts, and in its index."""


@pytest.fixture
def markers(app: Flask, alice: Respondent, mallory: Respondent) -> dict[str, bytes]:
    """Everything that tells of Alice's attempt, as it lies in the files; Mallory's stays beside it."""
    mallory.take(agree())
    alice.take(agree(people=4))
    token = read_link(alice).rpartition("/")[2]
    share(alice, "link", name="Kari the marked")
    rate(alice, people="0", focus="3")
    records = read_records(app)
    (attempt,) = [row for row in records["attempt"] if hash_token(token) in row]
    answers = [row for row in records["answer"] if row[0] == attempt[0]]
    marked = {
        "token": hash_token(token),
        "name": b"Kari the marked",
        "rating": str(records["offer"][0][2]).encode(),
    }
    marked["ticket"] = next(
        bytes(value) for value in attempt if isinstance(value, bytes) and len(value) == 37
    )
    return marked | {f"answer {number}": str(row[3]).encode() for number, row in enumerate(answers)}


def find_in_files(app: Flask, markers: dict[str, bytes]) -> dict[str, int]:
    folder = Path(str(read_database(app).engine.url.database)).parent
    data = b"".join(
        path.read_bytes() for path in folder.iterdir() if path.name.startswith("fitquiz.db")
    )
    return {name: count for name, marker in markers.items() if (count := data.count(marker))}


def delete(alice: Respondent) -> None:
    alice.send(alice.open(f"{alice.base}/delete").find_form("/delete"))


def test_what_is_looked_for_is_there_before(app: Flask, markers: dict[str, bytes]) -> None:
    assert set(find_in_files(app, markers)) == set(markers)
    assert len(markers) == 32


def test_a_deletion_leaves_nothing_but_the_receipt(
    app: Flask, alice: Respondent, markers: dict[str, bytes]
) -> None:
    delete(alice)
    assert find_in_files(app, markers) == RECEIPT


def test_a_reader_does_not_hold_a_deletion_up_and_the_rest_goes_when_it_has_left(
    app: Flask, alice: Respondent, markers: dict[str, bytes]
) -> None:
    with closing(
        sqlite3.connect(str(read_database(app).engine.url.database), isolation_level=None)
    ) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM answer").fetchone()
        delete(alice)
        assert alice.page.h1
        assert len(find_in_files(app, markers)) == len(markers)
        reader.execute("COMMIT")
    assert run_housekeeping_once(read_database(app), read_settings({}), datetime.now(UTC))
    assert find_in_files(app, markers) == RECEIPT


def test_the_log_is_dropped_from_memory_before_it_is_cut_short(
    app: Flask, alice: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice.start()
    database = read_database(app)
    log, dropped = Path(f"{database.engine.url.database}-wal"), []
    monkeypatch.setattr(
        os, "POSIX_FADV_DONTNEED", "drop it", raising=False
    )  # Not every system has this.
    monkeypatch.setattr(
        os,
        "posix_fadvise",
        lambda file, *what: dropped.append((os.fstat(file).st_size > 0, *what)),
        raising=False,
    )
    wipe_traces(database)
    assert dropped == [(True, 0, 0, "drop it")]
    assert log.stat().st_size == 0


@pytest.mark.parametrize("days", [181, 400])
def test_the_retention_job_leaves_nothing_at_all(
    app: Flask, markers: dict[str, bytes], days: int
) -> None:
    run_housekeeping_once(
        read_database(app), read_settings({}), datetime.now(UTC) + timedelta(days)
    )
    assert find_in_files(app, markers) == {}


@pytest.mark.parametrize("deed", [delete, None])
def test_the_retention_job_leaves_no_row_past_its_limit(
    app: Flask,
    alice: Respondent,
    markers: dict[str, bytes],
    deed: Callable[[Respondent], None] | None,
) -> None:
    if deed:
        deed(alice)
    later = datetime.now(UTC) + timedelta(400)
    purge_once(read_database(app), read_settings({}), later)
    wipe_traces(read_database(app))
    left = {table: rows for table, rows in read_records(app).items() if rows}
    assert set(left) <= {"key_fingerprint", "alembic_version", "audit"}
