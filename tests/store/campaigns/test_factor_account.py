"""What campaigns take from the yearly account stays taken for a year, and nobody takes the same room twice."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.core.groups.yearly_account import Charge, find_room
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign, delete_campaign
from fitquiz.store.campaigns.campaigns import add_campaign, change_campaign
from fitquiz.store.campaigns.factor_account import (
    count_recent_campaigns,
    list_charges,
    lock_account,
)
from fitquiz.store.engine.database import Database
from fitquiz.store.ledger.sealing import seal_campaign
from tests.core.support.shipped_packs import PACK
from tests.store.support.cast import assert_waits, writing
from tests.store.support.ledger_cast import (
    AFTER,
    BEFORE,
    CLOSES,
    DURING,
    IT,
    OPENS,
    add_staff,
    look_up,
    make_new_campaign,
    respond_often,
    seal,
    start_campaign,
)

TWELVE = "lean:1/3 strongest:1/2"


def read_charges(session: Session) -> list[Charge]:
    return list_charges(session, OPENS)


def test_a_campaign_takes_its_factor_when_it_is_stored(session: Session) -> None:
    start_campaign(session, statistics=TWELVE)
    assert read_charges(session) == [Charge(OPENS, CLOSES, Fraction(12))]
    assert [count_recent_campaigns(session, day) for day in (BEFORE, OPENS, CLOSES)] == [0, 1, 1]


def test_a_change_before_the_first_day_takes_another_factor(session: Session) -> None:
    campaign = start_campaign(session, statistics=TWELVE)
    later = {"statistics": "lean:3/4", "opens_on": OPENS + timedelta(1)}
    assert change_campaign(session, campaign, later, BEFORE)
    assert read_charges(session) == [Charge(OPENS + timedelta(1), CLOSES, Fraction(4, 3))]


def test_another_last_day_is_noted_in_the_account(session: Session) -> None:
    campaign = start_campaign(session, statistics=TWELVE)
    longer = {"closes_on": CLOSES + timedelta(9)}
    assert change_campaign(session, campaign, longer, DURING.date())
    assert read_charges(session)[0].last_day == CLOSES + timedelta(9)
    close_campaign(session, campaign.id, DURING, DURING.date())
    assert read_charges(session) == [Charge(OPENS, DURING.date(), Fraction(12))]


def test_a_campaign_that_is_closed_before_its_first_day_gives_its_factor_back(
    session: Session,
) -> None:
    campaign = start_campaign(session, statistics=TWELVE)
    before = DURING - timedelta(days=30)
    close_campaign(session, campaign.id, before, before.date())
    assert read_charges(session) == []


@pytest.mark.parametrize("answers", [0, 4])
def test_a_campaign_that_publishes_nothing_gives_its_factor_back(
    session: Session, answers: int
) -> None:
    """The account does not tell whether nobody or too few answered."""
    campaign = start_campaign(session, statistics=TWELVE)
    respond_often(session, campaign, {IT: answers}, "1" * 7)
    seal(session, campaign, AFTER)
    assert read_charges(session) == []
    delete_campaign(session, campaign.id, AFTER.date())
    assert read_charges(session) == []


def test_deleting_a_published_campaign_gives_nothing_back(session: Session) -> None:
    campaign = start_campaign(session, statistics=TWELVE)
    respond_often(session, campaign, {IT: 5}, "1" * 7)
    seal(session, campaign, AFTER)
    before = read_charges(session)
    delete_campaign(session, campaign.id, AFTER.date())
    assert read_charges(session) == before == [Charge(OPENS, CLOSES, Fraction(12))]


def test_a_campaign_with_an_earlier_seal_gives_nothing_back(session: Session) -> None:
    """After a restore, an earlier seal can have published figures that the ledger has lost."""
    campaign = start_campaign(session, statistics=TWELVE)
    session.execute(text("UPDATE campaign SET ticked_on = :day"), {"day": str(DURING.date())})
    seal(session, campaign, AFTER)
    assert read_charges(session) == [Charge(OPENS, CLOSES, Fraction(12))]


@pytest.mark.parametrize("answers", [0, 5])
def test_deleting_a_campaign_before_its_first_seal_gives_its_factor_back(
    session: Session, answers: int
) -> None:
    """Nothing was published, and nothing waits any more."""
    campaign = start_campaign(session, statistics=TWELVE)
    respond_often(session, campaign, {IT: answers}, "1" * 7)
    delete_campaign(session, campaign.id, AFTER.date())
    assert read_charges(session) == []
    assert session.execute(text("SELECT count(*) FROM pending")).scalar_one() == 0


def test_a_deleted_campaign_is_charged_until_the_day_of_its_deletion(session: Session) -> None:
    campaign = start_campaign(session, statistics=TWELVE, sealing="weekly")
    respond_often(session, campaign, {IT: 9}, "1" * 7)
    a_week_later = OPENS + timedelta(7)
    moment = datetime.combine(a_week_later, DURING.timetz())
    assert seal_campaign(session, campaign.id, moment, a_week_later, random.Random(1).randrange)
    delete_campaign(session, campaign.id, a_week_later)
    assert [charge.last_day for charge in read_charges(session)] == [a_week_later]


def test_old_charges_are_not_read(session: Session) -> None:
    campaign = start_campaign(session, statistics=TWELVE)
    last = CLOSES + timedelta(365)
    assert list_charges(session, last) == read_charges(session)
    assert list_charges(session, last + timedelta(1)) == []
    assert list_charges(session, OPENS, campaign.id) == []
    assert list_charges(session, date.max) == []
    assert list_charges(session, date.min) == read_charges(session)


def test_two_campaigns_that_come_at_once_do_not_take_the_same_room(database: Database) -> None:
    with writing(database) as session:
        owner = add_staff(session)

    def take_all_room(session: Session) -> bool:
        lock_account(session)
        room = find_room(read_charges(session), OPENS, CLOSES, 12)
        if room < 12:
            return False
        add_campaign(session, owner, make_new_campaign(statistics=TWELVE), PACK, DURING)
        return True

    def take_in_another_transaction() -> bool:
        with writing(database) as session:
            return take_all_room(session)

    with ThreadPoolExecutor(1) as pool:
        with writing(database) as session:
            assert take_all_room(session)
            other = pool.submit(take_in_another_transaction)
            assert_waits(other)
        assert other.result(10) is False
    with writing(database) as session:
        assert len(read_charges(session)) == 1
        assert look_up(session, 1).statistics == TWELVE
