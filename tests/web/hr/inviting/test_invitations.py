"""Open links and posters, personal invitations for mail merge, revoked invitations, and units."""

from datetime import timedelta

import pytest
from flask import Flask

from fitquiz.core.secrets.link_codes import read_code
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import add_invitations, count_personal
from fitquiz.store.campaigns.units import list_units
from fitquiz.web.hr.invitation_links import make_invitations
from fitquiz.web.hr.units import name_units
from fitquiz.web.hr.versions import write_version
from fitquiz.web.site.database_session import get_session, writing
from tests.web.support.campaigning import read_values, send, send_wrong, today
from tests.web.support.downloading import download
from tests.web.support.inviting import take
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

HOSTILE = "=cmd()|<script>alert(1)</script>".replace(">", " ")


def make(person: StaffMember, campaign: Campaign, number: int) -> None:
    send(person, f"/en/campaigns/{campaign.id}/invitations", {"unit": "0", "number": str(number)})


def locate(link: str) -> str:
    """Return the path of a full address."""
    return link.removeprefix("http://localhost")


def test_each_open_link_has_a_poster_with_its_address_and_code(
    hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create()
    page = hana.open(f"/en/campaigns/{campaign.id}/links")
    links = [link for link in page.links if "/links/" in link]
    posters = [link for link in links if not link.endswith("/renew")]
    assert len(posters) == 1 + 4
    page = hana.open(posters[1])
    assert page.h1 == "Spring"
    (drawing,) = page.find_all("div", role="img")
    assert "QR code" in drawing.get("aria-label", "")
    (address,) = page.list_texts("p", **{"class": "address"})
    mallory.open(locate(address))
    assert mallory.page.h1 == "Spring"


def test_a_replaced_link_leads_nowhere_and_the_new_one_does(
    hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create()
    address = f"/en/campaigns/{campaign.id}/links"
    old = hana.open(address).find_link("/invitations/")
    hana.open(hana.page.find_link("/renew"))
    hana.send(hana.page.find_form("/renew"))
    new = [link for link in hana.page.links if "/invitations/" in link]
    assert old not in new
    mallory.open(old, 404)
    for link in new:
        mallory.open(link)


def test_each_person_gets_exactly_one_invitation(app: Flask, hana: StaffMember) -> None:
    campaign = hana.create(is_personal=True, units="Sales; 30\nSales > Oslo; 12\nIT; 9\nBoard")
    for _ in range(2):
        hana.open(f"/en/campaigns/{campaign.id}/invitations")
        hana.send(hana.page.find_form("/everybody"))
    with app.app_context():
        units = {unit.path: unit.id for unit in list_units(get_session(), campaign.id)}
        counts = count_personal(get_session(), campaign.id)
    assert counts == {units["Sales",]: 18, units["Sales", "Oslo"]: 12, units["IT",]: 9}


def test_the_file_for_mail_merge_holds_links_and_codes_that_work(
    hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create(is_personal=True, units=HOSTILE)
    hana.open(f"/en/campaigns/{campaign.id}/invitations")
    make(hana, campaign, 3)
    rows = download(hana, campaign)
    assert len(rows) == 3
    assert len({row["link"] for row in rows}) == 3
    assert len({row["code"] for row in rows}) == 3
    for row in rows:
        assert read_code(row["code"]) == row["code"]
        mallory.open(locate(row["link"]))
        mallory.open("/en/code")
        mallory.send(mallory.page.find_form("/code"), code=row["code"].lower())
        assert mallory.page.h1 == "Spring"


def test_no_cell_of_the_file_is_a_formula(app: Flask, hana: StaffMember) -> None:
    campaign = hana.create(is_personal=True, units=f"{HOSTILE}; 2")
    hana.open(f"/en/campaigns/{campaign.id}/invitations")
    hana.send(hana.page.find_form("/everybody"))
    units = {row["unit"] for row in download(hana, campaign)}
    assert units == {f"'{HOSTILE.strip()}"}


@pytest.mark.parametrize(
    ("number", "words"), [("0", "too small"), ("5001", "too small"), ("", "fill"), ("x", "whole")]
)
def test_an_impossible_number_adds_no_invitation(
    hana: StaffMember, number: str, words: str
) -> None:
    campaign = hana.create(is_personal=True)
    fields = {"unit": "0", "number": number}
    page = send_wrong(hana, f"/en/campaigns/{campaign.id}/invitations", fields)
    assert words in page.text
    assert read_records(hana.app)["invitation"] == []


def test_too_many_invitations_are_refused_as_a_whole(hana: StaffMember) -> None:
    campaign = hana.create(is_personal=True)
    for _ in range(4):
        make(hana, campaign, 5000)
    address = f"/en/campaigns/{campaign.id}/invitations"
    form = {"unit": "0", "number": "1", "seed": "ab" * 16}
    page = send_wrong(hana, address, form)
    assert "more than one survey can have" in page.text

    change_behind(hana.app, "UPDATE invitation SET is_revoked = (id % 2 = 0)")
    send(hana, address, form)
    assert len(read_records(hana.app)["invitation"]) == 20_001


def test_a_unit_of_another_campaign_is_refused(hana: StaffMember) -> None:
    campaign = hana.create(is_personal=True)
    other = hana.create("Other")
    with hana.app.app_context():
        foreign, *_ = list_units(get_session(), other.id)
    address = f"/en/campaigns/{campaign.id}/invitations"
    for unit in (str(foreign.id), "none"):
        send_wrong(hana, address, {"unit": unit, "number": "1"})


def test_revoked_invitations_look_like_unknown_ones_and_others_work(
    hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create(is_personal=True)
    make(hana, campaign, 3)
    first, second, third = download(hana, campaign)
    lines = f"{first['link']}\r\n\r\n {second['code'].lower()} "
    send(
        hana, f"/en/campaigns/{campaign.id}/invitations/revoke", {"named": lines, "step": "revoke"}
    )
    unknown = mallory.open(f"/en/invitations/{'A' * 43}", 404).text
    for row in (first, second):
        revoked = mallory.open(locate(row["link"]), 404).text
        assert revoked == unknown
    mallory.open(locate(third["link"]))


def test_nothing_is_revoked_if_a_line_names_no_invitation(
    hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create(is_personal=True)
    other = hana.create("Other", is_personal=True)
    make(hana, campaign, 1)
    make(hana, other, 1)
    (own,) = download(hana, campaign)
    (foreign,) = download(hana, other)
    lines = f"{own['code']}\n{foreign['code']}\n<b>nonsense</b>"
    page = send_wrong(hana, f"/en/campaigns/{campaign.id}/invitations/revoke", {"named": lines})
    assert "<b>nonsense</b>" in page.text
    assert lines in read_values(page)["named"]
    for row in (own, foreign):
        mallory.open(locate(row["link"]))


def test_no_page_shows_which_invitations_were_used(hana: StaffMember, alice: Respondent) -> None:
    campaign = hana.create(is_personal=True)
    address = f"/en/campaigns/{campaign.id}/invitations"
    make(hana, campaign, 2)
    before = hana.open(address).text
    rows = download(hana, campaign)
    used, unused = rows
    _, _, token = used["link"].rpartition("/")
    take(alice, token)
    assert hana.open(address).text == before
    assert download(hana, campaign) == rows

    for row in (used, unused):
        send(hana, f"{address}/revoke", {"named": row["code"], "step": "revoke"})
        page = hana.open(f"{address}?done=revoked")
        assert "named works any more" in page.text


def test_ten_thousand_units_are_too_many_and_stay_in_the_form(hana: StaffMember) -> None:
    lines = [f"Department {number // 100} > Team {number}; 12" for number in range(10_000)]
    text = "\n".join(lines)
    campaign = hana.create(opens_on=today() + timedelta(1))
    page = send_wrong(hana, f"/en/campaigns/{campaign.id}/units", {"units": text})
    assert "more than 1,000 units" in page.text
    assert read_values(page)["units"].strip() == text
    assert len(read_records(hana.app)["unit"]) == 4


def test_every_fault_of_the_units_is_listed_with_its_line(hana: StaffMember) -> None:
    text = "Sales > Oslo\nsales > OSLO\nSales > Sales\nA > B > C > D\n > Oslo\nIT; many"
    campaign = hana.create(opens_on=today() + timedelta(1))
    page = send_wrong(hana, f"/en/campaigns/{campaign.id}/units", {"units": text})
    faults = page.list_texts("li")
    for line, words in (
        (2, "there twice"),
        (3, "inside itself"),
        (4, "three levels"),
        (5, "missing"),
        (6, "no whole"),
    ):
        (fault,) = [each for each in faults if f"Line {line}:" in each]
        assert words in fault


def read_version(person: StaffMember, campaign: Campaign) -> str:
    with person.app.app_context():
        return write_version(name_units(list_units(get_session(), campaign.id)))


def test_units_are_frozen_from_the_first_day_on(hana: StaffMember) -> None:
    campaign = hana.create()
    before = read_records(hana.app)["unit"]
    address = f"/en/campaigns/{campaign.id}/units"
    page = send_wrong(hana, address, {"units": "Other", "version": read_version(hana, campaign)})
    assert "because the survey has opened" in page.text
    assert "units stand as they are" in page.text
    assert read_records(hana.app)["unit"] == before


def test_replaced_units_keep_the_links_of_units_that_stay(
    hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create(
        opens_on=today() + timedelta(1), closes_on=today() + timedelta(5), units="Sales\nIT"
    )
    page = hana.open(f"/en/campaigns/{campaign.id}/links")
    links = [each for each in page.links if "/invitations/" in each]
    hana.open(f"/en/campaigns/{campaign.id}/units")
    hana.send(hana.page.find_form("/units"), units="Sales\nBoard")
    statuses = [mallory.client.get(link).status_code for link in links]
    assert statuses == [200, 200, 200], "the page has only asked"
    hana.send(hana.page.find_form("/units"), button="Remove 1 unit")
    statuses = [mallory.client.get(link).status_code for link in links]
    assert statuses == [200, 200, 404]


def test_removing_a_unit_asks_first_and_names_what_ends(hana: StaffMember) -> None:
    campaign = hana.create(opens_on=today() + timedelta(1), units="Sales > Oslo\nIT")
    links = hana.open(f"/en/campaigns/{campaign.id}/links").list_texts("li")
    before = read_records(hana.app)["unit"]
    hana.open(f"/en/campaigns/{campaign.id}/units")
    page = hana.send(hana.page.find_form("/units"), units="Sales\n  Board ")
    assert page.h1 == "Remove 2 units?"
    named = page.list_texts("li")
    assert [each.split(" http")[0] for each in named[-2:]] == ["Sales > Oslo", "IT"]
    for each in named[-2:]:
        code = each.split("Code: ")[1]
        assert any(code in link for link in links), "the page names the present codes"
    assert read_records(hana.app)["unit"] == before

    changed = hana.send(page.find_form("/units"), button="Change something")
    assert read_values(changed)["units"].split() == ["Sales", "Board"]
    assert read_records(hana.app)["unit"] == before
    page = hana.send(changed.find_form("/units"), units="Sales > Oslo\nIT\nBoard")
    assert "The change is saved." in page.text, "nothing ends, so the page does not ask"


def test_removing_a_unit_asks_about_personal_invitations_only_if_there_are_any(
    hana: StaffMember,
) -> None:
    campaign = hana.create(is_personal=True, opens_on=today() + timedelta(1), units="Sales\nIT")
    units = f"/en/campaigns/{campaign.id}/units"
    with hana.app.app_context():
        sales, _ = list_units(get_session(), campaign.id)
        with writing() as session:
            add_invitations(session, campaign.id, make_invitations(sales.id, 3, is_personal=True))
    page = hana.open(units)
    page = hana.send(page.find_form("/units"), units="Sales")
    assert "The change is saved." in page.text
    page = hana.open(units)
    page = hana.send(page.find_form("/units"), units="IT")
    assert page.h1 == "Remove 1 unit?"
    assert "Sales 3 invitations" in page.list_texts("li")


def test_a_late_answer_to_the_question_removes_nothing(hana: StaffMember) -> None:
    campaign = hana.create(opens_on=today() + timedelta(1), units="Sales\nIT")
    address = f"/en/campaigns/{campaign.id}/units"
    asked = hana.send(hana.open(address).find_form("/units"), units="Sales")
    hana.send(hana.open(address).find_form("/units"), units="Sales\nIT\nBoard")
    page = hana.send(asked.find_form("/units"), 400, button="Remove 1 unit")
    assert "Somebody has changed this since you opened the page." in page.text
    paths = [row[2] for row in read_records(hana.app)["unit"]]
    assert paths == ['["Sales"]', '["IT"]', '["Board"]']
