"""A seal that crashes after any statement is rolled back. The next seal counts each response once."""

from itertools import count

from sqlalchemy import event

from fitquiz.core.groups.counting import make_plan, write_plan
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.engine.database import Database
from tests.store.support.cast import reading, writing
from tests.store.support.ledger_cast import (
    BERGEN,
    IT,
    OSLO,
    count_waiting,
    read_batches,
    respond_often,
    seal,
    start_campaign,
)


class PulledPlugError(Exception):
    """The power is gone."""


def seal_until(database: Database, campaign: Campaign, statements: int) -> bool:
    """Seal, and pull the plug before so many more statements; whether it came to the commit."""
    numbers = count()

    def pull(*_arguments: object) -> None:
        if next(numbers) == statements:
            raise PulledPlugError

    try:
        with writing(database) as session:
            event.listen(database.engine, "before_cursor_execute", pull)
            seal(session, campaign)
    except PulledPlugError:
        return False
    finally:
        event.remove(database.engine, "before_cursor_execute", pull)
    return True


def test_a_seal_that_is_cut_off_anywhere_leaves_everybody_waiting(database: Database) -> None:
    with writing(database) as session:
        campaign = start_campaign(session, statistics=write_plan(make_plan(["lean", "strongest"])))
        respond_often(session, campaign, {OSLO: 6, BERGEN: 3, IT: 20}, "1" + "010000")
    for statements in range(100):
        if seal_until(database, campaign, statements):
            break
        with reading(database) as session:
            assert (read_batches(session), count_waiting(session)) == ([], 29), statements
    assert statements > 10
    with reading(database) as session:
        assert sum(n for _, n in read_batches(session)) == 29
        assert count_waiting(session) == 0


def test_the_plug_is_pulled_where_it_is_said(database: Database) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)
        respond_often(session, campaign, {IT: 5})
    assert not seal_until(database, campaign, 0)
    assert seal_until(database, campaign, 1000)
