"""HR pastes addresses, looks the mailing over and sends it, and sees neither links nor who has stopped."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.server.mail_sender import MailSender
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.mailings.outbox import stop_messages
from fitquiz.web.mail.mail_switch import get_mail_server
from fitquiz.web.site.database_session import writing
from tests.server.support.sending import NO_OWNER
from tests.web.support.app_fixtures import MAIL_SETTINGS, MakeApp
from tests.web.support.campaigning import read_values, send, send_wrong, today
from tests.web.support.clock import OSLO
from tests.web.support.downloading import download
from tests.web.support.mailing import find_stop_token
from tests.web.support.page import Page
from tests.web.support.records import change_behind, listing_statements, read_database, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

SEED = "cd" * 16
LIST = "Kari <kari@example.org>; IT\nola@example.org; Sales > Oslo\nper@example.org"


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """An app with a mail server."""
    settings = {name.removeprefix("FITQUIZ_"): value for name, value in MAIL_SETTINGS.items()}
    return make_app(**settings)


@pytest.fixture
def campaign(hana: StaffMember) -> Campaign:
    return hana.create(is_personal=True)


def find_form_address(campaign: Campaign) -> str:
    return f"/en/campaigns/{campaign.id}/mailings/new"


def preview(person: StaffMember, campaign: Campaign, **fields: str) -> Page:
    page = send(
        person,
        find_form_address(campaign),
        {"addresses": LIST, "step": "preview", "seed": SEED, **fields},
        200,
    )
    assert page is not None
    return page


def make(person: StaffMember, campaign: Campaign, **fields: str) -> None:
    send(
        person,
        find_form_address(campaign),
        {"addresses": LIST, "step": "send", "seed": SEED, **fields},
    )


def refuse(person: StaffMember, campaign: Campaign, **fields: str) -> Page:
    whole = {"addresses": LIST, "step": "send", "seed": SEED, **fields}
    page = send_wrong(person, find_form_address(campaign), whole)
    assert read_records(person.app)["outbox"] == []
    return page


def see_progress(person: StaffMember, campaign: Campaign) -> Page:
    return person.open(f"/en/campaigns/{campaign.id}/mailings")


def test_the_preview_shows_people_units_and_the_message_and_stores_nothing(
    hana: StaffMember, campaign: Campaign
) -> None:
    page = preview(hana, campaign, addresses=f"{LIST}\nkari@example.org; IT", own_words="Cake!")
    assert "3 people get an invitation." in page.text
    assert "IT 1 person Sales 1 person Oslo 1 person Without a unit 1 person" in page.text
    assert "1 address stood there more than once" in page.text
    assert "HR at Fjord invites you to “Spring”" in page.text
    assert "Cake!" in page.text
    assert read_records(hana.app)["outbox"] == []
    assert read_records(hana.app)["invitation"] == []


def test_what_was_typed_comes_back_to_be_changed(hana: StaffMember, campaign: Campaign) -> None:
    day = str(today() + timedelta(3))
    page = preview(hana, campaign, own_words="Cake!", first_reminder_on=day)
    hana.send(page.find_form("/new"), 200, step="change")
    values = read_values(hana.page)
    assert values["addresses"].strip() == LIST
    assert values["own_words"].strip() == "Cake!"
    assert values["first_reminder_on"] == day


def test_a_mailing_is_made_from_its_preview_and_once_for_two_clicks(
    hana: StaffMember, campaign: Campaign
) -> None:
    day = str(today() + timedelta(3))
    page = preview(hana, campaign, first_reminder_on=day)
    form = page.find_form("/new")
    for _ in range(2):
        hana.send(form, step="send")
    records = read_records(hana.app)
    assert len(records["invitation"]) == 3
    assert len(records["outbox"]) == 6
    page = see_progress(hana, campaign)
    assert "To 3 people" in page.text
    assert page.text.count("0 of 3 sent, 3 waiting") == 2


def test_addresses_and_links_are_in_no_row_and_in_no_file(
    hana: StaffMember, campaign: Campaign
) -> None:
    make(hana, campaign)
    assert not re.search(r"(?i)\b(kari|ola|per)\b", repr(read_records(hana.app)))
    hana.open(f"/en/campaigns/{campaign.id}/invitations")
    assert download(hana, campaign) == []


def test_a_person_is_invited_once_to_a_campaign_even_after_a_stop(
    hana: StaffMember, campaign: Campaign
) -> None:
    make(hana, campaign)
    with hana.app.app_context(), writing() as session:
        stop_messages(session, hash_token(find_stop_token(hana.app)))
    page = preview(hana, campaign, addresses=f"{LIST}\nnew@example.org".upper())
    assert "1 person gets an invitation." in page.text
    assert "3 addresses have had an invitation to this campaign already" in page.text
    make(hana, campaign, addresses=f"{LIST}\nnew@example.org")
    assert len(read_records(hana.app)["outbox"]) == 4
    assert "To 1 person" in see_progress(hana, campaign).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"addresses": ""}, "Please fill this in."),
        ({"addresses": "kari@example.org\nkari@"}, "Line 2: this is no e-mail address that works."),
        ({"addresses": "kari@example.org; Law"}, "Line 1: the campaign has no such unit. “Law”"),
        ({"own_words": "x" * 1001}, "This is too long."),
        ({"first_reminder_on": str(today())}, "A reminder must come after the first day"),
        (
            {"first_reminder_on": str(today() + timedelta(11))},
            "A reminder must come after the first",
        ),
        (
            {"second_reminder_on": str(today() + timedelta(2))},
            "The second reminder must come after",
        ),
        ({"first_reminder_on": "soon"}, "Enter a date."),
    ],
)
def test_a_wrong_form_stores_nothing_and_says_what_to_do(
    hana: StaffMember, campaign: Campaign, fields: dict[str, str], words: str
) -> None:
    page = refuse(hana, campaign, **fields)
    assert words.replace("“Law”", "") in page.text


def test_more_invitations_than_a_campaign_can_have_are_refused_as_a_whole(
    hana: StaffMember, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fitquiz.web.hr.mailings.mailings.MAX_INVITATIONS", 2)
    assert "more than one survey can have" in refuse(hana, campaign).text


@pytest.mark.parametrize(
    ("days", "first", "second"), [(5, None, None), (8, 7, None), (11, 7, None), (12, 7, 10)]
)
def test_reminders_are_suggested_within_the_campaign_and_some_days_apart(
    hana: StaffMember, days: int, first: int | None, second: int | None
) -> None:
    campaign = hana.create(is_personal=True, closes_on=today() + timedelta(days))
    hana.open(find_form_address(campaign))
    values = read_values(hana.page)
    assert values["first_reminder_on"] == (str(today() + timedelta(first)) if first else "")
    assert values["second_reminder_on"] == (str(today() + timedelta(second)) if second else "")


def test_without_a_mail_server_no_page_offers_e_mail(make_app: MakeApp) -> None:
    hana = StaffMember(make_app(), "Hana", "hr")
    campaign = hana.create(is_personal=True)
    page = hana.open(f"/en/campaigns/{campaign.id}/invitations")
    assert "mail" not in page.text.replace("mail merge", "")
    for ending in ("", "/new"):
        hana.open(f"/en/campaigns/{campaign.id}/mailings{ending}", 404)
    assert "invited by e-mail" not in hana.open("/en/privacy").text


def test_the_privacy_page_tells_what_happens_to_an_address(hana: StaffMember) -> None:
    assert "If you are invited by e-mail, we keep your address" in hana.open("/en/privacy").text


def test_a_campaign_with_open_links_sends_no_e_mail(hana: StaffMember) -> None:
    campaign = hana.create()
    hana.open(find_form_address(campaign), 404)


def test_closing_a_campaign_deletes_all_addresses_at_once(
    hana: StaffMember, campaign: Campaign
) -> None:
    make(hana, campaign)
    send(hana, f"/en/campaigns/{campaign.id}/close", {})
    assert read_records(hana.app)["outbox"] == []
    page = see_progress(hana, campaign)
    assert "all addresses are deleted" in page.text
    send(hana, find_form_address(campaign), {"addresses": LIST, "step": "send", "seed": SEED})
    assert read_records(hana.app)["outbox"] == []


def test_after_a_restore_the_page_says_that_the_messages_are_gone(
    hana: StaffMember, campaign: Campaign
) -> None:
    make(hana, campaign)
    change_behind(hana.app, "DELETE FROM outbox")
    assert "Its messages are no longer on the server." in see_progress(hana, campaign).text


def test_addresses_that_do_not_work_are_listed(hana: StaffMember, campaign: Campaign) -> None:
    make(hana, campaign, addresses="kari@example.org")
    change_behind(hana.app, "UPDATE outbox SET state = 'refused'")
    page = see_progress(hana, campaign)
    assert "0 of 1 sent, 1 could not be delivered" in page.text
    assert "kari@example.org" in page.text


def test_the_links_of_the_message_are_those_of_the_app(
    hana: StaffMember, campaign: Campaign, mallory: Respondent
) -> None:
    make(hana, campaign, addresses="kari@example.org")
    token = find_stop_token(hana.app)
    mallory.open(f"/nb/stop-mail/{token}")
    assert mallory.page.h1 == "Vil du slutte å få e-post om dette?"


def test_no_statement_joins_an_address_with_whether_an_invitation_is_used(
    hana: StaffMember, campaign: Campaign
) -> None:
    app = hana.app
    with listing_statements(app) as statements:
        preview(hana, campaign)
        make(hana, campaign)
        see_progress(hana, campaign)
        with app.app_context():
            server = get_mail_server()
        key = str(app.config["SECRET_KEY"])
        MailSender(read_database(app), server, key, OSLO, NO_OWNER).send_due()
    of_outbox = [each for each in statements if "outbox" in each]
    assert len(of_outbox) >= 5
    assert [each for each in of_outbox if "spent" in each or "invitation." in each] == []
    assert find_foreign_keys(app, "outbox") == {"mailing", "notice"}
    assert find_foreign_keys(app, "notice") == {"staff", "campaign"}


def find_foreign_keys(app: Flask, table: str) -> set[Any]:
    with read_database(app).engine.connect() as connection:
        rows = connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})").all()
    return {row[2] for row in rows}
