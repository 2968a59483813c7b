"""The sender sends each message once, tries again later, and holds no transaction while it sends."""

import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.config.site_owner import SiteOwner
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.server.mail_sender import MAX_TRIES
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign, pause_campaign
from fitquiz.store.campaigns.invitations import revoke_invitations
from fitquiz.store.engine.database import Database
from fitquiz.store.mailings.mailings import list_mailings, list_refused
from fitquiz.store.mailings.outbox import REFUSED, SENT, WAITING, forget_addresses, stop_messages
from tests.server.support.mail_box import MailBox, find_free_port, serving_mail
from tests.server.support.sending import make_sender
from tests.store.support.cast import writing
from tests.store.support.mailing_cast import (
    MADE,
    REMINDED,
    SITE,
    MailedPeople,
    make_address,
    send_to,
)


def make(database: Database, count: int, reminders: int = 0) -> MailedPeople:
    with writing(database) as session:
        return send_to(session, count, reminders)


def count_states(database: Database, people: MailedPeople) -> dict[tuple[int, str], int]:
    with database.sessions() as session:
        (mailing,) = list_mailings(session, people.campaign.id)
        return dict(mailing.counts)


OWNER = SiteOwner(
    organisation="Fjord kommune",
    contact="quiz@fjord.no",
    contact_link="mailto:quiz@fjord.no",
    accessibility_url="",
)


def count_stored_addresses(database: Database) -> int:
    with database.engine.connect() as connection:
        query = "SELECT count(*) FROM outbox WHERE recipient IS NOT NULL"
        return int(connection.scalar(text(query)) or 0)


def test_each_person_gets_one_message_and_the_address_is_forgotten(
    database: Database, box: MailBox
) -> None:
    people = make(database, 7)
    for _ in range(2):
        make_sender(database, box.port).send_due()
    assert sorted(box.addresses) == people.addresses
    assert count_states(database, people) == {(0, SENT): 7}
    assert count_stored_addresses(database) == 0


def test_a_message_has_the_link_of_its_person_and_the_headers_of_a_mailing(
    database: Database, box: MailBox
) -> None:
    people = make(database, 2)
    make_sender(database, box.port).send_due()
    by_address = dict(zip(box.addresses, box.messages, strict=True))
    message = by_address[make_address(2)]
    text_part = message.get_body()
    assert text_part is not None
    body = text_part.get_content()
    assert f"{SITE}/nb/invitations/{people.token(2)}" in body
    assert f"{SITE}/en/stop-mail/{people.stop_token(2)}" in body
    assert people.token(1) not in body
    assert message["Reply-To"] == "hana@example.org"
    assert set(box.return_paths) == {"hana@example.org"}
    assert message["From"] == "Work quiz <quiz@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == f"<{SITE}/nb/stop-mail/{people.stop_token(2)}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert text_part.get_content_type() == "text/plain"


def test_a_refused_address_is_listed_and_gets_no_reminder(database: Database, box: MailBox) -> None:
    box.recipient_answers[make_address(2)] = "550 no such user"
    box.data_answers[make_address(3)] = "554 not wanted"
    people = make(database, 3, reminders=1)
    make_sender(database, box.port).send_due()
    assert box.addresses == [make_address(1)]
    states = count_states(database, people)
    assert states == {(0, SENT): 1, (0, REFUSED): 2, (1, WAITING): 1, (1, REFUSED): 2}
    with database.sessions() as session:
        assert len(list_refused(session, people.campaign.id)) == 2


def test_a_message_that_is_not_accepted_yet_is_sent_later_with_the_same_name(
    database: Database, box: MailBox
) -> None:
    box.recipient_answers[make_address(1)] = "450 try later"
    people = make(database, 2)
    make_sender(database, box.port).send_due()
    assert count_states(database, people) == {(0, SENT): 1, (0, WAITING): 1}
    box.recipient_answers.clear()
    make_sender(database, box.port, MADE + timedelta(minutes=1)).send_due()
    assert len(box.messages) == 1
    make_sender(database, box.port, MADE + timedelta(minutes=6)).send_due()
    assert sorted(box.addresses) == people.addresses


def test_a_message_is_given_up_after_many_tries(database: Database, box: MailBox) -> None:
    box.recipient_answers[make_address(1)] = "450 try later"
    people = make(database, 1)
    for number in range(MAX_TRIES):
        make_sender(database, box.port, MADE + timedelta(hours=5 * number)).send_due()
    assert count_states(database, people) == {(0, REFUSED): 1}


