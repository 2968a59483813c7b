"""Owners run a campaign, readers read its report, and a campaign always has an owner who can run it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.store.accounts.staff import Staff, change_permissions, disable_staff, find_staff
from fitquiz.store.campaigns.campaign_lifecycle import delete_campaign
from fitquiz.store.campaigns.campaigns import OWNER, READER, Campaign
from fitquiz.store.campaigns.members import (
    add_member,
    count_owned,
    hand_over,
    list_members,
    remove_member,
)
from fitquiz.store.campaigns.own_campaigns import (
    find_own_campaign,
    list_campaigns,
    list_packs_used,
)
from fitquiz.store.engine.database import Database
from tests.store.support.cast import assert_waits, writing
from tests.store.support.ledger_cast import DURING, add_staff, look_up, start_campaign


def hire(session: Session, name: str) -> Staff:
    staff = find_staff(session, add_staff(session, name))
    assert staff is not None
    return staff


def add(session: Session, campaign: Campaign, staff: Staff, role: str) -> bool:
    return add_member(session, campaign, staff, role, staff, DURING)


def remove(session: Session, campaign: Campaign, staff: Staff) -> bool:
    return remove_member(session, campaign, staff, staff, DURING)


def see_roles(session: Session, campaign: Campaign) -> dict[str, str]:
    return {each.staff.name: each.role for each in list_members(session, campaign.id)}


def list_actions(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(text("SELECT action, subject FROM audit ORDER BY id"))
    return [tuple(row) for row in rows]


def test_a_campaign_is_found_by_its_owner_alone(session: Session) -> None:
    hana, other = add_staff(session), add_staff(session, "Henrik")
    campaign = start_campaign(session, hana)
    assert find_own_campaign(session, hana, campaign.id) == campaign
    assert find_own_campaign(session, other, campaign.id) is None
    assert find_own_campaign(session, hana, campaign.id + 1) is None
    assert list_campaigns(session, other) == []


def test_the_newest_campaign_is_listed_first(session: Session) -> None:
    owner = add_staff(session)
    ids = [start_campaign(session, owner).id for _ in range(3)]
    assert [campaign.id for campaign in list_campaigns(session, owner)] == ids[::-1]


def test_a_reader_finds_a_campaign_only_for_reading(session: Session) -> None:
    hana, rita = hire(session, "Hana"), hire(session, "Rita")
    campaign = start_campaign(session, hana.id)
    assert add(session, campaign, rita, READER)
    assert find_own_campaign(session, rita.id, campaign.id) is None
    assert list_campaigns(session, rita.id) == []
    assert find_own_campaign(session, rita.id, campaign.id, READER) == campaign
    assert list_campaigns(session, rita.id, role=READER) == [campaign]
    assert find_own_campaign(session, hana.id, campaign.id, READER) == campaign
    assert list(list_packs_used(session, rita.id)) == [campaign.id]


def test_a_second_owner_finds_the_campaign_and_the_first_may_then_leave(session: Session) -> None:
    hana, olga = hire(session, "Hana"), hire(session, "Olga")
    campaign = start_campaign(session, hana.id)
    assert not remove(session, campaign, hana)
    assert not add(session, campaign, hana, READER)
    assert see_roles(session, campaign) == {"Hana": OWNER}
    assert add(session, campaign, olga, OWNER)
    assert remove(session, campaign, hana)
    assert see_roles(session, campaign) == {"Olga": OWNER}
    assert look_up(session, campaign.id).owner_id == olga.id, "she gets the replies now"
    assert list_actions(session) == [
        ("owner-added", "olga@example.org: Spring"),
        ("colleague-removed", "hana@example.org: Spring"),
    ]


def test_an_owner_can_become_a_reader_when_somebody_else_runs_the_campaign(
    session: Session,
) -> None:
    hana, olga = hire(session, "Hana"), hire(session, "Olga")
    campaign = start_campaign(session, hana.id)
    add(session, campaign, olga, OWNER)
    assert add(session, campaign, hana, READER)
    assert see_roles(session, campaign) == {"Olga": OWNER, "Hana": READER}
    assert look_up(session, campaign.id).owner_id == olga.id


def test_what_is_done_already_is_done_once(session: Session) -> None:
    hana, rita = hire(session, "Hana"), hire(session, "Rita")
    campaign = start_campaign(session, hana.id)
    for _ in range(2):
        assert add(session, campaign, rita, READER)
    for _ in range(2):
        assert remove(session, campaign, rita)
    assert [action for action, _ in list_actions(session)] == ["reader-added", "colleague-removed"]


@pytest.mark.parametrize("is_disabled", [True, False])
def test_an_owner_who_cannot_open_the_campaign_does_not_count(
    session: Session, is_disabled: bool
) -> None:
    hana, olga = hire(session, "Hana"), hire(session, "Olga")
    campaign = start_campaign(session, hana.id)
    add(session, campaign, olga, OWNER)
    if is_disabled:
        assert disable_staff(session, olga, None, DURING)
    else:
        assert change_permissions(session, olga, ["counsellor"], None, DURING)
    assert not remove(session, campaign, hana)
    assert remove(session, campaign, olga)


def test_campaigns_are_handed_over_from_their_owner_only(session: Session) -> None:
    hana, harry, nora = hire(session, "Hana"), hire(session, "Harry"), hire(session, "Nora")
    first, second = (start_campaign(session, hana.id) for _ in range(2))
    foreign = start_campaign(session, harry.id)
    add(session, second, nora, READER)
    add(session, foreign, hana, READER)
    assert count_owned(session, hana.id) == 2
    ids = [first.id, second.id, foreign.id]
    for number in (2, 0):
        assert hand_over(session, ids, hana, nora, harry, DURING) == number
    assert see_roles(session, first) == see_roles(session, second) == {"Nora": OWNER}
    assert see_roles(session, foreign) == {"Harry": OWNER, "Hana": READER}
    assert count_owned(session, hana.id) == 0
    assert [look_up(session, each).owner_id for each in ids] == [nora.id, nora.id, harry.id]
    entries = list_actions(session)[2:]
    assert (
        entries
        == [("colleague-removed", "hana@example.org: Spring")] * 2
        + [("campaign-handed-over", "nora@example.org: Spring")] * 2
    )


def test_a_deleted_campaign_has_no_members(session: Session) -> None:
    hana, rita = hire(session, "Hana"), hire(session, "Rita")
    campaign = start_campaign(session, hana.id)
    delete_campaign(session, campaign.id, DURING.date())
    assert not add(session, campaign, rita, READER)
    assert list_members(session, campaign.id) == []


def test_two_owners_who_leave_at_once_do_not_both_leave(database: Database) -> None:
    with writing(database) as session:
        hana, olga = hire(session, "Hana"), hire(session, "Olga")
        campaign = start_campaign(session, hana.id)
        add(session, campaign, olga, OWNER)

    def leave() -> bool:
        with writing(database) as session:
            return remove(session, campaign, olga)

    with ThreadPoolExecutor(1) as pool:
        with writing(database) as session:
            assert remove(session, campaign, hana)
            other = pool.submit(leave)
            assert_waits(other)
        assert not other.result(timeout=20)
