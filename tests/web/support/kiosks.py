"""People at a shared tablet, one after another."""

from flask import Flask

from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import list_open_links
from fitquiz.store.campaigns.kiosks import set_kiosk
from fitquiz.web.site.database_session import get_session, writing
from tests.web.support.answering import agree
from tests.web.support.page import Form, Page
from tests.web.support.respondent import Respondent

FINISH = "/finish"
STATES = {
    "open": "",
    "not open yet": "UPDATE campaign SET opens_on = '2100-01-01', closes_on = '2100-02-01'",
    "paused": "UPDATE campaign SET is_paused = 1",
    "closed": "UPDATE campaign SET closed_at = created_at",
    "replaced": "UPDATE invitation SET is_revoked = 1",
    "used up": "UPDATE campaign SET cap = 0",
}
"""What happens to the link or the campaign between two persons."""


def switch(app: Flask, campaign: Campaign, is_kiosk: bool) -> None:
    with app.app_context():
        link = list_open_links(get_session(), campaign.id)[0]
        with writing() as session:
            set_kiosk(session, campaign.id, link.id, is_kiosk)


def begin(person: Respondent, token: str, device: str = "shared") -> Page:
    person.open(f"/en/invitations/{token}")
    person.open(person.page.find_link("/begin"))
    return person.send(person.page.find_form("/begin"), device=device)


def take(person: Respondent, token: str) -> str:
    """Take the quiz by this link, and return the address of the attempt."""
    begin(person, token)
    person.answer_all(agree())
    person.finish()
    return person.base


def finish(person: Respondent, form: Form) -> str:
    """Press *Finish, next person*, and return the address to which the response redirects."""
    response = person.post(form.action, form.fields)
    assert response.status_code == 303
    assert response.headers["Clear-Site-Data"] == '"cache"'
    return response.location


def list_attempts(page: Page) -> list[str]:
    return [link for link in page.links if "/attempts/" in link]


def read_shared(person: Respondent) -> str:
    """Return the value of the shared cookie."""
    cookie = person.client.get_cookie("attempts")
    return cookie.value if cookie else ""


def find_finish(page: Page) -> list[Form]:
    return [form for form in page.forms if form.action.endswith(FINISH)]
