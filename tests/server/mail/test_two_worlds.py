"""Reminders do not depend on who has answered: two worlds send exactly the same messages."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.config.mail_server import read_mail_server
from fitquiz.server.mail_sender import MailSender
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.engine.database import open_database
from tests.server.support.mail_box import MailBox
from tests.server.support.sending import NO_OWNER
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.campaigning import send, today
from tests.web.support.clock import OSLO
from tests.web.support.inviting import take, token_of_in
from tests.web.support.mailing import read_mailed_seeds
from tests.web.support.records import read_database, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

ADDRESSES = "\n".join(f"person{number}@example.org" for number in range(6))
REMINDER_DAY = today() + timedelta(3)


@pytest.fixture
def app(make_app: MakeApp, box: MailBox) -> Flask:
    """An app whose mail server is the box."""
    return make_app(smtp_url=box.url, mail_from="quiz@example.org")


@pytest.fixture
def campaign(hana: StaffMember) -> Campaign:
    """A campaign with six invited people and two reminders."""
    campaign = hana.create(is_personal=True)
    fields = {
        "addresses": ADDRESSES,
        "first_reminder_on": str(REMINDER_DAY),
        "second_reminder_on": str(REMINDER_DAY + timedelta(1)),
        "step": "send",
        "seed": "cd" * 16,
    }
    send(hana, f"/en/campaigns/{campaign.id}/mailings/new", fields)
    return campaign


def find_file(app: Flask) -> Path:
    return Path(str(read_database(app).engine.url.database))


def as_is(moment: datetime) -> datetime:
    return moment


def send_all(app: Flask, path: Path, box: MailBox) -> list[bytes]:
    """Send everything that is due until after the reminders, and return the messages."""
    settings = app.extensions["fitquiz_settings"]
    server = read_mail_server(settings)
    assert server is not None
    database = open_database(f"sqlite:///{path}")
    box.messages.clear()
    for days in (0, 1):
        moment = datetime.combine(REMINDER_DAY + timedelta(days), time(9), UTC)
        key = str(app.config["SECRET_KEY"])
        sender = MailSender(database, server, key, OSLO, NO_OWNER, get_now=partial(as_is, moment))
        sender.send_due()
    database.engine.dispose()
    return [message.as_bytes() for message in box.messages]


def test_two_worlds_send_exactly_the_same_messages(
    app: Flask, campaign: Campaign, box: MailBox, tmp_path: Path
) -> None:
    live = find_file(app)
    silent = tmp_path / "silent.db"
    with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(silent)) as target:
        source.backup(target)

    for seed in read_mailed_seeds(app)[:4]:
        take(Respondent(app.test_client()), token_of_in(app, seed))
    assert len(read_records(app)["pending"]) == 4

    in_silent_world = send_all(app, silent, box)
    in_world_of_answers = send_all(app, live, box)
    assert len(in_silent_world) == 3 * 6
    assert in_world_of_answers == in_silent_world


def test_the_order_of_the_messages_is_not_the_order_of_the_list(
    app: Flask, campaign: Campaign, box: MailBox
) -> None:
    send_all(app, find_file(app), box)
    orders = [box.addresses[start : start + 6] for start in (0, 6, 12)]
    # Three random orders of six people are all the same once in 500,000 runs.
    assert len({tuple(order) for order in orders}) > 1
