"""The queries of respondents and of housekeeping use an index on both databases."""

import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.store.accounts.rate_limit_counters import RateLimit, take_try
from fitquiz.store.attempts.attempts import find_attempt, token_exists
from fitquiz.store.attempts.deletion import delete_attempt, find_receipt
from fitquiz.store.engine.database import Database
from fitquiz.store.ledger.pending_responses import is_pending, replace_response, withdraw_response
from fitquiz.store.ledger.reading import list_published, read_figures, read_period
from fitquiz.store.ledger.sealing import list_due, seal_campaign
from fitquiz.store.upkeep.retention import purge, purge_sign_ins_and_limits
from fitquiz.store.upkeep.schema import upgrade_schema
from tests.store.support.cast import ALICE, FIRST, NOW, answer_and_send, start, writing
from tests.store.support.ledger_cast import AFTER, IT, respond_often, start_campaign
from tests.store.support.plans import list_indexes, list_scans, noting_asked

BEGUN = RateLimit("begun", 120, 10)


def answer(session: Session) -> None:
    start(session)
    take_try(session, BEGUN, "192.0.2.1", NOW)
    answer_and_send(session)
    assert find_attempt(session, ALICE, FIRST)
    assert token_exists(session, ALICE)


def delete(session: Session) -> None:
    start(session)
    assert delete_attempt(session, ALICE, NOW)
    assert find_receipt(session, ALICE)


def keep_house(session: Session) -> None:
    start(session)
    later = NOW + timedelta(31)
    assert purge(session, 30, 180, later, later.date()).unfinished == 1
    purge_sign_ins_and_limits(session, NOW, timedelta(minutes=30), 1000)


def seal(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {IT: 6})
    assert not is_pending(session, bytes(32))
    assert not replace_response(session, bytes(32), campaign.id, "1")
    assert not withdraw_response(session, bytes(32), campaign.id)
    assert list_due(session, AFTER.date()) == [campaign.id]
    assert seal_campaign(session, campaign.id, AFTER, AFTER.date(), secrets.randbelow)


def report(session: Session) -> None:
    read_figures(session, 1, ())
    list_published(session, [1, 2])
    read_period(session, 1)


@pytest.mark.parametrize("deed", [answer, delete, keep_house, seal, report])
def test_no_growing_table_is_scanned(database: Database, deed: Callable[[Session], None]) -> None:
    with writing(database) as session, noting_asked(database) as asked:
        deed(session)
    assert len(asked) > 2
    assert list_scans(database, asked) == set()


WITHOUT_INDEX = {
    "ix_attempt_finished_at_started_at": keep_house,
    "ix_attempt_content_hash": keep_house,
    "ix_deleted_attempt_deleted_at": keep_house,
    "ix_link_is_closed_expires_on": keep_house,
    "ix_share_expires_at": keep_house,
    "ix_throttle_full_at": keep_house,
    "ix_pending_campaign_id": seal,
    "ix_ledger_campaign_id_id": report,
}


@pytest.mark.parametrize("index", WITHOUT_INDEX)
def test_without_its_index_a_search_would_scan(empty_database: Database, index: str) -> None:
    upgrade_schema(empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {index}"))
    with writing(empty_database) as session, noting_asked(empty_database) as asked:
        WITHOUT_INDEX[index](session)
    assert list_scans(empty_database, asked)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_purge_uses_the_indexes_made_for_its_limits(database: Database) -> None:
    """An index on finished_at alone would read and sort all unfinished attempts each time."""
    with writing(database) as session, noting_asked(database) as asked:
        keep_house(session)
    assert list_indexes(database, asked) >= {
        "ix_attempt_finished_at_started_at",
        "ix_share_live_expires_at",
    }
