"""An attempt has one job rating of each kind. It is replaced as a whole, and deleted with the attempt."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.store.attempts.deletion import delete_attempt
from fitquiz.store.attempts.job_ratings import (
    ADVERTISED,
    PRESENT,
    delete_job_rating,
    list_job_ratings,
    save_job_rating,
)
from fitquiz.store.upkeep.retention import purge
from tests.store.support.cast import ALICE, LATER, MALLORY, NOW
from tests.store.support.sharing_cast import finish


def test_a_rating_is_kept_and_replaced_as_a_whole(session: Session) -> None:
    attempt = finish(session)
    assert save_job_rating(session, attempt, PRESENT, {"people": 3, "focus": None}, NOW)
    assert list_job_ratings(session, attempt) == {PRESENT: {"people": 3, "focus": None}}
    assert save_job_rating(session, attempt, PRESENT, {"focus": 0}, LATER)
    assert list_job_ratings(session, attempt) == {PRESENT: {"focus": 0}}


def test_the_present_job_stands_before_the_advertised_one(session: Session) -> None:
    attempt = finish(session)
    for kind in (ADVERTISED, PRESENT):
        save_job_rating(session, attempt, kind, {"people": 1}, NOW)
    assert list(list_job_ratings(session, attempt)) == [PRESENT, ADVERTISED]


def test_a_rating_is_that_of_one_attempt(session: Session) -> None:
    attempt, other = finish(session), finish(session, MALLORY)
    save_job_rating(session, attempt, PRESENT, {"people": 1}, NOW)
    assert list_job_ratings(session, other) == {}
    delete_job_rating(session, other, PRESENT)
    assert list(list_job_ratings(session, attempt)) == [PRESENT]
    delete_job_rating(session, attempt, PRESENT)
    assert list_job_ratings(session, attempt) == {}


def test_a_rating_goes_with_its_attempt(session: Session) -> None:
    attempt, other = finish(session), finish(session, MALLORY)
    for each in (attempt, other):
        save_job_rating(session, each, PRESENT, {"people": 1}, NOW)
    delete_attempt(session, ALICE, NOW)
    assert session.execute(text("SELECT attempt_id FROM offer")).scalars().all() == [other.id]
    purge(session, 30, 0, LATER, LATER.date())
    assert session.execute(text("SELECT attempt_id FROM offer")).scalars().all() == []


def test_a_job_cannot_be_rated_for_an_attempt_that_is_gone(session: Session) -> None:
    attempt = finish(session)
    delete_attempt(session, ALICE, NOW)
    assert not save_job_rating(session, attempt, PRESENT, {"people": 1}, NOW)
