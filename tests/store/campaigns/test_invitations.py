"""An invitation is found by token or code and used once. Revoking it does not reveal who answered."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from fitquiz.store.campaigns.invitations import (
    Invitation,
    NewInvitation,
    add_invitations,
    count_personal,
    find_invitation,
    find_invitation_by_code,
    find_personal_hashes,
    free_invitation,
    list_open_links,
    list_personal,
    revoke_invitations,
    revoke_open_links,
    use_invitation,
)
from fitquiz.store.campaigns.kiosks import keep_kiosk, set_kiosk
from fitquiz.store.campaigns.units import list_units, replace_units
from fitquiz.store.engine.database import Database
from tests.store.support.cast import assert_waits, writing
from tests.store.support.ledger_cast import BEFORE, IT, add_staff, find_unit, start_campaign


def make(number: int, unit_id: int | None = None, is_personal: bool = True) -> NewInvitation:
    return NewInvitation(
        unit_id=unit_id,
        seed=bytes([number]) * 16,
        token_hash=token(number),
        code_hash=code(number),
        is_personal=is_personal,
    )


def token(number: int) -> bytes:
    return b"t" * 28 + number.to_bytes(4)


def code(number: int) -> bytes:
    return b"c" * 28 + number.to_bytes(4)


def see(session: Session, number: int) -> Invitation:
    """Return an invitation that must be there."""
    invitation = find_invitation(session, token(number))
    assert invitation is not None
    return invitation


@pytest.fixture
def campaign_id(session: Session) -> int:
    """Hana's campaign with three personal invitations, of which the second is used up."""
    campaign = start_campaign(session, is_personal=True)
    add_invitations(session, campaign.id, [make(number) for number in (1, 2, 3)])
    assert use_invitation(session, see(session, 2).id)
    return campaign.id


def test_an_invitation_is_found_by_its_token_or_its_code(
    session: Session, campaign_id: int
) -> None:
    found = see(session, 1)
    assert found == find_invitation_by_code(session, code(1))
    assert (found.campaign_id, found.seed, found.is_personal) == (
        campaign_id,
        bytes([1]) * 16,
        True,
    )
    assert (found.is_used, found.is_revoked) == (False, False)


def test_nothing_is_found_by_anything_else(session: Session, campaign_id: int) -> None:
    assert campaign_id
    assert find_invitation(session, code(1)) is find_invitation(session, token(9)) is None
    assert (
        find_invitation_by_code(session, token(1)) is find_invitation_by_code(session, b"") is None
    )


def test_an_invitation_is_used_once_until_it_is_freed(session: Session, campaign_id: int) -> None:
    assert campaign_id
    invitation_id = see(session, 1).id
    assert use_invitation(session, invitation_id)
    assert not use_invitation(session, invitation_id)
    free_invitation(session, invitation_id)
    assert use_invitation(session, invitation_id)


def test_a_revoked_invitation_cannot_be_used(session: Session, campaign_id: int) -> None:
    revoke_invitations(session, campaign_id, [token(1)])
    assert not use_invitation(session, see(session, 1).id)


def test_what_the_owner_sees_is_the_same_whether_invitations_are_used(
    session: Session, campaign_id: int
) -> None:
    def look() -> tuple[object, ...]:
        hashes = [token(1), code(2), token(7)]
        personal = [
            (each.id, each.unit_id, each.seed) for each in list_personal(session, campaign_id)
        ]
        return (
            personal,
            count_personal(session, campaign_id),
            find_personal_hashes(session, campaign_id, hashes),
        )

    before = look()
    for number in (1, 3):
        assert use_invitation(session, see(session, number).id)
    assert look() == before
    assert count_personal(session, campaign_id) == {None: 3}


def test_used_and_unused_ones_are_revoked_alike_by_token_or_code(
    session: Session, campaign_id: int
) -> None:
    revoke_invitations(session, campaign_id, [token(1), code(2)])
    assert [see(session, number).is_revoked for number in (1, 2, 3)] == [True, True, False]
    assert count_personal(session, campaign_id) == {None: 1}
    assert [each.seed[0] for each in list_personal(session, campaign_id)] == [3]


def test_a_revoked_one_is_still_known_so_that_it_may_be_named_twice(
    session: Session, campaign_id: int
) -> None:
    revoke_invitations(session, campaign_id, [token(1)])
    assert find_personal_hashes(session, campaign_id, [token(1), token(9)]) == {token(1)}


def test_only_personal_invitations_of_the_same_campaign_are_named(
    session: Session, campaign_id: int
) -> None:
    other = start_campaign(session, add_staff(session, "Henrik"))
    add_invitations(session, other.id, [make(4)])
    add_invitations(session, campaign_id, [make(5, is_personal=False)])
    hashes = [token(4), code(5)]
    assert find_personal_hashes(session, campaign_id, hashes) == set()
    revoke_invitations(session, campaign_id, hashes)
    assert not see(session, 4).is_revoked
    assert not see(session, 5).is_revoked


