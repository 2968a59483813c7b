"""A response is pending once, in an open campaign, until it is sealed or withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from fitquiz.store.campaigns.campaign_lifecycle import close_campaign, delete_campaign
from fitquiz.store.campaigns.campaigns import change_campaign, find_campaign
from fitquiz.store.campaigns.units import list_units, replace_units
from fitquiz.store.engine.database import Database
from fitquiz.store.ledger.pending_responses import (
    add_response,
    is_pending,
    replace_response,
    withdraw_response,
)
from fitquiz.store.ledger.sealing import seal_campaign
from tests.store.support.cast import noting_statements, reading, writing
from tests.store.support.ledger_cast import (
    AFTER,
    BEFORE,
    CLOSES,
    DURING,
    IT,
    OPENS,
    OSLO,
    count_waiting,
    find_unit,
    look_up,
    no_noise,
    read_batches,
    respond,
    respond_often,
    seal,
    start_campaign,
    week,
)

KEY, TODAY = b"k" * 32, DURING.date()


def test_a_response_under_the_same_key_waits_once(session: Session) -> None:
    campaign = start_campaign(session)
    respond(session, campaign, IT, "1", KEY)
    assert not add_response(session, KEY, campaign, find_unit(session, campaign, IT), "0", TODAY)
    assert count_waiting(session) == 1


def test_the_first_response_freezes_the_campaign_for_good(session: Session) -> None:
    campaign = start_campaign(session)
    assert not campaign.is_frozen
    respond(session, campaign, IT, "1", KEY)
    assert look_up(session, campaign.id).is_frozen
    withdraw_response(session, KEY, campaign.id)
    assert look_up(session, campaign.id).is_frozen


@pytest.mark.parametrize("day", [OPENS - timedelta(1), CLOSES + timedelta(1)])
def test_a_campaign_takes_nothing_outside_its_days(session: Session, day: date) -> None:
    campaign = start_campaign(session)
    assert not add_response(session, KEY, campaign, 0, "1", day)
    assert count_waiting(session) == 0
    assert not look_up(session, campaign.id).is_frozen


def test_a_closed_campaign_takes_nothing(session: Session) -> None:
    campaign = start_campaign(session)
    close_campaign(session, campaign.id, DURING, DURING.date())
    assert not add_response(session, KEY, campaign, 0, "1", TODAY)


def test_what_was_counted_by_another_plan_is_not_taken(session: Session) -> None:
    campaign = start_campaign(session)
    assert not add_response(
        session, KEY, replace(campaign, statistics="high:3/4"), 0, "111111", TODAY
    )


def test_the_cap_refuses_nobody_and_leaves_out_by_lot_at_the_seal(session: Session) -> None:
    """A refused response would tell how many have answered."""
    campaign = start_campaign(session, cap=7, sealing="weekly")
    respond_often(session, campaign, {IT: 5})
    seal(session, campaign, DURING)
    keys = [respond(session, campaign, IT, str(number % 2)) for number in range(9)]
    assert count_waiting(session) == 9
    respond(session, start_campaign(session, campaign.owner_id), IT)

    seal(session, campaign, week(3))
    left = [key for key in keys if is_pending(session, key)]
    assert sorted(left) == sorted(keys)[:2]
    assert count_waiting(session) == 3, "another campaign's responses are left alone"


def test_a_cap_that_is_lowered_or_raised_tells_nothing_before_the_seal(session: Session) -> None:
    campaign = start_campaign(session, cap=7)
    respond_often(session, campaign, {IT: 9})
    for cap in (5, 10):
        assert change_campaign(session, look_up(session, campaign.id), {"cap": cap}, TODAY)
        respond(session, look_up(session, campaign.id), IT)
    seal(session, campaign)
    assert read_batches(session) == [('["IT"]', 10)]


def test_a_unit_that_is_gone_counts_as_the_whole(session: Session) -> None:
    campaign = start_campaign(session)
    gone = find_unit(session, campaign, IT)
    assert replace_units(session, campaign.id, (), BEFORE)
    assert add_response(session, KEY, campaign, gone, "1", TODAY)
    assert list_units(session, campaign.id) == []


def test_a_counted_response_costs_one_insert(database: Database) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)
        unit = find_unit(session, campaign, IT)
        respond(session, campaign, IT)
        frozen = look_up(session, campaign.id)
    with writing(database) as session, noting_statements(database) as statements:
        assert add_response(session, KEY, frozen, unit, "1", TODAY)
    assert len([each for each in statements if not each.startswith(("BEGIN", "COMMIT"))]) == 1


def test_a_changed_result_replaces_what_waits_until_it_is_sealed(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {IT: 5})
    respond(session, campaign, IT, "0", KEY)
    assert replace_response(session, KEY, campaign.id, "1")
    assert count_waiting(session) == 6
    seal(session, campaign)
    assert not replace_response(session, KEY, campaign.id, "0")
    assert not is_pending(session, KEY)


def test_a_withdrawn_response_is_gone_before_the_seal_and_stays_after_it(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {IT: 5})
    other = respond(session, campaign, IT)
    respond(session, campaign, IT, "1", KEY)
    assert withdraw_response(session, KEY, campaign.id)
    assert not withdraw_response(session, KEY, campaign.id)
    seal(session, campaign)
    assert read_batches(session) == [('["IT"]', 6)]
    assert not withdraw_response(session, other, campaign.id)


def test_deleting_a_campaign_deletes_what_waits_and_leaves_the_ledger(session: Session) -> None:
    campaign = start_campaign(session, sealing="weekly")
    respond_often(session, campaign, {IT: 6})
    seal(session, campaign, DURING)
    respond_often(session, campaign, {IT: 2})
    delete_campaign(session, campaign.id, AFTER.date())
    assert find_campaign(session, campaign.id) is None
    assert count_waiting(session) == 0
    assert read_batches(session) == [('["IT"]', 6)]
    assert start_campaign(session, owner_id=campaign.owner_id).id > campaign.id


def test_responses_and_seals_at_the_same_moment_lose_and_double_nothing(database: Database) -> None:
    with writing(database) as session:
        campaign = start_campaign(session, sealing="weekly")
        unit = find_unit(session, campaign, OSLO)

    def answer(number: int) -> bool:
        with writing(database) as session:
            return add_response(session, number.to_bytes(32), campaign, unit, "1", TODAY)

    def seal_now(_number: int) -> None:
        with writing(database) as session:
            seal_campaign(session, campaign.id, DURING, TODAY, no_noise)

    with ThreadPoolExecutor(8) as pool:
        sealing = [pool.submit(seal_now, number) for number in range(4)]
        taken = list(pool.map(answer, range(60)))
        assert all(each.result() is None for each in sealing)
    assert all(taken)
    with reading(database) as session:
        assert sum(n for _, n in read_batches(session)) + count_waiting(session) == 60


def test_a_withdrawal_at_the_moment_of_the_seal_comes_before_or_after_it(
    database: Database,
) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)
        keys = [respond(session, campaign, IT) for _ in range(12)]

    def withdraw(key: bytes) -> bool:
        with writing(database) as session:
            return withdraw_response(session, key, campaign.id)

    def seal_now() -> None:
        with writing(database) as session:
            seal_campaign(session, campaign.id, AFTER, AFTER.date(), no_noise)

    with ThreadPoolExecutor(6) as pool:
        withdrawals = [pool.submit(withdraw, key) for key in keys[:4]]
        sealing = pool.submit(seal_now)
        gone = sum(each.result() for each in withdrawals)
        sealing.result()
    with reading(database) as session:
        assert sum(n for _, n in read_batches(session)) == 12 - gone