def test_messages_wait_for_a_dead_mail_server_and_the_log_names_no_address(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    people = make(database, 3)
    sender = make_sender(database, find_free_port())
    with caplog.at_level(logging.WARNING):
        sender.send_due()
        sender.send_due()
    (record,) = caplog.records
    assert "the mail server cannot be used (ConnectionRefusedError)" in record.getMessage()
    assert "@" not in record.getMessage()
    assert count_states(database, people) == {(0, WAITING): 3}
    with serving_mail() as box:
        make_sender(database, box.port, MADE + timedelta(minutes=2)).send_due()
        assert sorted(box.addresses) == people.addresses


def test_answers_are_stored_while_a_slow_mail_server_is_waited_for(
    database: Database, box: MailBox
) -> None:
    make(database, 2)
    waits: list[float] = []

    def write(_count: int) -> None:
        began = monotonic()
        with writing(database) as session:
            session.execute(text("UPDATE campaign SET is_paused = is_paused"))
        waits.append(monotonic() - began)

    box.on_data = write
    make_sender(database, box.port).send_due()
    assert len(waits) == 2
    assert max(waits) < 2


def test_several_senders_send_nothing_twice(database: Database, box: MailBox) -> None:
    people = make(database, 60)
    senders = [make_sender(database, box.port) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(sender.send_due) for sender in senders]:
            done.result()
    assert Counter(box.addresses) == Counter(people.addresses)


def test_a_person_who_said_stop_gets_no_reminder_and_hr_sees_no_difference(
    database: Database, box: MailBox
) -> None:
    people = make(database, 3, reminders=2)
    make_sender(database, box.port).send_due()
    before = count_states(database, people)
    with writing(database) as session:
        stop_messages(session, hash_token(people.stop_token(2)))
    assert count_states(database, people) == before
    box.messages.clear()
    make_sender(database, box.port, REMINDED + timedelta(8)).send_due()
    assert Counter(box.addresses) == {make_address(1): 2, make_address(3): 2}
    assert count_states(database, people) == {(0, SENT): 3, (1, SENT): 3, (2, SENT): 3}
    assert count_stored_addresses(database) == 0


def test_a_sent_message_names_the_organisation_and_its_contact(
    database: Database, box: MailBox
) -> None:
    make(database, 1)
    make_sender(database, box.port, owner=OWNER).send_due()
    body = box.messages[0].get_body()
    assert body is not None
    assert "Fjord kommune" in body.get_content()
    assert "quiz@fjord.no" in body.get_content()


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_stop_or_a_close_while_messages_are_sent_holds_at_once(
    database: Database, box: MailBox, is_closed: bool
) -> None:
    people = make(database, 4)

    def end(_count: int) -> None:
        with writing(database) as session:
            if is_closed:
                forget_addresses(session, people.campaign.id)
            for number in range(1, 5):
                stop_messages(session, hash_token(people.stop_token(number)))

    box.on_data = end
    make_sender(database, box.port).send_due()
    assert len(box.messages) == 1
    assert count_states(database, people) == ({} if is_closed else {(0, SENT): 4})


def pause(session: Session, campaign_id: int) -> None:
    pause_campaign(session, campaign_id, is_paused=True)


def close(session: Session, campaign_id: int) -> None:
    close_campaign(session, campaign_id, MADE, MADE.date())


@pytest.mark.parametrize("change", [pause, close])
def test_a_campaign_that_nobody_can_begin_sends_nothing(
    database: Database, box: MailBox, change: Callable[[object, int], None]
) -> None:
    people = make(database, 2)
    with writing(database) as session:
        change(session, people.campaign.id)
    make_sender(database, box.port).send_due()
    assert box.messages == []
    assert count_states(database, people) == {(0, WAITING): 2}


def test_a_message_that_cannot_be_written_does_not_stop_the_others(
    database: Database, box: MailBox
) -> None:
    with writing(database) as session:
        people = send_to(session, 1)
        session.execute(text("UPDATE campaign SET title = 'Spring\nBcc: x@example.org'"))
    make_sender(database, box.port).send_due()
    assert box.messages == []
    assert count_states(database, people) == {(0, WAITING): 1}
    with writing(database) as session:
        session.execute(text("UPDATE campaign SET title = 'Spring'"))
    make_sender(database, box.port, MADE + timedelta(hours=1)).send_due()
    assert box.addresses == people.addresses


def test_an_invitation_that_no_longer_works_is_not_sent(database: Database, box: MailBox) -> None:
    people = make(database, 2)
    with writing(database) as session:
        revoke_invitations(session, people.campaign.id, [hash_token(people.token(1))])
    make_sender(database, box.port).send_due()
    assert box.addresses == [make_address(2)]
    assert count_states(database, people) == {(0, SENT): 1}


def test_messages_of_another_secret_key_are_deleted(database: Database, box: MailBox) -> None:
    people = make(database, 2)
    make_sender(database, box.port, secret_key="another key than the one before").send_due()
    assert box.messages == []
    assert count_states(database, people) == {}
