"""All dead invitations look the same, and a short code leads to its invitation."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text

from fitquiz.store.accounts.rate_limit_counters import RateLimit
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign
from fitquiz.store.campaigns.invitations import list_open_links
from fitquiz.web.limits import rate_limits
from fitquiz.web.security.link_tokens import code_of
from fitquiz.web.site.database_session import get_session, writing
from tests.web.support.answering import agree
from tests.web.support.inviting import invite, open_link, take
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

DEEDS = {
    "revoked": "UPDATE invitation SET is_revoked = 1",
    "expired": "UPDATE campaign SET closes_on = '2020-01-01'",
    "deleted": "DELETE FROM campaign",
}


USED = "UPDATE invitation SET is_spent = 1"
RANDOM = re.compile(r"[\w.-]{30,}|\b\d{13}\b")
"""Matches tokens and milliseconds, which differ from one visit to the next."""


def come_to_the_check(person: Respondent, token: str) -> str:
    """Begin with an invitation, answer everything, and return the address of the attempt."""
    person.open(f"/en/invitations/{token}/begin")
    person.send(person.page.find_form("/begin"))
    base = person.base
    person.answer_all(agree(people=4))
    return base


def look(person: Respondent, token: str, base: str) -> list[str]:
    """Return all that a device sees of an invitation before it sends answers, without what is random."""
    addresses = [f"/en/invitations/{token}", f"/en/invitations/{token}/begin"]
    addresses += [f"{base}/{page}" for page in ("items/autonomy-1", "check", "counted", "delete")]
    texts = [person.open(address).response.text for address in addresses]
    handle = base.rpartition("/")[2]
    return [RANDOM.sub("", text.replace(handle, "")) for text in texts]


@pytest.mark.parametrize("has_begun", [True, False])
def test_until_answers_are_sent_a_used_invitation_looks_like_an_unused_one_to_others(
    app: Flask, hana: StaffMember, has_begun: bool
) -> None:
    token = invite(app, hana.create(is_personal=True))
    first, second = Respondent(app.test_client()), Respondent(app.test_client())
    unused = look(first, token, come_to_the_check(first, token))
    if has_begun:
        base = come_to_the_check(second, token)
    change_behind(app, USED)
    if not has_begun:
        base = come_to_the_check(second, token)
    assert look(second, token, base) == unused


@pytest.mark.parametrize("deed", DEEDS)
def test_a_dead_invitation_looks_just_like_a_random_one(
    app: Flask, mallory: Respondent, hana: StaffMember, deed: str
) -> None:
    token = invite(app, hana.create(is_personal=True))
    with app.app_context(), writing() as session:
        session.execute(text(DEEDS[deed]))
    texts = [
        mallory.open(f"/en/invitations/{each}", 404).response.text.replace(each, "")
        for each in (token, "A" * 43)
    ]
    assert texts[0] == texts[1]
    assert "does not work" in mallory.open(f"/en/invitations/{token}/begin", 404).text


def test_a_closed_campaign_is_a_dead_end(
    app: Flask, mallory: Respondent, hana: StaffMember
) -> None:
    campaign = hana.create()
    token = open_link(app, campaign)
    with app.app_context(), writing() as session:
        close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
    mallory.open(f"/en/invitations/{token}", 404)


def test_the_device_that_has_used_an_invitation_is_told_the_way_back(
    app: Flask, alice: Respondent, mallory: Respondent, hana: StaffMember
) -> None:
    token = invite(app, hana.create(is_personal=True))
    take(alice, token)
    way_back = f"{alice.base}/"
    page = alice.open(f"/en/invitations/{token}", 404)
    assert page.h1 == "You have already used this invitation"
    assert way_back in page.links
    assert alice.open(f"/en/invitations/{token}/begin", 404).h1 == page.h1
    assert mallory.open(f"/en/invitations/{token}").h1 == "Spring"


def test_looking_at_an_invitation_sets_no_cookie_and_uses_nothing_up(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    token, before = invite(app, hana.create(is_personal=True)), read_records(app)
    for method in ("GET", "HEAD"):
        response = alice.client.open(f"/en/invitations/{token}", method=method)
        assert (response.status_code, response.headers.get("Set-Cookie")) == (200, None)
    assert read_records(app)["invitation"] == before["invitation"] or before["invitation"] == []


@pytest.mark.parametrize(
    "change", [str, str.lower, lambda code: code.replace("-", " ").replace("0", "o")]
)
def test_a_code_leads_to_its_invitation_however_it_is_typed(
    app: Flask, alice: Respondent, hana: StaffMember, change: Callable[[str], str]
) -> None:
    campaign = hana.create("Spring round")
    with app.app_context():
        code = code_of(list_open_links(get_session(), campaign.id)[0].seed)
    alice.open("/en/code")
    alice.send(alice.page.find_form("/code"), code=change(code))
    assert alice.page.h1 == "Spring round"


def test_a_wrong_code_is_kept_and_too_many_are_refused(
    alice: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "CODES_PER_ADDRESS", RateLimit("code", 3, 10))
    alice.open("/en/code")
    for _ in range(3):
        alice.send(alice.page.find_form("/code"), 400, code="ABCDE-FGHJK")
    assert alice.page.find_all("input", name="code")[0].get("value") == "ABCDE-FGHJK"
    alice.send(alice.page.find_form("/code"), 429, code="ABCDE-FGHJK")
    assert int(alice.page.response.headers["Retry-After"]) > 0


def test_the_page_tells_what_is_counted_and_that_single_answers_are_not_seen(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    token = open_link(app, hana.create(statistics="lean:1/3 strongest:1/2", threshold=7))
    words = alice.open(f"/en/invitations/{token}").text
    for each in (
        "HR at Fjord",
        "points to front office",
        "area is strongest",
        "at least 7 answers",
    ):
        assert each in words
    assert re.search("more than once", words)
