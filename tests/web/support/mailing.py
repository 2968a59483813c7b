"""Sends invitations by e-mail as HR does, and finds the secret links of such invitations."""

from flask import Flask
from sqlalchemy import text

from fitquiz.core.mail.encrypted_addresses import derive_stop_token
from fitquiz.store.campaigns.campaigns import Campaign
from tests.web.support.campaigning import send
from tests.web.support.page import Page
from tests.web.support.records import read_database
from tests.web.support.staff_member import StaffMember

SEED = "cd" * 16
LIST = "Kari <kari@example.org>; IT\nola@example.org; Sales > Oslo\nper@example.org"


def send_invitation(hana: StaffMember) -> Campaign:
    """Let Hana send one invitation by e-mail. Return the new campaign of the invitation."""
    campaign = hana.create("By e-mail", is_personal=True)
    fields = {"addresses": "ola@example.org", "step": "send", "seed": "ab" * 16}
    send(hana, f"/en/campaigns/{campaign.id}/mailings/new", fields)
    return campaign


def read_mailed_seeds(app: Flask) -> list[bytes]:
    """Return the seeds of all invitations that the server sends by e-mail."""
    with read_database(app).engine.connect() as connection:
        query = "SELECT seed FROM invitation WHERE is_mailed ORDER BY id"
        return list(connection.scalars(text(query)))


def find_stop_tokens(app: Flask) -> list[str]:
    """Return the tokens with which the invited people stop all messages."""
    key = str(app.config["SECRET_KEY"])
    return [derive_stop_token(key, seed) for seed in read_mailed_seeds(app)]


def find_stop_token(app: Flask) -> str:
    """Return the token of the first invited person."""
    return find_stop_tokens(app)[0]


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


def see_progress(person: StaffMember, campaign: Campaign) -> Page:
    return person.open(f"/en/campaigns/{campaign.id}/mailings")
