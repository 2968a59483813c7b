"""With a mail server, an administrator sees no one-time link: the link goes to its person by e-mail."""

from collections.abc import Iterator

import pytest
from flask import Flask

from fitquiz.server.mail_sender import MailSender
from fitquiz.web.mail.mail_switch import get_mail_server
from tests.server.support.mail_box import MailBox, serving_mail
from tests.server.support.sending import NO_OWNER
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.clock import OSLO
from tests.web.support.page import Page
from tests.web.support.records import change_behind, read_database
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import PASSWORD, StaffMember

SENT = "Saved. A link to choose a password is sent to nora@example.org."


@pytest.fixture
def box() -> Iterator[MailBox]:
    with serving_mail() as box:
        yield box


@pytest.fixture
def app(make_app: MakeApp, box: MailBox) -> Flask:
    """An app with a mail server."""
    return make_app(SMTP_URL=box.url, MAIL_FROM="quiz@example.org")


def deliver(app: Flask) -> None:
    """Send all messages that are due."""
    with app.app_context():
        server = get_mail_server()
    MailSender(read_database(app), server, str(app.config["SECRET_KEY"]), OSLO, NO_OWNER).send_due()


def invite(ada: StaffMember, email: str = "nora@example.org") -> Page:
    form = ada.open("/en/staff/new").find_form("/staff/new")
    assert "gets an e-mail with a link" in ada.page.text
    return ada.send(form, name="Nora", email=email, permissions="hr")


def choose(app: Flask, box: MailBox) -> Respondent:
    """Open the link in the newest message, and choose a password."""
    body = box.messages[-1].get_content()
    (address,) = [line for line in body.splitlines() if "/staff-links/" in line]
    nora = Respondent(app.test_client())
    nora.open(address.removeprefix("http://localhost"))
    nora.send(nora.page.forms[-1], password=PASSWORD, again=PASSWORD)
    return nora


def test_a_new_account_gets_its_link_by_e_mail_and_the_administrator_sees_none(
    app: Flask, box: MailBox, ada: StaffMember
) -> None:
    page = invite(ada)
    assert page.list_texts("p", role="status") == [SENT]
    assert page.h1 == "Nora"
    assert "staff-links" not in page.text
    assert "waits to be sent" in page.text
    deliver(app)
    assert "was sent by e-mail" in ada.open("/en/staff/2").text
    assert choose(app, box).page.h1 == "Campaigns"
    assert "was sent by e-mail" not in ada.open("/en/staff/2").text


def test_a_reset_sends_a_link_by_e_mail(app: Flask, box: MailBox, ada: StaffMember) -> None:
    invite(ada)
    deliver(app)
    choose(app, box)
    form = ada.open("/en/staff/2/reset").find_form("/reset")
    assert list(form.buttons) == ["Reset and send a link"]
    assert ada.send(form).list_texts("p", role="status") == [SENT]
    deliver(app)
    assert box.messages[-1]["Subject"] == "Choose another password for Fitquiz"
    assert choose(app, box).page.h1 == "Campaigns"


def test_after_a_refused_message_the_next_link_is_shown(
    app: Flask, box: MailBox, ada: StaffMember
) -> None:
    box.recipient_answers["nora@example.org"] = "550 no such user"
    invite(ada)
    deliver(app)
    assert "could not be delivered" in ada.open("/en/staff/2").text
    page = ada.send(ada.open("/en/staff/2/reset").find_form("/reset"))
    assert page.h1 == "A link for Nora"
    deliver(app)
    assert box.messages == []


def test_the_link_of_a_disabled_account_is_shown(
    app: Flask, box: MailBox, ada: StaffMember
) -> None:
    invite(ada)
    deliver(app)
    change_behind(app, "UPDATE staff SET is_disabled = true WHERE name = 'Nora'")
    form = ada.open("/en/staff/2/reset").find_form("/reset")
    assert ada.send(form).h1 == "A link for Nora"
    deliver(app)
    assert len(box.messages) == 1


def test_a_link_is_shown_if_the_address_takes_no_e_mail(
    app: Flask, box: MailBox, ada: StaffMember
) -> None:
    assert invite(ada, "nora@example.o,rg").h1 == "A link for Nora"
    deliver(app)
    assert box.messages == []
