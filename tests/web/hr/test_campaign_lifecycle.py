"""The owner pauses, closes and deletes a campaign. Each action has an entry in the audit log."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from fitquiz.web.site.database_session import get_session
from tests.web.support.campaigning import edit, fill, read_campaigns, see, send, today
from tests.web.support.inviting import open_link, take
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember


def test_no_respondent_can_start_during_a_pause(
    app: Flask, hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create()
    address = f"/en/invitations/{open_link(app, campaign)}"
    hana.open(f"/en/campaigns/{campaign.id}")
    page = hana.send(hana.page.find_form("/pause"))
    assert "Paused" in page.text
    page = mallory.open(address)
    assert "paused" in page.text
    assert "/begin" not in " ".join(page.links)

    hana.send(hana.page.find_form("/resume"))
    page = mallory.open(address)
    mallory.open(page.find_link("/begin"))


def test_closing_asks_for_confirmation_and_says_what_will_be_shown(
    app: Flask, hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create()
    words = hana.open(f"/en/campaigns/{campaign.id}/close").text
    assert see(hana, campaign).closed_at is None
    assert "fewer than 5 answers in all, nothing is shown" in words
    form = hana.page.find_form("/close")
    page = hana.send(form)
    assert "Closed" in page.text
    first = see(hana, campaign).closed_at
    hana.send(form)
    assert see(hana, campaign).closed_at == first
    mallory.open(f"/en/invitations/{open_link(app, campaign)}", 404)


def test_deleting_lists_what_goes_and_is_harmless_when_it_is_repeated(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    campaign = hana.create()
    other = hana.create("Other")
    take(alice, open_link(app, campaign))
    words = hana.open(f"/en/campaigns/{campaign.id}/delete").text
    for each in ("links and invitations", "wait to be sealed", "stay in the ledger"):
        assert each in words
    form = hana.page.find_form("/delete")
    hana.send(form)
    hana.send(form, 404)
    assert [each.id for each in read_campaigns(hana)] == [other.id]
    assert read_records(app)["pending"] == []
    alice.open(f"{alice.base}/result")


def test_every_action_is_in_the_audit_log_with_its_campaign(hana: StaffMember) -> None:
    send(hana, "/en/campaigns/new", fill())
    (campaign,) = read_campaigns(hana)
    base = f"/en/campaigns/{campaign.id}"
    changed = edit(campaign, split_from="30", statistics=["lean", "strongest"])
    send(hana, f"{base}/edit", changed)
    for action in ("pause", "close", "delete"):
        send(hana, f"{base}/{action}", {})

    query = text("SELECT action, subject FROM audit ORDER BY id")
    with hana.app.app_context():
        rows = get_session().connection().execute(query).all()
    actions = [row.action for row in rows if row.subject == "Spring round"]
    assert actions == [
        "campaign-created",
        "campaign-changed",
        "campaign-changed",
        "campaign-closed",
        "campaign-deleted",
    ]


@pytest.mark.parametrize("campaign_id", ["0", str(2**31), "9" * 40])
def test_an_impossible_id_is_not_found(hana: StaffMember, campaign_id: str) -> None:
    hana.open(f"/en/campaigns/{campaign_id}", 404)


def test_the_list_shows_the_state_of_each_campaign(hana: StaffMember) -> None:
    yesterday = today() - timedelta(1)
    hana.create("First", opens_on=today() + timedelta(2))
    hana.create("Second", opens_on=yesterday - timedelta(8), closes_on=yesterday)
    hana.create("Third")
    rows = hana.open("/en/campaigns").list_texts("li")
    for name, state in (("First", "Not open yet"), ("Second", "Closed"), ("Third", "Open")):
        (row,) = [row for row in rows if name in row]
        assert state in row


def test_a_closed_survey_shows_the_day_on_which_it_was_closed(hana: StaffMember) -> None:
    campaign = hana.create()
    page = hana.open(f"/en/campaigns/{campaign.id}/close")
    assert page.h1 == "Close “Spring”?"
    hana.send(page.find_form("/close"))
    planned = f"{campaign.closes_on:%-d %B %Y}"
    for address in ("/en/campaigns", f"/en/campaigns/{campaign.id}"):
        text = hana.open(address).text
        assert f"to {today():%-d %B %Y}" in text
        assert planned not in text
    assert hana.open(f"/en/campaigns/{campaign.id}/delete").h1 == "Delete “Spring”?"


def test_a_survey_that_is_closed_before_its_first_day_says_so(hana: StaffMember) -> None:
    campaign = hana.create(opens_on=today() + timedelta(3))
    page = hana.open(f"/en/campaigns/{campaign.id}/close")
    text = hana.send(page.find_form("/close")).text
    assert f"Closed on {today():%-d %B %Y}, before its first day" in text


def test_a_closed_survey_offers_no_more_invitations(hana: StaffMember) -> None:
    campaign = hana.create(is_personal=True, units="IT; 9")
    address = f"/en/campaigns/{campaign.id}/invitations"
    stale = hana.open(address)
    hana.send(hana.open(f"/en/campaigns/{campaign.id}/close").find_form("/close"))

    page = hana.open(address)
    assert "nobody can be invited any more" in page.text
    assert "Make more" not in page.text
    assert "Make one for each person" not in page.text
    for form, changes in (
        (stale.find_form("/invitations"), {"number": "3"}),
        (stale.find_form("/everybody"), {}),
    ):
        assert "because the survey is over" in hana.send(form, 400, **changes).text
    assert read_records(hana.app)["invitation"] == []
