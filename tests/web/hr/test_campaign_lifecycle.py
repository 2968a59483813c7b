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
