"""A message is claimed by one sender at a time, and addresses are gone when a campaign is over."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.core.mail.encrypted_addresses import hash_address
from fitquiz.store.accounts.staff import find_staff
from fitquiz.store.campaigns.campaign_lifecycle import delete_campaign
from fitquiz.store.campaigns.campaigns import OWNER, READER
from fitquiz.store.campaigns.invitations import list_personal
from fitquiz.store.campaigns.members import add_member
from fitquiz.store.engine.database import Database
from fitquiz.store.mailings.mailings import find_known_hashes, list_mailings
from fitquiz.store.mailings.outbox import (
    LEASE,
    REFUSED,
    SENT,
    WAITING,
    claim_messages,
    forget_addresses,
    has_due_message,
    mark_sent,
    postpone,
    refuse_message,
    release,
)
from fitquiz.store.upkeep.retention import purge
from tests.store.support.backing_up import back_up
from tests.store.support.cast import writing
from tests.store.support.ledger_cast import CLOSES, add_staff
from tests.store.support.mailing_cast import KEY, MADE, REMINDED, make_address, send_to

ONE, OTHER = b"1" * 16, b"2" * 16


def claim(session: Session, lease: bytes = ONE, now: datetime = MADE) -> list[int]:
    return [message.id for message in claim_messages(session, lease, now, now.date(), 100)]


def count_rows(session: Session) -> int:
    return int(session.scalar(text("SELECT count(*) FROM outbox")) or 0)


def test_a_message_is_due_from_its_time_on(session: Session) -> None:
    send_to(session, 2, reminders=1)
    before = MADE - timedelta(seconds=1)
    assert not has_due_message(session, before, MADE.date())
    assert claim(session, now=before) == []
    assert has_due_message(session, MADE, MADE.date())
    assert len(claim(session)) == 2
    assert not has_due_message(session, MADE, MADE.date())
    assert len(claim(session, OTHER, REMINDED)) == 4


@pytest.mark.parametrize(("other_role", "reply_to"), [(OWNER, "henrik@example.org"), (READER, "")])
def test_replies_go_to_nobody_who_cannot_run_the_campaign(
    session: Session, other_role: str, reply_to: str
) -> None:
    people = send_to(session, 1)
    other = find_staff(session, add_staff(session, "Henrik"))
    assert other is not None
    assert add_member(session, people.campaign, other, other_role, other, MADE)
    session.execute(text("UPDATE staff SET is_disabled = true WHERE name = 'Hana'"))
    (message,) = claim_messages(session, ONE, MADE, MADE.date(), 100)
    assert message.reply_to == reply_to


def test_a_claimed_message_is_free_again_after_the_lease(session: Session) -> None:
    send_to(session, 3)
    claimed = claim(session)
    assert claim(session, OTHER, MADE + LEASE - timedelta(seconds=1)) == []
    assert claim(session, OTHER, MADE + LEASE) == claimed
    mark_sent(session, claimed[0], ONE)
    (mailing,) = list_mailings(session, 1)
    assert mailing.counts == {(0, WAITING): 3}, "the sender with an old lease changes nothing"
    mark_sent(session, claimed[0], OTHER)
    (mailing,) = list_mailings(session, 1)
    assert mailing.counts == {(0, SENT): 1, (0, WAITING): 2}


def test_a_released_message_can_be_claimed_at_the_given_time(session: Session) -> None:
    send_to(session, 2)
    first, second = claim(session)
    later = MADE + timedelta(minutes=1)
    postpone(session, first, ONE, later + timedelta(minutes=4))
    release(session, ONE, later)
    assert claim(session, OTHER) == []
    assert claim(session, OTHER, later) == [second]


def test_a_refused_address_is_not_known_so_that_hr_can_try_again(session: Session) -> None:
    people = send_to(session, 2, reminders=1)
    hashes = [hash_address(KEY, people.campaign.id, make_address(number)) for number in (1, 2, 3)]
    assert find_known_hashes(session, people.campaign.id, hashes) == set(hashes[:2])
    claimed = claim_messages(session, ONE, MADE, MADE.date(), 1)
    refuse_message(session, claimed[0], ONE)
    assert len(find_known_hashes(session, people.campaign.id, hashes)) == 1
    (mailing,) = list_mailings(session, people.campaign.id)
    assert mailing.counts == {(0, WAITING): 1, (0, REFUSED): 1, (1, WAITING): 1, (1, REFUSED): 1}


def test_mailed_invitations_are_in_no_list(session: Session) -> None:
    people = send_to(session, 2)
    assert list_personal(session, people.campaign.id) == []


def test_the_purge_deletes_addresses_on_the_day_after_the_last_one(session: Session) -> None:
    send_to(session, 3, reminders=1)
    last_moment = datetime(CLOSES.year, CLOSES.month, CLOSES.day, 23, 59, tzinfo=MADE.tzinfo)
    assert purge(session, 30, 180, last_moment, CLOSES).messages == 0
    assert count_rows(session) == 6
    next_day = CLOSES + timedelta(days=1)
    assert purge(session, 30, 180, last_moment, next_day).messages == 6
    assert count_rows(session) == 0


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_campaign_that_is_closed_or_deleted_has_no_addresses(
    session: Session, is_deleted: bool
) -> None:
    people = send_to(session, 2)
    if is_deleted:
        delete_campaign(session, people.campaign.id, CLOSES)
    else:
        forget_addresses(session, people.campaign.id)
    assert count_rows(session) == 0


def test_a_backup_contains_no_messages(database: Database, tmp_path: Path) -> None:
    with writing(database) as session:
        send_to(session, 3)
        blobs = list(session.scalars(text("SELECT recipient FROM outbox")))
    written = back_up(database, tmp_path / "backup").read_bytes()
    assert len(blobs) == 3
    assert not any(bytes(blob) in written for blob in blobs)
