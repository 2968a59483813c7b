"""A person stops all e-mails with one button, or in the mail program, and nobody is told."""

import pytest
from flask import Flask

from fitquiz.store.campaigns.campaigns import Campaign
from tests.web.support.app_fixtures import MAIL_SETTINGS, MakeApp
from tests.web.support.campaigning import send
from tests.web.support.inviting import take, token_of_in
from tests.web.support.mailing import find_stop_token, find_stop_tokens, read_mailed_seeds
from tests.web.support.records import read_database, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """An app with a mail server."""
    settings = {name.removeprefix("FITQUIZ_"): value for name, value in MAIL_SETTINGS.items()}
    return make_app(**settings)


@pytest.fixture
def campaign(hana: StaffMember) -> Campaign:
    campaign = hana.create(is_personal=True)
    fields = {"addresses": "kari@example.org\nola@example.org", "step": "send", "seed": "cd" * 16}
    send(hana, f"/en/campaigns/{campaign.id}/mailings/new", fields)
    return campaign


def count_addresses(app: Flask) -> int:
    with read_database(app).engine.connect() as connection:
        query = "SELECT count(*) FROM outbox WHERE recipient IS NOT NULL"
        return int(connection.exec_driver_sql(query).scalar() or 0)


def test_only_the_button_deletes_the_address(
    app: Flask, campaign: Campaign, alice: Respondent
) -> None:
    address = f"/en/stop-mail/{find_stop_token(app)}"
    alice.open(address)
    assert count_addresses(app) == 2
    for _ in range(2):
        alice.open(address)
        alice.send(alice.page.find_form(address), 200)
        assert alice.page.h1 == "You will get no more e-mail about this"
        assert count_addresses(app) == 1


def test_a_mail_program_stops_e_mails_without_a_page(app: Flask, campaign: Campaign) -> None:
    address = f"/nb/stop-mail/{find_stop_token(app)}"
    client = app.test_client()
    assert client.post(address, data={}).status_code == 400
    evil = {"Origin": "https://evil.example"}
    assert client.post(address, data=ONE_CLICK, headers=evil).status_code == 403
    assert count_addresses(app) == 2
    assert client.post(address, data=ONE_CLICK).status_code == 200
    assert count_addresses(app) == 1


def stop(app: Flask, token: str) -> tuple[int, str]:
    """Stop all messages, and return the status and the page without the token."""
    response = app.test_client().post(f"/en/stop-mail/{token}", data=ONE_CLICK)
    return response.status_code, response.text.replace(token, "TOKEN")


def test_a_person_who_has_answered_sees_the_same_and_the_invitation_stays(
    app: Flask, campaign: Campaign, alice: Respondent
) -> None:
    (answered, unanswered) = find_stop_tokens(app)
    take(alice, token_of_in(app, read_mailed_seeds(app)[0]))
    invitations = read_records(app)["invitation"]
    assert stop(app, answered) == stop(app, unanswered)
    assert read_records(app)["invitation"] == invitations
    assert count_addresses(app) == 0


def test_an_unknown_token_is_told_the_same(app: Flask, campaign: Campaign) -> None:
    assert stop(app, find_stop_token(app)) == stop(app, "A" * 43)
    assert app.test_client().get("/en/stop-mail/short").status_code == 404


def test_a_full_stop_behind_the_link_does_no_harm(app: Flask, campaign: Campaign) -> None:
    address = f"/en/stop-mail/{find_stop_token(app)}"
    response = app.test_client().get(f"{address}.")
    assert response.headers["Location"] == address
