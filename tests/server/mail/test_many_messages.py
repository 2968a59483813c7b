"""3,000 messages to a mail server on this machine take less than a minute."""

from time import monotonic

import pytest

from fitquiz.store.engine.database import Database
from tests.server.support.mail_box import MailBox
from tests.server.support.sending import make_sender
from tests.store.support.cast import writing
from tests.store.support.mailing_cast import send_to

PEOPLE = 3000
MAX_SECONDS = 60


@pytest.mark.long
def test_three_thousand_messages_take_less_than_a_minute(database: Database, box: MailBox) -> None:
    with writing(database) as session:
        people = send_to(session, PEOPLE)
    began = monotonic()
    make_sender(database, box.port).send_due()
    seconds = monotonic() - began
    print(f"{PEOPLE} messages took {seconds:.1f} s")
    assert sorted(box.addresses) == sorted(people.addresses)
    assert seconds <= MAX_SECONDS
