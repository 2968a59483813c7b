"""Staff get one-time links and the news of a seal by e-mail: once, and with nothing that stays in the database."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.core.mail.encrypted_addresses import Recipient, derive_staff_token, encrypt_recipient
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.server.mail_sender import MAX_TRIES
from fitquiz.store.accounts.password_links import INVITATION, RESET, make_link, use_link
from fitquiz.store.engine.database import Database
from fitquiz.store.mailings.notices import (
    KEPT,
    NewNotice,
    add_link_notice,
    add_notice,
    find_link_state,
)
from fitquiz.store.mailings.outbox import REFUSED, SENT, WAITING
from fitquiz.store.upkeep.retention import purge
from tests.server.support.mail_box import MailBox
from tests.server.support.sending import make_sender
from tests.store.support.backing_up import back_up
from tests.store.support.cast import writing
from tests.store.support.ledger_cast import (
    add_staff,
)
from tests.store.support.mailing_cast import KEY, MADE, SITE, make_seed, send_to

ADDRESS = "nora@example.org"
TOKEN = derive_staff_token(KEY, make_seed(1))


def mail_link(session: Session, kind: str = INVITATION, name: str = "Nora", number: int = 1) -> int:
    """Store an account, its one-time link and the message with the link."""
    staff_id = add_staff(session, name)
    seed = make_seed(number)
    make_link(session, hash_token(derive_staff_token(KEY, seed)), staff_id, kind, MADE)
    recipient = Recipient(f"{name.lower()}@example.org", seed)
    new = NewNotice(
        staff_id=staff_id,
        kind=kind,
        site=SITE,
        language="nb",
        recipient=encrypt_recipient(KEY, recipient, make_seed(1000 + number)),
    )
    add_notice(session, new, MADE)
    return staff_id


def read_state(database: Database, staff_id: int) -> str | None:
    with database.sessions() as session:
        return find_link_state(session, staff_id)


def read_outbox(database: Database) -> list[tuple[str, bytes | None]]:
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT state, recipient FROM outbox ORDER BY id"))
        return [tuple(row) for row in rows]


def read_body(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("kind", "subject", "days"),
    [
        (INVITATION, "Velg et passord til Fitquiz", "sju dager"),
        (RESET, "Velg et nytt passord til Fitquiz", "ett døgn"),
    ],
)
def test_a_one_time_link_is_sent_once_and_forgotten(
    database: Database, box: MailBox, kind: str, subject: str, days: str
) -> None:
    with writing(database) as session:
        nora = mail_link(session, kind)
    assert read_state(database, nora) == WAITING
    for _ in range(2):
        make_sender(database, box.port).send_due()
    (message,) = box.messages
    assert message["To"] == ADDRESS
    assert message["Subject"] == subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert box.return_paths == ["quiz@example.org"]
    body = read_body(message)
    assert f"{SITE}/nb/staff-links/{TOKEN}\n" in body
    assert days in body
    assert read_outbox(database) == [(SENT, None)]
    assert read_state(database, nora) == SENT


def test_a_link_is_in_the_database_only_encrypted(database: Database, tmp_path: Path) -> None:
    with writing(database) as session:
        mail_link(session)
    ((_state, recipient),) = read_outbox(database)
    assert recipient is not None
    for secret in (TOKEN.encode(), make_seed(1), ADDRESS.encode()):
        assert secret not in bytes(recipient)
    written = back_up(database, tmp_path / "backup").read_bytes()
    assert bytes(recipient) not in written
    assert SITE.encode() not in written


@pytest.mark.parametrize("end", ["used", "replaced", "expired", "another key"])
def test_a_link_that_no_longer_works_is_not_sent(
    database: Database, box: MailBox, end: str
) -> None:
    now, key = MADE, KEY
    with writing(database) as session:
        nora = mail_link(session, RESET)
        if end == "used":
            assert use_link(session, hash_token(TOKEN), MADE)
        if end == "replaced":
            make_link(session, hash_token("another"), nora, RESET, MADE)
    if end == "expired":
        now = MADE + timedelta(days=1, seconds=1)
    if end == "another key":
        key = "another key than the one before"
    make_sender(database, box.port, now, key).send_due()
    assert box.messages == []
    assert read_outbox(database) == []


def test_a_newer_link_takes_the_place_of_a_link_that_waits(
    database: Database, box: MailBox
) -> None:
    with writing(database) as session:
        nora = mail_link(session)
        other = make_seed(2)
        make_link(session, hash_token(derive_staff_token(KEY, other)), nora, RESET, MADE)
        new = NewNotice(
            staff_id=nora,
            kind=RESET,
            site=SITE,
            language="en",
            recipient=encrypt_recipient(KEY, Recipient(ADDRESS, other), make_seed(3)),
        )
        add_link_notice(session, new, MADE)
    assert len(read_outbox(database)) == 1
    make_sender(database, box.port).send_due()
    (message,) = box.messages
    assert derive_staff_token(KEY, other) in read_body(message)


def test_a_link_that_cannot_be_delivered_is_forgotten_and_said(
    database: Database, box: MailBox
) -> None:
    box.recipient_answers[ADDRESS] = "550 no such user"
    with writing(database) as session:
        nora = mail_link(session)
    make_sender(database, box.port).send_due()
    assert read_outbox(database) == [(REFUSED, None)]
    assert read_state(database, nora) == REFUSED


def test_a_link_that_is_not_accepted_yet_is_sent_later(database: Database, box: MailBox) -> None:
    box.recipient_answers[ADDRESS] = "450 try later"
    with writing(database) as session:
        mail_link(session)
    make_sender(database, box.port).send_due()
    make_sender(database, box.port, MADE + timedelta(minutes=4)).send_due()
    assert read_outbox(database)[0][0] == WAITING
    box.recipient_answers.clear()
    make_sender(database, box.port, MADE + timedelta(minutes=6)).send_due()
    assert box.addresses == [ADDRESS]


def test_a_link_is_given_up_after_many_tries(database: Database, box: MailBox) -> None:
    box.recipient_answers[ADDRESS] = "450 try later"
    with writing(database) as session:
        mail_link(session)
        tries = {"tries": MAX_TRIES - 2}
        session.execute(text("UPDATE outbox SET tries = :tries"), tries)
    make_sender(database, box.port).send_due()
    assert read_outbox(database)[0][0] == WAITING
    make_sender(database, box.port, MADE + timedelta(hours=5)).send_due()
    assert read_outbox(database) == [(REFUSED, None)]


def test_a_link_does_not_wait_for_the_invitations_of_a_mailing(
    database: Database, box: MailBox
) -> None:
    with writing(database) as session:
        send_to(session, 3)
        mail_link(session)
    make_sender(database, box.port).send_due()
    assert box.addresses[0] == ADDRESS
    assert len(box.addresses) == 4


def test_several_senders_send_no_link_twice(database: Database, box: MailBox) -> None:
    names = [f"Nora{number}" for number in range(20)]
    with writing(database) as session:
        for number, name in enumerate(names):
            mail_link(session, name=name, number=number + 1)
    senders = [make_sender(database, box.port) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(sender.send_due) for sender in senders]:
            done.result()
    assert Counter(box.addresses) == {f"{name.lower()}@example.org": 1 for name in names}


def test_the_purge_deletes_a_notice_with_its_message(database: Database) -> None:
    with writing(database) as session:
        mail_link(session)
    with writing(database) as session:
        assert purge(session, 30, 180, MADE + KEPT).notices == 0
        assert purge(session, 30, 180, MADE + KEPT + timedelta(seconds=1)).notices == 1
    assert read_outbox(database) == []
