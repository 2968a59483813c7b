"""A company behind one address begins by its personal invitations; a program with one invitation is stopped."""

import secrets

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from fitquiz.store.accounts.rate_limit_counters import RateLimit
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import add_invitations
from fitquiz.web.hr.invitation_links import make_invitations
from fitquiz.web.limits import rate_limits, wrong_link_limit
from fitquiz.web.limits.invitation_limit import BEGINNINGS_BY_ONE
from fitquiz.web.security.link_tokens import code_of, token_of
from fitquiz.web.site.database_session import writing
from tests.web.support.answering import agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.counselling import find_address, make_link
from tests.web.support.inviting import invite, read_pending, take, token_of_in
from tests.web.support.page_checks import check_page
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

LIMIT = 2


@pytest.fixture
def app(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An app where each address reaches its limits soon."""
    monkeypatch.setattr(rate_limits, "CODES_PER_ADDRESS", RateLimit("code", LIMIT, 10))
    monkeypatch.setattr(wrong_link_limit, "WRONG_LINKS", RateLimit("token", LIMIT, 10))
    return make_app(beginnings=LIMIT)


@pytest.fixture
def campaign(hana: StaffMember) -> Campaign:
    """A campaign with personal invitations."""
    return hana.create(is_personal=True)


def invite_many(app: Flask, campaign: Campaign, number: int) -> list[bytes]:
    """Return the seeds of new personal invitations."""
    with app.app_context(), writing() as session:
        invitations = make_invitations(None, number, is_personal=True)
        add_invitations(session, campaign.id, invitations)
    return [invitation.seed for invitation in invitations]


class Visitor(Respondent):
    """Somebody who needs the token of the forms only once."""

    @property
    def csrf(self) -> str:
        """The token of the forms."""
        if not hasattr(self, "_csrf"):
            self._csrf = self.read_token()
        return self._csrf


def begin(person: Visitor, address: str) -> TestResponse:
    """Begin one attempt, each time as from a new page."""
    fields = {"csrf_token": person.csrf, "token": secrets.token_urlsafe(32), "device": "own"}
    return person.post(address, fields)


@pytest.mark.parametrize("number", [60, pytest.param(3000, marks=pytest.mark.long)])
def test_a_company_behind_one_address_begins_by_its_invitations(
    app: Flask, campaign: Campaign, number: int
) -> None:
    person = Visitor(app.test_client(use_cookies=True))
    with app.app_context():
        tokens = [token_of(seed) for seed in invite_many(app, campaign, number)]
    for token in tokens:
        assert begin(person, f"/en/invitations/{token}/begin").status_code == 303
    assert len(read_records(app)["attempt"]) == number
    assert read_records(app)["throttle"] == []


def test_an_invitation_leads_to_a_result_from_an_address_without_a_try_left(
    app: Flask, campaign: Campaign, alice: Respondent, mallory: Respondent
) -> None:
    with app.app_context():
        seed = invite_many(app, campaign, 1)[0]
        code = code_of(seed)
    spoil_address(mallory)

    alice.open("/en/code")
    alice.send(alice.page.find_form("/code"), code=code)
    alice.open(alice.page.find_link("/begin"))
    alice.send(alice.page.find_form("/begin"))
    alice.answer_all(agree(people=4))
    alice.finish()
    assert alice.address.endswith("/result")
    assert len(read_pending(app)) == 1
    assert (
        "You have already used this invitation"
        in alice.open(f"/en/invitations/{token_of_in(app, seed)}", 404).text
    )


def spoil_address(person: Respondent) -> None:
    """Use up every limit of the address that all browsers of a test share."""
    csrf = person.read_token()
    for _ in range(LIMIT + 1):
        fields = {"csrf_token": csrf, "token": secrets.token_urlsafe(32), "device": "own"}
        begun = person.post("/en/packs/front-back-office/begin", fields)
        typed = person.post("/en/code", {"csrf_token": csrf, "code": "ABCDE-FGHJK"})
        opened = person.client.get(f"/en/invitations/{secrets.token_urlsafe(32)}")
    assert (begun.status_code, typed.status_code, opened.status_code) == (429, 429, 429)


def test_a_program_with_one_invitation_is_stopped_and_told(
    app: Flask, campaign: Campaign, hana: StaffMember
) -> None:
    person = Visitor(app.test_client())
    address = f"/en/invitations/{invite(app, campaign)}/begin"
    other = f"/en/invitations/{invite(app, campaign)}/begin"
    statuses = [begin(person, address).status_code for _ in range(BEGINNINGS_BY_ONE.tries)]
    assert set(statuses) == {303}

    before = read_records(app)
    refused = begin(person, address)
    page = check_page(refused, 429)
    assert "started many times with your personal link" in page.text
    minutes = -(-int(refused.headers["Retry-After"]) // 60)
    assert f"Try again in {minutes} minutes." in page.text
    assert minutes <= 24 * 60 // BEGINNINGS_BY_ONE.tries + 1
    assert read_records(app) == before
    assert begin(person, other).status_code == 303


def test_a_form_of_an_invitation_that_is_sent_again_does_not_count(
    app: Flask, campaign: Campaign
) -> None:
    person = Visitor(app.test_client())
    address = f"/en/invitations/{invite(app, campaign)}/begin"
    fields = {"csrf_token": person.csrf, "token": secrets.token_urlsafe(32), "device": "own"}
    for _ in range(BEGINNINGS_BY_ONE.tries + 5):
        assert person.post(address, fields).status_code == 303


def test_a_counsellors_link_for_one_client_does_not_count_for_the_address(
    app: Flask, carl: StaffMember
) -> None:
    person = Visitor(app.test_client())
    addresses = [f"{find_address(carl, make_link(carl, uses='1'))}/begin" for _ in range(LIMIT + 2)]
    assert [begin(person, each).status_code for each in addresses] == [303] * (LIMIT + 2)
    assert read_records(app)["throttle"] == []

    change_behind(app, "UPDATE link SET started = 0")
    statuses = []
    for _ in range(BEGINNINGS_BY_ONE.tries):
        statuses.append(begin(person, addresses[0]).status_code)
        change_behind(app, "UPDATE link SET started = 0")
    assert statuses == [303] * (BEGINNINGS_BY_ONE.tries - 1) + [429]


def test_no_row_tells_who_has_begun_by_an_invitation(app: Flask, campaign: Campaign) -> None:
    person = Visitor(app.test_client())
    address = f"/en/invitations/{invite(app, campaign)}/begin"
    before = read_records(app)
    begin(person, address)
    after = read_records(app)
    assert len(after["attempt"]) == len(before["attempt"]) + 1
    for table in set(after) - {"attempt", "pack"}:
        assert after[table] == before[table], table


def test_a_used_invitation_opened_often_is_no_wrong_link(
    app: Flask, campaign: Campaign, alice: Respondent, mallory: Respondent
) -> None:
    token = invite(app, campaign)
    take(alice, token)
    for _ in range(LIMIT + 2):
        assert alice.client.get(f"/en/invitations/{token}").status_code == 404
        assert alice.client.get(f"/en/invitations/{token}/begin").status_code == 303
        assert mallory.client.get(f"/en/invitations/{token}").status_code == 200
    assert mallory.client.get(f"/en/invitations/{secrets.token_urlsafe(32)}").status_code == 404
