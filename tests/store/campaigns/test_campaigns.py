"""A campaign belongs to its owner, is open on its days, and freezes with its first response."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.store.accounts.staff import find_staff
from fitquiz.store.campaigns.campaign_lifecycle import (
    close_campaign,
    delete_campaign,
)
from fitquiz.store.campaigns.campaigns import (
    Campaign,
    add_campaign,
    change_campaign,
    create_campaign,
    lock_campaign,
)
from fitquiz.store.campaigns.invitations import NewInvitation, list_open_links
from fitquiz.store.campaigns.units import list_units, replace_units
from fitquiz.store.engine.database import Database
from fitquiz.store.ledger.pending_responses import add_response
from tests.core.support.shipped_packs import PACK
from tests.store.support.cast import assert_waits, reading, writing
from tests.store.support.ledger_cast import (
    AFTER,
    BEFORE,
    CLOSES,
    DURING,
    IT,
    OPENS,
    UNITS,
    add_staff,
    change_behind_a_response,
    look_up,
    make_new_campaign,
    respond,
    respond_often,
    seal,
    start_campaign,
)

TODAY = DURING.date()
COUNTING = {
    "threshold": 9,
    "statistics": "lean:2/3",
    "split_from": 40,
    "sealing": "weekly",
    "opens_on": OPENS + timedelta(3),
}
COURSE = {"closes_on": CLOSES + timedelta(30), "cap": 70}
NAMES = {"title": "Autumn", "inviter": "The works council", "languages": ("en",)}


def end(session: Session, campaign: Campaign, how: str) -> Campaign:
    """End a campaign for good."""
    if how == "closed":
        close_campaign(session, campaign.id, DURING, DURING.date())
    else:
        seal(session, campaign, AFTER)
    return look_up(session, campaign.id)


def make_open_link(unit_id: int | None) -> NewInvitation:
    """Return an open link with a seed and hashes of its own."""
    return NewInvitation(
        unit_id=unit_id,
        seed=secrets.token_bytes(16),
        token_hash=secrets.token_bytes(32),
        code_hash=secrets.token_bytes(32),
        is_personal=False,
    )


def test_a_campaign_is_stored_as_it_was_planned(session: Session) -> None:
    owner_id = add_staff(session)
    new = make_new_campaign(cap=40, is_personal=True, languages=("en",))
    campaign = look_up(session, add_campaign(session, owner_id, new, PACK, DURING))
    stored = {each.name: getattr(campaign, each.name) for each in fields(new)}
    assert stored == asdict(new)
    assert (campaign.owner_id, campaign.created_at) == (owner_id, DURING)
    assert campaign.content_hash == PACK.content_hash
    assert (campaign.is_frozen, campaign.is_paused, campaign.is_over) == (False, False, False)


@pytest.mark.parametrize("is_personal", [False, True])
def test_a_campaign_is_created_with_all_that_belongs_to_it(
    session: Session, is_personal: bool
) -> None:
    owner = find_staff(session, add_staff(session))
    assert owner is not None
    new = make_new_campaign(is_personal=is_personal)

    campaign_id = create_campaign(session, owner, new, PACK, UNITS, make_open_link, DURING)

    units = list_units(session, campaign_id)
    assert [unit.path for unit in units] == [draft.path for draft in UNITS]
    linked_units = [link.unit_id for link in list_open_links(session, campaign_id)]
    assert linked_units == ([] if is_personal else [None, *(unit.id for unit in units)])
    entry = session.execute(text("SELECT staff_id, action, subject FROM audit")).one()
    assert tuple(entry) == (owner.id, "campaign-created", "Spring")


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (OPENS - timedelta(1), "not-open"),
        (OPENS, "open"),
        (CLOSES, "open"),
        (CLOSES + timedelta(1), "closed"),
    ],
)
def test_the_days_tell_how_a_campaign_stands(session: Session, today: date, state: str) -> None:
    assert start_campaign(session).state(today) == state


def test_everything_may_change_before_the_first_day(session: Session) -> None:
    campaign = start_campaign(session)
    assert change_campaign(session, campaign, {**NAMES, **COURSE, **COUNTING}, BEFORE)
    changed = look_up(session, campaign.id)
    assert {name: getattr(changed, name) for name in (*NAMES, *COURSE, *COUNTING)} == {
        **NAMES,
        **COURSE,
        **COUNTING,
    }


@pytest.mark.parametrize("change", COUNTING.items(), ids=list(COUNTING))
def test_the_first_day_freezes_what_is_counted_before_anybody_has_answered(
    session: Session, change: tuple[str, object]
) -> None:
    """If the first response froze it, HR could see when somebody answers."""
    campaign = start_campaign(session)
    assert not change_campaign(session, campaign, {**NAMES, **dict([change])}, OPENS)
    assert look_up(session, campaign.id) == campaign

    respond(session, campaign, IT)
    frozen = look_up(session, campaign.id)
    assert not change_campaign(session, frozen, {**NAMES, **dict([change])}, OPENS)
    assert not change_campaign(session, campaign, {**NAMES, **dict([change])}, OPENS)
    assert look_up(session, campaign.id) == frozen
    assert change_campaign(session, frozen, {**NAMES, **COURSE}, OPENS)


def test_a_clock_that_is_set_back_unfreezes_nothing_after_a_response(session: Session) -> None:
    campaign = start_campaign(session)
    respond(session, campaign, IT)
    assert not change_campaign(session, campaign, {"threshold": 9}, BEFORE)
    assert not replace_units(session, campaign.id, [], BEFORE)


@pytest.mark.parametrize("change", COURSE.items(), ids=list(COURSE))
@pytest.mark.parametrize("how", ["closed", "sealed"])
def test_a_campaign_that_is_over_cannot_be_opened_again(
    session: Session, how: str, change: tuple[str, object]
) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {IT: 5})
    over = end(session, campaign, how)
    assert over.is_over
    assert not change_campaign(session, over, dict([change]), BEFORE)
    assert not change_campaign(session, campaign, dict([change]), BEFORE)
    assert look_up(session, campaign.id) == over
    assert change_campaign(session, over, NAMES, BEFORE)


def test_a_campaign_past_its_last_day_may_go_on_until_it_is_sealed(session: Session) -> None:
    campaign = start_campaign(session)
    respond(session, campaign, IT)
    assert change_campaign(
        session, look_up(session, campaign.id), {"closes_on": AFTER.date() + timedelta(7)}, BEFORE
    )
    longer = look_up(session, campaign.id)
    assert longer.state(AFTER.date()) == "open"
    assert seal(session, longer) is None


def test_saving_what_stands_already_is_fine_even_when_frozen(session: Session) -> None:
    campaign = start_campaign(session)
    respond(session, campaign, IT)
    frozen = look_up(session, campaign.id)
    assert change_campaign(
        session, frozen, {name: getattr(frozen, name) for name in (*COUNTING, *COURSE)}, BEFORE
    )


def test_a_campaign_that_is_gone_cannot_be_changed_or_locked(session: Session) -> None:
    campaign = start_campaign(session)
    delete_campaign(session, campaign.id, AFTER.date())
    assert not change_campaign(session, campaign, NAMES, BEFORE)
    assert lock_campaign(session, campaign.id) is None
    assert not replace_units(session, campaign.id, UNITS, BEFORE)


def test_a_response_that_comes_first_wins_over_a_change(database: Database) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)
    assert not change_behind_a_response(
        database,
        campaign,
        lambda session: change_campaign(session, campaign, {"threshold": 50}, BEFORE),
    )
    with reading(database) as session:
        assert look_up(session, campaign.id).threshold == 5


def test_a_change_that_comes_first_keeps_out_what_was_counted_by_the_old_plan(
    database: Database,
) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)

    def respond_by_the_old_plan() -> bool:
        with writing(database) as session:
            return add_response(session, b"k" * 32, campaign, 0, "1", TODAY)

    with ThreadPoolExecutor(1) as pool:
        with writing(database) as session:
            assert change_campaign(session, campaign, {"statistics": "strongest:1/2"}, BEFORE)
            responding = pool.submit(respond_by_the_old_plan)
            assert_waits(responding)
        assert responding.result(10) is False
    with reading(database) as session:
        assert not look_up(session, campaign.id).is_frozen


def test_a_moment_is_kept_in_utc(session: Session) -> None:
    campaign = start_campaign(session)
    close_campaign(
        session, campaign.id, datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC), date(2026, 3, 9)
    )
    assert look_up(session, campaign.id).closed_at == datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC)
