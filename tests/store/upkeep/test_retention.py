"""Rows are deleted when their time is over, to the second, and not before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import find_attempt, open_part, reopen_parts, send_parts
from fitquiz.store.attempts.deletion import delete_attempt, find_receipt
from fitquiz.store.attempts.kept_packs import keep_pack, load_pack
from fitquiz.store.engine.database import Database
from fitquiz.store.upkeep.retention import Purged, purge
from tests.core.support.shipped_packs import PACK
from tests.store.support.cast import (
    ALICE,
    FIRST,
    MALLORY,
    NOW,
    answer_and_send,
    assert_waits,
    reading,
    see,
    start,
    writing,
)

UNFINISHED, FINISHED, MOMENT = timedelta(days=30), timedelta(days=180), timedelta(microseconds=1)
NOTHING = Purged(unfinished=0, finished=0, receipts=0, packs=0)


def purge_at(session: Session, now: datetime) -> Purged:
    return purge(session, UNFINISHED.days, FINISHED.days, now, now.date())


def count_rows(session: Session) -> dict[str, int]:
    tables = ("pack", "attempt", "answer", "deleted_attempt")
    return {
        table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        for table in tables
    }


def test_an_empty_database_has_nothing_to_purge(session: Session) -> None:
    assert purge_at(session, NOW) == NOTHING


def test_an_unfinished_attempt_stays_for_exactly_30_days(session: Session) -> None:
    start(session)
    assert purge_at(session, NOW + UNFINISHED) == NOTHING
    assert find_attempt(session, ALICE) is not None


def test_an_unfinished_attempt_is_gone_after_30_days(session: Session) -> None:
    attempt = start(session)
    record_answer(session, attempt, FIRST, 3, NOW)
    assert purge_at(session, NOW + UNFINISHED + MOMENT) == Purged(
        unfinished=1, finished=0, receipts=0, packs=1
    )
    assert count_rows(session) == {"pack": 0, "attempt": 0, "answer": 0, "deleted_attempt": 0}


def test_a_late_answer_does_not_lengthen_an_unfinished_attempt(session: Session) -> None:
    attempt = start(session)
    record_answer(session, attempt, FIRST, 3, NOW + UNFINISHED)
    assert purge_at(session, NOW + UNFINISHED + MOMENT).unfinished == 1


def test_a_finished_attempt_stays_for_exactly_180_days(session: Session) -> None:
    start(session)
    answer_and_send(session)
    assert purge_at(session, NOW + FINISHED) == NOTHING
    assert see(session).answers == {FIRST: 3}


def test_a_finished_attempt_is_gone_after_180_days(session: Session) -> None:
    start(session)
    answer_and_send(session)
    assert purge_at(session, NOW + FINISHED + MOMENT) == Purged(
        unfinished=0, finished=1, receipts=0, packs=1
    )
    assert count_rows(session) == {"pack": 0, "attempt": 0, "answer": 0, "deleted_attempt": 0}


def test_a_finished_attempt_counts_from_its_sending_not_its_start(session: Session) -> None:
    start(session)
    answer_and_send(session, sent_at=NOW + UNFINISHED)
    assert purge_at(session, NOW + UNFINISHED + FINISHED).finished == 0
    assert purge_at(session, NOW + UNFINISHED + FINISHED + MOMENT).finished == 1


def test_an_attempt_with_parts_taken_back_still_counts_from_its_first_sending(
    session: Session,
) -> None:
    start(session)
    assert reopen_parts(session, answer_and_send(session))
    assert purge_at(session, NOW + FINISHED) == NOTHING
    assert purge_at(session, NOW + FINISHED + MOMENT).finished == 1


def test_sending_again_does_not_lengthen_the_time(session: Session) -> None:
    start(session)
    assert open_part(session, answer_and_send(session), "leading")
    assert send_parts(session, see(session), NOW + timedelta(days=100))
    assert purge_at(session, NOW + FINISHED + MOMENT).finished == 1


def test_only_overdue_attempts_are_deleted(session: Session) -> None:
    start(session, ALICE)
    record_answer(session, see(session, ALICE), FIRST, 1, NOW)
    start(session, MALLORY, NOW + timedelta(days=1))
    record_answer(session, see(session, MALLORY), FIRST, 4, NOW)
    assert purge_at(session, NOW + UNFINISHED + MOMENT).unfinished == 1
    assert find_attempt(session, ALICE) is None
    assert see(session, MALLORY).answers == {FIRST: 4}
    assert count_rows(session)["answer"] == 1


def test_a_receipt_stays_for_exactly_180_days(session: Session) -> None:
    start(session)
    delete_attempt(session, ALICE, NOW)
    assert purge_at(session, NOW + FINISHED).receipts == 0
    assert find_receipt(session, ALICE) is not None
    assert purge_at(session, NOW + FINISHED + MOMENT).receipts == 1
    assert find_receipt(session, ALICE) is None


def test_the_content_of_a_pack_stays_while_an_attempt_needs_it(session: Session) -> None:
    start(session)
    answer_and_send(session)
    assert purge_at(session, NOW + FINISHED).packs == 0
    assert load_pack(session, PACK.content_hash) == PACK


def test_an_unused_content_stays_for_exactly_30_days(session: Session) -> None:
    keep_pack(session, PACK, NOW)
    assert purge_at(session, NOW + UNFINISHED).packs == 0
    assert purge_at(session, NOW + UNFINISHED + MOMENT) == Purged(
        unfinished=0, finished=0, receipts=0, packs=1
    )


@pytest.mark.parametrize(("unfinished", "finished"), [(1, 1), (1, 3650), (3650, 1), (3650, 3650)])
def test_every_retention_setting_is_kept(session: Session, unfinished: int, finished: int) -> None:
    start(session, ALICE)
    start(session, MALLORY)
    answer_and_send(session, MALLORY)
    later = NOW + timedelta(days=2)
    gone = purge(session, unfinished, finished, later, later.date())
    assert (gone.unfinished, gone.finished) == (unfinished == 1, finished == 1)


def test_purging_again_finds_nothing_more(session: Session) -> None:
    start(session)
    assert purge_at(session, NOW + FINISHED).unfinished == 1
    assert purge_at(session, NOW + FINISHED) == NOTHING


def test_an_attempt_that_is_sent_during_a_purge_keeps_its_answers(database: Database) -> None:
    with writing(database) as session:
        start(session)
    with ThreadPoolExecutor(1) as pool:
        with writing(database) as session:
            answer_and_send(session, sent_at=NOW + UNFINISHED)
            purging = pool.submit(purge_alone, database)
            assert_waits(purging)
        assert purging.result(timeout=10) == NOTHING
    with reading(database) as session:
        assert see(session).answers == {FIRST: 3}


def test_a_pack_that_is_started_with_during_a_purge_stays(database: Database) -> None:
    with writing(database) as session:
        keep_pack(session, PACK, NOW)
    with ThreadPoolExecutor(1) as pool:
        with writing(database) as session:
            keep_pack(session, PACK, NOW + UNFINISHED)
            purging = pool.submit(purge_alone, database)
            assert_waits(purging)
            start(session, started_at=NOW + UNFINISHED)
        assert purging.result(timeout=10) == NOTHING


def purge_alone(database: Database) -> Purged:
    with writing(database) as session:
        return purge_at(session, NOW + UNFINISHED + MOMENT)
