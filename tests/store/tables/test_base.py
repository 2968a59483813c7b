"""Moments are stored in UTC on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from tests.core.support.shipped_packs import PACK
from tests.store.support.cast import NOW, see, start

NAIVE = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - the database must refuse it


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="a moment needs a time zone"):
        start(session, started_at=NAIVE)


def test_a_moment_comes_back_as_it_went_to_the_microsecond(session: Session) -> None:
    assert start(session).started_at == NOW


def test_a_moment_of_another_zone_comes_back_in_utc(session: Session) -> None:
    started_at = start(session, started_at=NOW.astimezone(timezone(timedelta(hours=9)))).started_at
    assert (started_at, started_at.tzinfo) == (NOW, UTC)


def test_a_moment_that_there_is_not_yet_stays_none(session: Session) -> None:
    assert start(session).finished_at is None


def test_the_zone_of_the_database_changes_nothing(session: Session, backend: str) -> None:
    if backend == "postgresql":
        session.execute(text("SET LOCAL TIME ZONE 'Europe/Oslo'"))
    start(session)
    assert (see(session).started_at, see(session).started_at.tzinfo) == (NOW, UTC)


def test_moments_are_ordered_in_the_database_as_they_are_in_time(session: Session) -> None:
    far_east, far_west = (NOW.astimezone(timezone(timedelta(hours=hours))) for hours in (14, -12))
    start(session, b"1" * 32, far_west + timedelta(seconds=1))
    start(session, b"2" * 32, far_east)
    order = session.execute(text("SELECT token_hash FROM attempt ORDER BY started_at")).scalars()
    assert [bytes(token_hash) for token_hash in order] == [b"2" * 32, b"1" * 32]


def test_a_pack_is_found_by_the_hash_of_its_content(session: Session) -> None:
    assert start(session).content_hash == PACK.content_hash
