"""A sender that is killed forgets nothing, and sends nothing twice that was accepted and stored."""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fitquiz.config.settings import Settings, read_settings
from fitquiz.server.mail_process import run_mail_sender
from fitquiz.server.mail_sender import MailSender
from fitquiz.store.engine.database import Database
from fitquiz.store.mailings.outbox import LEASE
from tests.server.support.mail_box import MailBox
from tests.server.support.sending import make_sender
from tests.store.support.cast import writing
from tests.store.support.mailing_cast import KEY, MailedPeople, send_to
from tests.web.support.clock import find_today

pytestmark = pytest.mark.parametrize(
    "backend",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)],
    indirect=True,
)

PEOPLE = 8
KILLED_AT = 4


@pytest.fixture
def today_people(database: Database) -> MailedPeople:
    """People whose messages are due today."""
    today = find_today()
    with writing(database) as session:
        return send_to(session, PEOPLE, closes_on=today + timedelta(20))


@pytest.fixture
def sender_settings(database_url: str, box: MailBox, tmp_path: Path) -> Settings:
    return read_settings(
        {
            "FITQUIZ_INSTANCE": str(tmp_path),
            "FITQUIZ_DATABASE_URL": database_url,
            "FITQUIZ_SECRET_KEY": KEY,
            "FITQUIZ_SMTP_URL": box.url,
            "FITQUIZ_MAIL_FROM": "quiz@example.org",
        }
    )


@pytest.fixture
def process(sender_settings: Settings) -> Iterator[Any]:
    """The process of a sender, not started."""
    process = multiprocessing.get_context("spawn").Process(
        target=run_mail_sender, args=(sender_settings,), daemon=True
    )
    yield process
    process.kill()
    process.join()


def make_late_sender(database: Database, box: MailBox) -> MailSender:
    """A sender after the lease of the killed sender."""
    return make_sender(database, box.port, datetime.now(UTC) + LEASE)


def test_a_message_that_was_accepted_is_not_sent_again_after_a_kill(
    database: Database, box: MailBox, today_people: MailedPeople, process: Any
) -> None:
    def kill(count: int) -> None:
        if count == KILLED_AT and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)

    box.on_mail = kill
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert len(box.messages) == KILLED_AT

    make_sender(database, box.port, datetime.now(UTC)).send_due()
    assert len(box.messages) == KILLED_AT
    make_late_sender(database, box).send_due()
    assert sorted(box.addresses) == today_people.addresses


def test_a_message_without_an_answer_is_sent_again_with_the_same_name(
    database: Database, box: MailBox, today_people: MailedPeople, process: Any
) -> None:
    def kill(count: int) -> None:
        if count == KILLED_AT and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)

    box.on_data = kill
    process.start()
    process.join(60)
    unanswered = box.messages[-1]

    make_late_sender(database, box).send_due()
    counts = Counter(box.addresses)
    assert sorted(counts) == today_people.addresses
    assert {address for address, count in counts.items() if count > 1} == {str(unanswered["To"])}
    assert len({message["Message-ID"] for message in box.messages}) == PEOPLE


def test_a_stop_signal_lets_the_sender_finish_its_message(
    database: Database, box: MailBox, today_people: MailedPeople, process: Any
) -> None:
    def stop(count: int) -> None:
        if count == KILLED_AT and process.is_alive():
            os.kill(process.pid, signal.SIGTERM)

    box.on_data = stop
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert len(box.messages) == KILLED_AT
    make_sender(database, box.port, datetime.now(UTC)).send_due()
    assert sorted(box.addresses) == today_people.addresses