def test_tens_of_thousands_can_be_named_at_once(session: Session, campaign_id: int) -> None:
    hashes = [token(number) for number in range(100_000, 140_000)]
    assert find_personal_hashes(session, campaign_id, [*hashes, code(3)]) == {code(3)}
    revoke_invitations(session, campaign_id, [*hashes, code(3)])
    assert see(session, 3).is_revoked


def test_the_open_link_for_the_whole_comes_first(session: Session) -> None:
    campaign = start_campaign(session)
    units = [unit.id for unit in list_units(session, campaign.id)]
    links = [make(1, units[1], False), make(2, None, False), make(3, units[0], False)]
    add_invitations(session, campaign.id, [*links, make(4)])
    assert [link.unit_id for link in list_open_links(session, campaign.id)] == [
        None,
        units[0],
        units[1],
    ]


@pytest.mark.parametrize("of_unit", [True, False])
def test_the_open_link_of_one_unit_is_revoked_alone(session: Session, of_unit: bool) -> None:
    campaign = start_campaign(session)
    unit = find_unit(session, campaign, IT)
    links = [make(1, None, False), make(2, unit, False), make(3, unit), make(4)]
    add_invitations(session, campaign.id, links)
    revoke_open_links(session, campaign.id, unit if of_unit else None)
    revoked = [number for number in (1, 2, 3, 4) if see(session, number).is_revoked]
    assert revoked == [2 if of_unit else 1]


def test_personal_invitations_are_counted_by_unit(session: Session) -> None:
    campaign = start_campaign(session)
    unit = find_unit(session, campaign, IT)
    add_invitations(
        session, campaign.id, [make(1, unit), make(2, unit), make(3), make(4, unit, False)]
    )
    assert count_personal(session, campaign.id) == {unit: 2, None: 1}


def test_a_kiosk_is_switched_once_and_stays_until_it_is_switched_off(session: Session) -> None:
    campaign = start_campaign(session)
    add_invitations(session, campaign.id, [make(1, is_personal=False)])
    link_id = see(session, 1).id
    assert not see(session, 1).is_kiosk
    changes = [set_kiosk(session, campaign.id, link_id, on) for on in (True, True, False, False)]
    assert changes == [True, False, True, False]
    assert set_kiosk(session, campaign.id, link_id, is_kiosk=True)
    assert see(session, 1).is_kiosk
    assert find_invitation_by_code(session, code(1)) == see(session, 1)


def test_only_an_open_link_of_the_same_campaign_belongs_to_a_kiosk(
    session: Session, campaign_id: int
) -> None:
    other = start_campaign(session, add_staff(session, "Henrik"))
    add_invitations(session, other.id, [make(4, is_personal=False), make(5, is_personal=False)])
    revoke_open_links(session, other.id, None)
    add_invitations(session, other.id, [make(6, is_personal=False)])
    for owner, number in ((campaign_id, 1), (other.id, 4), (campaign_id, 6)):
        assert not set_kiosk(session, owner, see(session, number).id, is_kiosk=True)
        assert not see(session, number).is_kiosk


def test_the_link_that_replaces_a_kiosks_link_belongs_to_the_kiosk(session: Session) -> None:
    campaign = start_campaign(session)
    unit = find_unit(session, campaign, IT)
    links = [make(1, unit, False), make(2, unit, False), make(3, None, False)]
    add_invitations(session, campaign.id, links)
    keep_kiosk(session, see(session, 1))
    assert not see(session, 2).is_kiosk
    set_kiosk(session, campaign.id, see(session, 1).id, is_kiosk=True)
    keep_kiosk(session, see(session, 1))
    assert [see(session, number).is_kiosk for number in (1, 2, 3)] == [True, True, False]


def test_no_invitations_are_nothing_to_store(session: Session) -> None:
    campaign = start_campaign(session)
    add_invitations(session, campaign.id, [])
    assert count_personal(session, campaign.id) == {}


def test_the_invitations_of_a_unit_go_with_it(session: Session) -> None:
    campaign = start_campaign(session)
    add_invitations(session, campaign.id, [make(1, find_unit(session, campaign, IT)), make(2)])
    assert replace_units(session, campaign.id, [], BEFORE)
    assert find_invitation(session, token(1)) is None
    assert count_personal(session, campaign.id) == {None: 1}


def test_of_two_who_use_an_invitation_at_once_one_does(database: Database) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)
        add_invitations(session, campaign.id, [make(1)])
        invitation_id = see(session, 1).id

    def use() -> bool:
        with writing(database) as session:
            return use_invitation(session, invitation_id)

    with ThreadPoolExecutor(1) as pool:
        with writing(database) as session:
            assert use_invitation(session, invitation_id)
            using = pool.submit(use)
            assert_waits(using)
        assert using.result(10) is False


def test_many_who_use_an_invitation_at_once_are_one(database: Database) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)
        add_invitations(session, campaign.id, [make(1)])
        invitation_id = see(session, 1).id

    def use(_number: int) -> bool:
        with writing(database) as session:
            return use_invitation(session, invitation_id)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(use, range(24))) == [False] * 23 + [True]
