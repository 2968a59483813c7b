"""Makes invitations, and takes attempts with invitations."""

from flask import Flask

from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import add_invitations, list_open_links, list_personal
from fitquiz.web.hr.invitation_links import make_invitations
from fitquiz.web.security.link_tokens import code_of, token_of
from fitquiz.web.site.database_session import get_session, writing
from tests.web.support.answering import agree
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent


def open_link(app: Flask, campaign: Campaign) -> str:
    """Return the token of the campaign's open link for the whole campaign."""
    with app.app_context():
        return token_of(list_open_links(get_session(), campaign.id)[0].seed)


def token_of_in(app: Flask, seed: bytes) -> str:
    """Return the token of a seed in this app."""
    with app.app_context():
        return token_of(seed)


def code_of_in(app: Flask, seed: bytes) -> str:
    """Return the short code of a seed in this app."""
    with app.app_context():
        return code_of(seed)


def invite(app: Flask, campaign: Campaign) -> str:
    """Add a personal invitation to the campaign, and return its token."""
    with app.app_context(), writing() as session:
        add_invitations(session, campaign.id, make_invitations(None, 1, is_personal=True))
        return token_of(list_personal(session, campaign.id)[-1].seed)


def take(person: Respondent, token: str, begin: bool = True) -> None:
    """Open an invitation, answer all items and send the answers."""
    if begin:
        person.open(f"/en/invitations/{token}")
        person.open(person.page.find_link("/begin"))
        person.send(person.page.find_form("/begin"))
    person.answer_all(agree(people=4))
    person.finish()


def read_pending(app: Flask) -> list[tuple[object, ...]]:
    return read_records(app)["pending"]
