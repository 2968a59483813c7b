"""Deleted answers are gone from the tables and from the files. A receipt stays."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import find_attempt, token_exists
from fitquiz.store.attempts.beginning import start_attempt
from fitquiz.store.attempts.deletion import delete_attempt, find_receipt
from fitquiz.store.engine.database import Database
from fitquiz.store.upkeep.retention import purge
from tests.core.support.shipped_packs import PACK
from tests.store.support.cast import (
    ALICE,
    FIRST,
    LATER,
    MALLORY,
    NOW,
    SECOND,
    THIRD,
    answer_and_send,
    see,
    start,
    writing,
)


def delete_hers(session: Session) -> bool:
    return delete_attempt(session, ALICE, NOW)


def purge_hers(session: Session) -> bool:
    return purge(session, 30, 180, NOW, NOW.date()).unfinished == 1


def test_deleting_leaves_a_receipt_and_no_row_of_answers(session: Session) -> None:
    attempt = start(session)
    assert all(record_answer(session, attempt, item, 2, NOW) for item in (FIRST, SECOND, THIRD))
    assert delete_attempt(session, ALICE, LATER)
    receipt = find_receipt(session, ALICE)
    assert receipt is not None
    assert (receipt.deleted_at, receipt.answers) == (LATER, 3)
    assert (find_attempt(session, ALICE), token_exists(session, ALICE)) == (None, False)
    assert session.execute(text("SELECT count(*) FROM answer")).scalar_one() == 0


def test_deleting_does_not_change_other_attempts(session: Session) -> None:
    start(session, MALLORY)
    before = answer_and_send(session, MALLORY)
    start(session, ALICE)
    answer_and_send(session, ALICE)
    assert delete_attempt(session, ALICE, NOW)
    assert see(session, MALLORY) == before


def test_deleting_twice_leaves_the_first_receipt(session: Session) -> None:
    start(session)
    assert delete_attempt(session, ALICE, NOW)
    assert not delete_attempt(session, ALICE, LATER)
    receipt = find_receipt(session, ALICE)
    assert receipt is not None
    assert receipt.deleted_at == NOW


def test_a_deleted_attempt_cannot_be_started_again(session: Session) -> None:
    start(session)
    assert delete_attempt(session, ALICE, NOW)
    assert not start_attempt(session, ALICE, PACK.content_hash, PACK.first_parts, True, LATER)
    assert find_attempt(session, ALICE) is None
    assert start_attempt(session, MALLORY, PACK.content_hash, PACK.first_parts, True, LATER)


def test_deleting_an_unknown_attempt_leaves_no_receipt(session: Session) -> None:
    assert not delete_attempt(session, MALLORY, NOW)
    assert find_receipt(session, MALLORY) is None


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("way", [delete_hers, purge_hers])
def test_deleted_answers_leave_no_byte_in_the_files(
    database: Database, way: Callable[[Session], bool]
) -> None:
    fill_with_answers(database)
    assert find_in_files(database, b"marked-") > 0
    with writing(database) as session:
        assert way(session)
    checkpoint(database)
    assert find_in_files(database, b"marked-") == 0
    assert find_in_files(database, b"others-") > 0


def fill_with_answers(database: Database) -> None:
    """Store Alice's marked answers between those of 24 others, so that they share pages."""
    with writing(database) as session:
        for number in range(25):
            is_hers = number == 12
            started_at = NOW - timedelta(days=40) if is_hers else NOW
            attempt = start(session, ALICE if is_hers else bytes([number]) * 32, started_at)
            for item in (17 * each % 30 for each in range(30)):
                assert record_answer(
                    session, attempt, f"{'marked' if is_hers else 'others'}-{item}", 3, NOW
                )


def checkpoint(database: Database) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0


def find_in_files(database: Database, marker: bytes) -> int:
    assert database.engine.url.database is not None
    folder = Path(database.engine.url.database).parent
    return sum(path.read_bytes().count(marker) for path in folder.iterdir())
