"""A campaign is paused, closed and deleted, and a burst of it is noted."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.store.campaigns.campaign_lifecycle import (
    close_campaign,
    delete_campaign,
    note_burst,
    pause_campaign,
)
from fitquiz.store.campaigns.campaigns import (
    find_campaign,
)
from fitquiz.store.campaigns.invitations import NewInvitation, add_invitations
from fitquiz.store.campaigns.units import list_units
from fitquiz.store.engine.database import Database
from tests.store.support.cast import reading, writing
from tests.store.support.ledger_cast import (
    AFTER,
    DURING,
    IT,
    OPENS,
    add_staff,
    count_waiting,
    look_up,
    respond,
    respond_often,
    seal,
    start_campaign,
)

TODAY = DURING.date()


def test_a_pause_ends_and_a_close_does_not(session: Session) -> None:
    campaign = start_campaign(session)
    pause_campaign(session, campaign.id, True)
    assert look_up(session, campaign.id).state(TODAY) == "paused"
    assert look_up(session, campaign.id).state(OPENS - timedelta(1)) == "not-open"
    pause_campaign(session, campaign.id, False)
    assert look_up(session, campaign.id).state(TODAY) == "open"
    close_campaign(session, campaign.id, DURING, DURING.date())
    assert look_up(session, campaign.id).state(TODAY) == "closed"


def test_closing_twice_keeps_the_first_moment(session: Session) -> None:
    campaign = start_campaign(session)
    close_campaign(session, campaign.id, DURING, DURING.date())
    close_campaign(session, campaign.id, AFTER, AFTER.date())
    assert look_up(session, campaign.id).closed_at == DURING


def test_deleting_takes_units_invitations_and_what_waits_and_twice_is_harmless(
    session: Session,
) -> None:
    campaign, other = start_campaign(session), start_campaign(session, add_staff(session, "Henrik"))
    for each in (campaign, other):
        seed = bytes([each.id]) * 32
        invitation = NewInvitation(
            unit_id=None, seed=seed[:16], is_personal=True, token_hash=seed, code_hash=seed
        )
        add_invitations(session, each.id, [invitation])
        respond_often(session, each, {IT: 2})
    delete_campaign(session, campaign.id, AFTER.date())
    delete_campaign(session, campaign.id, AFTER.date())
    assert find_campaign(session, campaign.id) is None
    assert list_units(session, campaign.id) == []
    assert count_waiting(session) == 2
    assert session.execute(text("SELECT count(*) FROM invitation")).scalar_one() == 1


def test_deleting_leaves_what_is_published(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {IT: 5})
    seal(session, campaign)
    before = session.execute(text("SELECT * FROM ledger")).all()
    delete_campaign(session, campaign.id, AFTER.date())
    assert before
    assert session.execute(text("SELECT * FROM ledger")).all() == before


def test_the_id_of_a_campaign_is_never_used_again(session: Session) -> None:
    campaign = start_campaign(session)
    delete_campaign(session, campaign.id, AFTER.date())
    assert start_campaign(session, add_staff(session, "Henrik")).id > campaign.id


def test_a_burst_is_remembered_of_the_one_campaign_and_frozen_by_nothing(
    database: Database,
) -> None:
    with writing(database) as session:
        first = start_campaign(session)
        second = start_campaign(session, first.owner_id)
        respond(session, first)
    for _ in range(2):
        with writing(database) as session:
            note_burst(session, first.id)
    with reading(database) as session:
        assert (look_up(session, first.id).has_burst, look_up(session, second.id).has_burst) == (
            True,
            False,
        )
