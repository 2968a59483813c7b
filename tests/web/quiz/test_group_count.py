"""A respondent with an invitation is counted once, and can take it back until it is sealed."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from fitquiz.config.settings import read_settings
from fitquiz.core.secrets.tickets import AGAIN, COUNTED, open_ticket
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.server.housekeeping import seal_due
from fitquiz.store.attempts.attempts import find_attempt
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign, pause_campaign
from fitquiz.web.site.database_session import get_session, writing
from tests.web.support.answering import agree
from tests.web.support.clock import find_today
from tests.web.support.counselling import find_address, make_link
from tests.web.support.inviting import invite, open_link, read_pending, take
from tests.web.support.records import listing_statements, read_database, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember


def test_who_comes_by_an_invitation_is_counted_when_the_answers_are_sent(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    token = open_link(app, hana.create())
    alice.open(f"/en/invitations/{token}/begin")
    alice.send(alice.page.find_form("/begin"))
    assert read_pending(app) == []
    take(alice, token, begin=False)
    ((key, _campaign, unit, cells),) = read_pending(app)
    assert isinstance(key, bytes)
    assert (len(key), unit, cells) == (32, 0, "1")
    assert "counted in" not in alice.page.text
    assert alice.page.find_link("/counted") == f"{alice.base}/counted"
    assert "Counted for HR at Fjord: " in alice.page.text
    assert "Take my answers out" in alice.page.text
    assert "sealed together" in alice.open(f"{alice.base}/counted").text


def test_who_starts_without_being_counted_is_not(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    alice.open(f"/en/invitations/{open_link(app, hana.create())}")
    alice.open(alice.page.find_link("/packs/front-back-office/begin"))
    alice.send(alice.page.find_form("/begin"))
    take(alice, "", begin=False)
    assert read_pending(app) == []
    alice.open(f"{alice.base}/counted", 404)


def test_the_database_alone_does_not_tell_who_is_counted(
    app: Flask, alice: Respondent, mallory: Respondent, hana: StaffMember
) -> None:
    take(alice, open_link(app, hana.create()))
    mallory.take(agree())
    with read_database(app).engine.connect() as connection:
        tickets = connection.execute(text("SELECT ticket FROM attempt ORDER BY id")).scalars().all()
    assert len({len(ticket) for ticket in tickets}) == 1
    token = alice.find_token()
    assert [open_ticket(ticket, token).state == COUNTED for ticket in tickets] == [True, False]


def test_nothing_in_the_database_joins_an_attempt_to_what_waits(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    take(alice, open_link(app, hana.create()))
    records = read_records(app)
    (pending,), (attempt,) = records["pending"], records["attempt"]
    assert isinstance(pending[0], bytes)
    assert pending[0] not in attempt
    assert not [value for value in pending if isinstance(value, datetime)]


def test_a_response_can_be_taken_out_until_it_is_sealed(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    take(alice, open_link(app, hana.create()))
    alice.open(f"{alice.base}/counted")
    alice.send(alice.page.find_form("/counted"))
    assert "You have taken your answers out" in alice.page.text
    assert read_pending(app) == []
    alice.open(f"{alice.base}/result")


def test_deleting_the_answers_takes_the_response_out_too(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    take(alice, open_link(app, hana.create()))
    assert "group figures" in alice.open(f"{alice.base}/delete").text
    alice.send(alice.page.find_form("/delete"))
    assert read_pending(app) == []


def reads_of_figures(person: Respondent) -> bool:
    """Whether the page that deletes an attempt says that answers go from the group figures."""
    return "group figures" in person.open(f"{person.base}/delete").text


def test_only_an_attempt_that_is_counted_reads_of_group_figures_when_it_is_deleted(
    app: Flask, alice: Respondent, mallory: Respondent, hana: StaffMember
) -> None:
    token = invite(app, hana.create(is_personal=True))
    for person in (alice, mallory):
        person.open(f"/en/invitations/{token}/begin")
        person.send(person.page.find_form("/begin"))
        assert not reads_of_figures(person)
    for person in (alice, mallory):
        person.open(f"{person.base}/")
        take(person, token, begin=False)
    assert reads_of_figures(alice)
    assert not reads_of_figures(mallory), "the invitation was used already"

    before = read_pending(app)
    mallory.send(mallory.page.find_form("/delete"))
    assert read_pending(app) == before
    alice.open(f"{alice.base}/counted")
    alice.send(alice.page.find_form("/counted"))
    assert not reads_of_figures(alice), "the answers are taken out already"


def test_a_second_attempt_by_a_counsellors_link_reads_of_no_group_figures(
    app: Flask, alice: Respondent, carl: StaffMember
) -> None:
    address = find_address(carl, make_link(carl))
    for _ in range(2):
        alice.open(f"{address}/begin")
        alice.send(alice.page.find_form("/begin"))
        take(alice, "", begin=False)
        assert not reads_of_figures(alice)
    token = alice.find_token()
    with app.app_context():
        attempt = find_attempt(get_session(), hash_token(token))
    assert attempt is not None
    assert open_ticket(attempt.ticket, token).state == AGAIN


def test_more_answers_change_what_waits_and_add_nothing(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    take(alice, open_link(app, hana.create(statistics="leading:3/4")))
    before = read_pending(app)
    alice.send(alice.page.find_form("/parts/leading"))
    alice.answer_all({f"leading-{number}": 4 for number in range(1, 9)})
    alice.finish()
    ((key, *_, cells),) = read_pending(app)
    assert (key, before[0][-1], str(cells)[0]) == (before[0][0], "000", "1")


def test_after_the_seal_nothing_leads_back(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    campaign = hana.create()
    take(alice, open_link(app, campaign))
    with app.app_context(), writing() as session:
        session.execute(
            text(
                "INSERT INTO pending SELECT randomblob(32), campaign_id, unit_id, cells FROM pending"
            )
        )
        for _ in range(3):
            session.execute(
                text(
                    "INSERT INTO pending SELECT randomblob(32), campaign_id, unit_id, cells FROM pending"
                )
            )
        close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
    (sealed,) = seal_due(read_database(app), read_settings({}), datetime.now(UTC))
    assert sealed.responses == 16
    assert "nothing in them leads back to you" in alice.open(f"{alice.base}/counted").text
    assert alice.page.forms == []


def test_conditions_are_asked_only_where_they_are_counted(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    token = open_link(app, hana.create(statistics="lean:1/3 conditions:3/4"))
    alice.open(f"/en/invitations/{token}")
    assert "34 short statements" in alice.page.text
    take(alice, token)
    assert "fixed-hours" in alice.client.get(f"{alice.base}/answers.csv").text


@pytest.mark.parametrize("end", ["closed", "deleted"])
def test_who_sends_too_late_is_told_and_keeps_the_result(
    app: Flask, alice: Respondent, hana: StaffMember, end: str
) -> None:
    campaign = hana.create()
    token = open_link(app, campaign)
    alice.open(f"/en/invitations/{token}/begin")
    alice.send(alice.page.find_form("/begin"))
    with app.app_context(), writing() as session:
        if end == "closed":
            close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
        else:
            session.execute(text("DELETE FROM campaign"))
    take(alice, token, begin=False)
    assert "were not counted" in alice.page.text
    assert "over or full" in alice.open(f"{alice.base}/counted").text
    assert read_pending(app) == []


def test_who_has_begun_before_a_pause_is_counted(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    campaign = hana.create()
    token = open_link(app, campaign)
    alice.open(f"/en/invitations/{token}/begin")
    alice.send(alice.page.find_form("/begin"))
    with app.app_context(), writing() as session:
        pause_campaign(session, campaign.id, True)
    take(alice, token, begin=False)
    assert len(read_pending(app)) == 1


def test_of_two_browsers_with_one_invitation_one_is_counted(
    app: Flask, alice: Respondent, mallory: Respondent, hana: StaffMember
) -> None:
    token = invite(app, hana.create(is_personal=True))
    for person in (alice, mallory):
        person.open(f"/en/invitations/{token}/begin")
        person.send(person.page.find_form("/begin"))
    take(alice, token, begin=False)
    take(mallory, token, begin=False)
    assert len(read_pending(app)) == 1
    assert "invitation had already been used" in mallory.open(f"{mallory.base}/counted").text


def test_a_withdrawn_invitation_can_be_used_again(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    token = invite(app, hana.create(is_personal=True))
    take(alice, token)
    alice.open(f"/en/invitations/{token}", 404)
    assert alice.page.find_link("/attempts/")
    alice.open(alice.page.find_link("/attempts/"))
    alice.open(f"{alice.base}/counted")
    alice.send(alice.page.find_form("/counted"))
    take(alice, token)
    assert len(read_pending(app)) == 1


def test_the_page_of_an_invitation_says_how_many_people_are_stated_and_the_cap(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    campaign = hana.create(units="IT; 12\nSales", cap=90)
    hana.open(f"/en/campaigns/{campaign.id}/links")
    whole, it, sales = [link for link in hana.page.links if "/invitations/" in link]
    assert "people work there" not in alice.open(whole).text
    assert "count 12 people there" in alice.open(it).text
    assert "We have not been told how many people work there" in alice.open(sales).text
    assert "The survey counts at most 90 answers" in alice.page.text


def test_a_campaign_that_has_not_opened_or_is_paused_says_so(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    later = find_today() + timedelta(3)
    token = open_link(app, hana.create(opens_on=later))
    assert "This survey opens on" in alice.open(f"/en/invitations/{token}").text
    assert not [link for link in alice.page.links if link.endswith("/begin")]
    assert "This survey opens on" in alice.open(f"/en/invitations/{token}/begin").text


def test_a_counted_submit_is_one_insert_more(
    app: Flask, alice: Respondent, mallory: Respondent, hana: StaffMember
) -> None:
    campaign = hana.create()
    take(
        Respondent(app.test_client()), open_link(app, campaign)
    )  # The first response freezes the campaign.
    mallory.start()
    alice.open(f"/en/invitations/{open_link(app, campaign)}/begin")
    alice.send(alice.page.find_form("/begin"))
    written = {}
    for person in (alice, mallory):
        person.answer_all(agree(people=4))
        with listing_statements(app) as statements:
            person.post(
                person.page.find_form("/check").action, person.page.find_form("/check").fields
            )
        written[person.handle] = [
            each.split()[0] for each in statements if not each.startswith("SELECT")
        ]
    assert sorted(written[alice.handle]) == sorted([*written[mallory.handle], "INSERT"])
