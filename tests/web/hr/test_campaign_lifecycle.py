"""A campaign's course: paused, closed and deleted by its owner, listed as it stands, each deed in the log."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from fitquiz.web.site.db import get_session
from tests.web.support.campaigning import edit, fill, read_campaigns, see, send, today
from tests.web.support.inviting import open_link, take
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember


def test_a_pause_lets_nobody_start_until_it_ends(
    app: Flask, hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create()
    address = f"/en/invitations/{open_link(app, campaign)}"
    hana.open(f"/en/campaigns/{campaign.id}")
    assert "Paused" in hana.send(hana.page.find_form("/pause")).text
    assert "paused" in mallory.open(address).text
    assert "/begin" not in " ".join(mallory.page.links)
    hana.send(hana.page.find_form("/resume"))
    mallory.open(mallory.open(address).find_link("/begin"))


def test_closing_asks_first_and_says_what_will_be_shown(
    app: Flask, hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create()
    words = hana.open(f"/en/campaigns/{campaign.id}/close").text
    assert see(hana, campaign).closed_at is None
    assert "fewer than 5 answers in all, nothing is shown" in words
    form = hana.page.find_form("/close")
    assert "Closed" in hana.send(form).text
    first = see(hana, campaign).closed_at
    hana.send(form)
    assert see(hana, campaign).closed_at == first
    mallory.open(f"/en/invitations/{open_link(app, campaign)}", 404)


def test_deleting_names_what_goes_and_twice_is_harmless(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    campaign, other = hana.create(), hana.create("Other")
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


def test_every_deed_is_in_the_log_with_its_campaign(hana: StaffMember) -> None:
    send(hana, "/en/campaigns/new", fill())
    (campaign,) = read_campaigns(hana)
    base = f"/en/campaigns/{campaign.id}"
    send(hana, f"{base}/edit", edit(campaign, split_from="30", statistics=["lean", "strongest"]))
    for deed in ("pause", "close", "delete"):
        send(hana, f"{base}/{deed}", {})
    with hana.app.app_context():
        rows = (
            get_session()
            .connection()
            .execute(text("SELECT action, subject FROM audit ORDER BY id"))
            .all()
        )
    deeds = [row.action for row in rows if row.subject == "Spring round"]
    assert deeds == [
        "campaign-created",
        "campaign-changed",
        "campaign-changed",
        "campaign-closed",
        "campaign-deleted",
    ]


@pytest.mark.parametrize("campaign_id", ["0", str(2**31), "9" * 40])
def test_an_id_that_can_be_none_is_not_found(hana: StaffMember, campaign_id: str) -> None:
    hana.open(f"/en/campaigns/{campaign_id}", 404)


def test_a_list_shows_how_each_campaign_stands(hana: StaffMember) -> None:
    hana.create("First", opens_on=today() + timedelta(2))
    hana.create("Second", opens_on=today() - timedelta(9), closes_on=today() - timedelta(1))
    hana.create("Third")
    rows = hana.open("/en/campaigns").list_texts("li")
    for name, state in (("First", "Not open yet"), ("Second", "Closed"), ("Third", "Open")):
        assert [row for row in rows if name in row and state in row], name
