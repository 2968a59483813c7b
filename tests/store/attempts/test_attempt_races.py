"""Of several changes at the same moment one wins, and no acknowledged answer is lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import Attempt, reopen_parts
from fitquiz.store.attempts.beginning import start_attempt
from fitquiz.store.attempts.deletion import delete_attempt, find_receipt
from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.engine.database import Database
from tests.core.support.shipped_packs import PACK
from tests.store.support.attempt_changes import Change, answer, open_leading, send
from tests.store.support.cast import (
    ALICE,
    FIRST,
    NOW,
    answer_and_send,
    assert_waits,
    reading,
    see,
    start,
    writing,
)


def do(database: Database, change: Change, attempt: Attempt) -> bool:
    """Change an attempt as it was read, in a transaction of its own, as a request does."""
    with writing(database) as session:
        return change(session, attempt)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


@pytest.fixture
def attempt(database: Database) -> Attempt:
    with writing(database) as session:
        return start(session)


@pytest.fixture
def sent(database: Database, attempt: Attempt) -> Attempt:
    with writing(database) as session:
        return answer_and_send(session)


def test_starting_at_once_with_one_token_makes_one_attempt(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    with writing(database) as session:
        keep_pack(session, PACK, NOW)

    def begin(parts: tuple[str, ...]) -> None:
        with writing(database) as session:
            start_attempt(session, ALICE, PACK.content_hash, parts, True, NOW)

    with writing(database) as session:
        start_attempt(session, ALICE, PACK.content_hash, PACK.first_parts, True, NOW)
        others = [pool.submit(begin, ("leading",)) for _ in range(4)]
        assert_waits(others[0])
    assert [other.result(timeout=10) for other in others] == [None] * 4
    with reading(database) as session:
        assert see(session).open_parts == PACK.first_parts
        assert session.execute(text("SELECT count(*) FROM attempt")).scalar_one() == 1


@pytest.mark.parametrize("change", [send, open_leading, reopen_parts])
def test_of_many_equal_changes_at_once_one_wins(
    database: Database, sent: Attempt, pool: ThreadPoolExecutor, change: Change
) -> None:
    if change is send:
        assert do(database, open_leading, sent)
        with reading(database) as session:
            sent = see(session)
    assert sum(pool.map(lambda _: do(database, change, sent), range(8))) == 1


def test_of_sending_opening_and_taking_back_at_once_one_wins(
    database: Database, sent: Attempt, pool: ThreadPoolExecutor
) -> None:
    changes: list[Change] = [open_leading, reopen_parts] * 4
    assert sum(pool.map(lambda change: do(database, change, sent), changes)) == 1
    with reading(database) as session:
        parts = (see(session).open_parts, see(session).sent_parts)
    assert parts in ((("leading",), PACK.first_parts), (PACK.first_parts, ()))


def test_an_answer_that_comes_while_the_parts_are_being_sent_waits_and_is_refused(
    database: Database, attempt: Attempt, pool: ThreadPoolExecutor
) -> None:
    with writing(database) as session:
        assert send(session, attempt)
        late = pool.submit(do, database, answer, attempt)
        assert_waits(late)
    assert late.result(timeout=10) is False
    with reading(database) as session:
        assert see(session).answers == {}


def test_sending_waits_for_an_answer_that_is_being_stored(
    database: Database, attempt: Attempt, pool: ThreadPoolExecutor
) -> None:
    with writing(database) as session:
        assert answer(session, attempt)
        sending = pool.submit(do, database, send, attempt)
        assert_waits(sending)
    assert sending.result(timeout=10) is True
    with reading(database) as session:
        assert see(session).answers == {FIRST: 4}


def test_what_was_stored_as_the_parts_were_sent_never_changes_afterwards(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    for number in range(15):
        token_hash = bytes([number]) * 32
        with writing(database) as session:
            attempt = start(session, token_hash)
        tries = [pool.submit(do, database, answer, attempt) for _ in range(3)]
        seen = pool.submit(send_and_look, database, attempt, token_hash).result(timeout=10)
        acknowledged = any(each.result(timeout=10) for each in tries)
        with reading(database) as session:
            assert see(session, token_hash).answers == seen == ({FIRST: 4} if acknowledged else {})


def test_answers_to_many_items_at_once_are_all_kept(
    database: Database, attempt: Attempt, pool: ThreadPoolExecutor
) -> None:
    given = {item: number % 5 for number, item in enumerate(PACK.items)}

    def give(item: str) -> bool:
        return do(
            database,
            lambda session, read: record_answer(session, read, item, given[item], NOW),
            attempt,
        )

    assert all(pool.map(give, given))
    with reading(database) as session:
        assert see(session).answers == given


def test_of_many_deletions_at_once_one_wins(
    database: Database, sent: Attempt, pool: ThreadPoolExecutor
) -> None:
    def delete(_number: int) -> bool:
        with writing(database) as session:
            return delete_attempt(session, ALICE, NOW)

    assert sum(pool.map(delete, range(8))) == 1
    with reading(database) as session:
        receipt = find_receipt(session, ALICE)
    assert receipt is not None
    assert receipt.answers == 1


def test_an_answer_that_comes_during_a_deletion_is_refused_or_deleted_too(
    database: Database, attempt: Attempt, pool: ThreadPoolExecutor
) -> None:
    with writing(database) as session:
        assert delete_attempt(session, ALICE, NOW)
        late = pool.submit(do, database, answer, attempt)
        assert_waits(late)
    assert late.result(timeout=10) is False
    with reading(database) as session:
        assert session.execute(text("SELECT count(*) FROM answer")).scalar_one() == 0


def send_and_look(database: Database, attempt: Attempt, token_hash: bytes) -> object:
    assert do(database, send, attempt)
    with reading(database) as session:
        return see(session, token_hash).answers
