"""Forms that make something new make it once: a double click, a reload or a hasty second try makes no other one."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.web.support.app_fixtures import MakeApp
from tests.web.support.campaigning import fill, read_campaigns, send, today
from tests.web.support.downloading import download
from tests.web.support.records import change_behind, read_records
from tests.web.support.staff_member import StaffMember


@pytest.mark.parametrize("kind", ["open", "personal"])
def test_the_form_of_a_campaign_sent_twice_makes_one(make_app: MakeApp, kind: str) -> None:
    hana = StaffMember(make_app(yearly_factor=1_000_000), "Hana", "hr")
    form = hana.open("/en/campaigns/new").find_form("/campaigns/new")
    typed = fill(kind=kind, seed=form.fields["seed"])
    places = [hana.post(form.action, {**form.fields, **typed}).location for _ in range(2)]
    (campaign,) = read_campaigns(hana)
    assert places == [f"/en/campaigns/{campaign.id}?done=campaign-created"] * 2
    assert [row[-2] for row in read_records(hana.app)["audit"]] == ["campaign-created"]
    days = {"closes_on": str(today() + timedelta(1))}
    changes: dict[str, object] = {
        "title": "Autumn",
        "units": "Sales",
        **days,
        "statistics": ["lean"],
    }
    for number, (name, value) in enumerate(changes.items()):
        send(hana, form.action, typed | {name: value})
        assert len(read_campaigns(hana)) == 2 + number, f"another {name} is another campaign"


def test_an_old_form_of_a_campaign_that_has_another_name_now_leads_to_the_list(
    hana: StaffMember,
) -> None:
    typed = fill(seed="ab" * 16)
    send(hana, "/en/campaigns/new", typed)
    change_behind(hana.app, "UPDATE campaign SET title = 'Renamed'")
    hana.open("/en/campaigns")
    assert (
        hana.post("/en/campaigns/new", {"csrf_token": hana.read_token(), **typed}).location
        == "/en/campaigns"
    )
    assert len(read_campaigns(hana)) == 1


def test_the_seed_of_anothers_campaign_is_as_good_as_any(app: Flask, hana: StaffMember) -> None:
    harry = StaffMember(app, "Harry", "hr")
    for person in (hana, harry):
        send(person, "/en/campaigns/new", fill(seed="ab" * 16))
        assert len(read_campaigns(person)) == 1


def test_a_form_for_invitations_sent_twice_makes_them_once_and_says_so(hana: StaffMember) -> None:
    campaign, other = hana.create(is_personal=True), hana.create("Other", is_personal=True)
    address = f"/en/campaigns/{campaign.id}/invitations"
    form = hana.open(address).find_form("/invitations")
    said = [hana.send(form, number="2").text for _ in range(2)]
    assert ["There are 2 invitations" in text for text in said] == [True, True]
    assert ["made once" in text for text in said] == [False, True]
    actions = [row[-2] for row in read_records(hana.app)["audit"]]
    assert actions.count("invitations-made") == 1
    hana.send(hana.page.find_form("/invitations"), number="2")
    hana.send(form, number="3")
    assert "There are 7 invitations" in hana.page.text
    send(hana, f"/en/campaigns/{other.id}/invitations", {**form.fields, "number": "2"})
    assert len(download(hana, other)) == 2
