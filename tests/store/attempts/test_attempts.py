"""An attempt is started, answered, sent, and opened again."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fitquiz.store.attempts.answers import (
    GivenAnswer,
    list_answers,
    list_moments,
    record_answer,
    record_answers,
)
from fitquiz.store.attempts.attempts import (
    find_attempt,
    open_part,
    reopen_parts,
    send_parts,
    token_exists,
)
from fitquiz.store.attempts.beginning import (
    start_attempt,
)
from fitquiz.store.attempts.deletion import delete_attempt
from fitquiz.store.engine.database import Database
from tests.core.support.shipped_packs import PACK
from tests.store.support.attempt_changes import Change, answer, open_leading, send
from tests.store.support.cast import (
    ALICE,
    FIRST,
    LATER,
    MALLORY,
    NOW,
    SECOND,
    answer_and_send,
    noting_statements,
    see,
    start,
)


def test_a_new_attempt_has_its_first_parts_open_and_no_answer(session: Session) -> None:
    attempt = start(session)
    assert (attempt.open_parts, attempt.sent_parts) == (PACK.first_parts, ())
    assert (attempt.content_hash, attempt.started_at, attempt.finished_at) == (
        PACK.content_hash,
        NOW,
        None,
    )
    assert (attempt.answers, attempt.may_improve, attempt.is_open) == ({}, True, True)
    assert list_moments(session, attempt) == {}


def test_starting_twice_with_one_token_makes_one_attempt(session: Session) -> None:
    first = start(session)
    start_attempt(session, ALICE, PACK.content_hash, (), False, LATER)
    assert see(session) == first
    assert session.execute(text("SELECT count(*) FROM attempt")).scalar_one() == 1


def test_another_token_finds_nothing(session: Session) -> None:
    start(session)
    assert find_attempt(session, MALLORY) is None
    assert (token_exists(session, ALICE), token_exists(session, MALLORY)) == (True, False)


def test_answers_are_found_with_their_moments(session: Session) -> None:
    attempt = start(session)
    assert record_answer(session, attempt, FIRST, 0, NOW)
    assert record_answer(session, attempt, SECOND, 4, LATER)
    assert see(session).answers == {FIRST: 0, SECOND: 4}
    assert list_moments(session, attempt) == {FIRST: NOW, SECOND: LATER}


def test_answers_of_others_are_not_mixed_in(session: Session) -> None:
    record_answer(session, start(session, ALICE), FIRST, 1, NOW)
    record_answer(session, start(session, MALLORY), FIRST, 2, NOW)
    assert (see(session, ALICE).answers, see(session, MALLORY).answers) == ({FIRST: 1}, {FIRST: 2})


def test_an_answer_replaces_the_earlier_one(session: Session) -> None:
    attempt = start(session)
    assert all(record_answer(session, attempt, FIRST, value, NOW) for value in (1, 3))
    assert record_answer(session, attempt, FIRST, 2, LATER)
    assert (see(session).answers, list_moments(session, attempt)) == ({FIRST: 2}, {FIRST: LATER})


def test_of_two_answers_the_one_that_was_given_later_is_kept(session: Session) -> None:
    attempt = start(session)

    def give(value: int | None, moment: datetime) -> bool:
        answers = {FIRST: GivenAnswer(value, moment), SECOND: GivenAnswer(value, LATER)}
        return record_answers(session, attempt, answers, keeps_later=True)

    assert give(2, LATER)
    assert give(1, NOW)
    assert see(session).answers == {FIRST: 2, SECOND: 1}
    assert list_moments(session, attempt) == {FIRST: LATER, SECOND: LATER}
    assert give(None, LATER)
    assert see(session).answers == {FIRST: None, SECOND: None}
    assert record_answer(session, attempt, FIRST, 1, NOW)
    assert see(session).answers == {FIRST: 1, SECOND: None}


def test_an_item_left_out_is_stored_as_none(session: Session) -> None:
    assert record_answer(session, start(session), FIRST, None, NOW)
    assert see(session).answers == {FIRST: None}


def test_an_answer_can_be_taken_back_by_leaving_the_item_out(session: Session) -> None:
    attempt = start(session)
    assert all(record_answer(session, attempt, FIRST, value, NOW) for value in (3, None))
    assert see(session).answers == {FIRST: None}


@pytest.mark.parametrize("change", [send, open_leading])
def test_an_attempt_that_has_changed_since_it_was_read_takes_no_answer(
    session: Session, change: Change
) -> None:
    attempt = start(session)
    assert change(session, attempt)
    assert not answer(session, attempt)
    assert see(session).answers == {}


def test_a_sent_attempt_takes_no_answer_even_as_read_before(session: Session) -> None:
    attempt = start(session)
    assert record_answer(session, attempt, FIRST, 1, NOW)
    assert send(session, attempt)
    assert not answer(session, attempt)
    assert see(session).answers == {FIRST: 1}


def test_a_deleted_attempt_takes_no_answer(session: Session) -> None:
    attempt = start(session)
    assert delete_attempt(session, ALICE, NOW)
    assert not answer(session, attempt)


def test_sending_closes_the_open_parts_and_counts_them(session: Session) -> None:
    assert send_parts(session, start(session), LATER)
    attempt = see(session)
    assert (attempt.open_parts, attempt.sent_parts, attempt.finished_at) == (
        (),
        PACK.first_parts,
        LATER,
    )
    assert not attempt.is_open


def test_a_further_part_is_opened_and_sent_beside_the_first(session: Session) -> None:
    start(session)
    assert open_leading(session, answer_and_send(session))
    assert (see(session).open_parts, see(session).sent_parts) == (("leading",), PACK.first_parts)
    assert send_parts(session, see(session), LATER)
    assert see(session).sent_parts == (*PACK.first_parts, "leading")


def test_the_first_sending_stays_the_moment_of_finishing(session: Session) -> None:
    start(session)
    assert open_leading(session, answer_and_send(session, sent_at=NOW))
    assert send_parts(session, see(session), LATER)
    assert see(session).finished_at == NOW


def test_an_open_or_sent_part_is_not_opened_again(session: Session) -> None:
    attempt = start(session)
    assert not open_part(session, attempt, PACK.first_parts[0])
    assert not open_part(session, answer_and_send(session), PACK.first_parts[0])


def test_taking_parts_back_opens_them_with_their_answers(session: Session) -> None:
    start(session)
    assert reopen_parts(session, answer_and_send(session))
    attempt = see(session)
    assert (attempt.open_parts, attempt.sent_parts, attempt.answers) == (
        PACK.first_parts,
        (),
        {FIRST: 3},
    )
    assert answer(session, attempt)


@pytest.mark.parametrize("change", [send, open_leading, reopen_parts])
def test_a_change_of_an_attempt_that_has_changed_is_refused(
    session: Session, change: Change
) -> None:
    start(session)
    read_before = answer_and_send(session)
    assert open_part(session, read_before, "sharpening")
    now_stored = see(session)
    assert not change(session, read_before)
    assert see(session) == now_stored


def test_an_old_page_takes_nothing_back_once_more_has_been_sent(session: Session) -> None:
    start(session)
    read_before = answer_and_send(session)
    assert open_part(session, read_before, "leading")
    assert send_parts(session, see(session), LATER)
    now_stored = see(session)
    assert not reopen_parts(session, read_before)
    assert see(session) == now_stored


def test_an_attempt_needs_a_kept_pack(session: Session) -> None:
    with pytest.raises(IntegrityError):
        start_attempt(session, ALICE, "no such content", PACK.first_parts, True, NOW)


def test_a_pack_that_an_attempt_needs_cannot_be_deleted(session: Session) -> None:
    start(session)
    with pytest.raises(IntegrityError):
        session.execute(text("DELETE FROM pack"))


def test_an_answer_needs_an_attempt(session: Session) -> None:
    with pytest.raises(IntegrityError):
        session.execute(text("INSERT INTO answer VALUES (77, 'item', 1, CURRENT_TIMESTAMP)"))


def test_deleting_an_attempts_row_takes_its_answers_along(session: Session) -> None:
    start(session)
    answer_and_send(session)
    session.execute(text("DELETE FROM attempt"))
    assert session.execute(text("SELECT count(*) FROM answer")).scalar_one() == 0


def test_an_attempt_with_all_its_answers_is_found_by_one_query(
    database: Database, session: Session
) -> None:
    start(session)
    answer_and_send(session)
    with noting_statements(database) as statements:
        find_attempt(session, ALICE)
    assert [each.split()[0] for each in statements] == ["SELECT"]


def test_an_attempt_is_read_with_the_answer_to_one_item_only(session: Session) -> None:
    record_answer(session, start(session, MALLORY), FIRST, 1, NOW)
    attempt = start(session)
    assert find_attempt(session, ALICE, FIRST) == attempt
    assert record_answer(session, attempt, FIRST, 0, NOW)
    assert record_answer(session, attempt, SECOND, None, NOW)
    for item, answers in ((FIRST, {FIRST: 0}), (SECOND, {SECOND: None}), ("no-item", {})):
        assert find_attempt(session, ALICE, item) == replace(see(session), answers=answers)


def test_an_attempt_with_one_answer_is_read_as_it_stands(session: Session) -> None:
    attempt = start(session)
    assert send(session, attempt)
    read = find_attempt(session, ALICE, FIRST)
    assert read is not None
    assert (read.open_parts, read.sent_parts) == ((), PACK.first_parts)
    assert find_attempt(session, MALLORY, FIRST) is None


@pytest.mark.parametrize("count", [1, 3, len(PACK.items)])
def test_answers_are_stored_by_one_statement(
    database: Database, session: Session, count: int
) -> None:
    attempt = start(session)
    items = list(PACK.items)[:count]
    given = {item: GivenAnswer(at % 5 or None, NOW) for at, item in enumerate(items)}
    with noting_statements(database) as statements:
        assert record_answers(session, attempt, given)
    assert [each.split()[0] for each in statements] == ["INSERT"]
    assert list_answers(session, attempt) == given


@pytest.mark.parametrize(
    "changed", [{"token_hash": b"nobody"}, {"content_hash": "another"}, {"open_parts": ()}]
)
def test_answers_to_what_is_another_by_now_are_not_stored(
    session: Session, changed: dict[str, Any]
) -> None:
    attempt = start(session)
    answers = {FIRST: GivenAnswer(4, NOW), SECOND: GivenAnswer(None, NOW)}
    assert not record_answers(session, replace(attempt, **changed), answers)
    assert see(session).answers == {}
    assert record_answers(session, attempt, answers)
