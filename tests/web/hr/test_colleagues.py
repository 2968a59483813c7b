"""An owner adds and removes colleagues, and an administrator hands campaigns over."""

import pytest
from flask import Flask

from fitquiz.store.accounts.staff import COUNSELLOR, HR
from fitquiz.store.campaigns.campaigns import Campaign
from tests.web.support.app_fixtures import MAIL_SETTINGS, MakeApp
from tests.web.support.campaigning import send, send_wrong
from tests.web.support.records import change_behind, read_records
from tests.web.support.sealing import fill, seal
from tests.web.support.staff_member import StaffMember, add

LAST = "Nobody else can run the survey"


@pytest.fixture
def olga(app: Flask) -> StaffMember:
    return StaffMember(app, "Olga", "hr")


@pytest.fixture
def spring(hana: StaffMember) -> Campaign:
    return hana.create("Spring")


def address_of(campaign: Campaign) -> str:
    return f"/en/campaigns/{campaign.id}/colleagues"


def invite(person: StaffMember, campaign: Campaign, colleague: StaffMember, role: str) -> str:
    """Add a colleague, and return the text of the page that follows."""
    address = address_of(campaign)
    form = person.open(address).find_form("/colleagues")
    return person.send(form, email=colleague.staff.email.upper(), role=role).text


def test_a_reader_sees_the_sealed_figures_and_no_other_page_of_the_campaign(
    app: Flask, hana: StaffMember, olga: StaffMember, spring: Campaign
) -> None:
    fill(app, spring)
    seal(app, spring)
    report = f"/en/reports/{spring.id}"
    olga.open(report, 404)
    text = invite(hana, spring, olga, "reader")
    assert "Your colleague can now read the report" in text
    assert "Reads the report only" in text
    owners_page = hana.open(report).text
    assert olga.open(report).text == owners_page.replace("Show it to those who answered ", "")
    assert "Spring" in olga.open("/en/reports").text
    page = olga.open("/en/campaigns")
    assert "Reports shared with you Spring Closed" in page.text
    assert olga.open(page.find_link(f"/reports/{spring.id}")).text == olga.open(report).text
    assert "Reports shared with you" not in hana.open("/en/campaigns").text
    olga.open(f"/en/campaigns/{spring.id}", 404)


def test_a_second_owner_can_take_the_first_one_out(
    hana: StaffMember, olga: StaffMember, spring: Campaign
) -> None:
    assert "run the survey with you" in invite(hana, spring, olga, "owner")
    olga.open(f"{address_of(spring)}/{hana.staff.id}/remove")
    assert olga.page.h1 == "Remove Hana?"
    page = olga.send(olga.page.find_form("/remove"))
    assert page.list_texts("p", role="status") == [
        "Done. Your colleague can no longer open the survey."
    ]
    hana.open(f"/en/campaigns/{spring.id}", 404)


def test_the_last_owner_cannot_leave(hana: StaffMember, spring: Campaign) -> None:
    leaving = f"{address_of(spring)}/{hana.staff.id}/remove"
    assert LAST in send_wrong(hana, leaving, {}).text
    only_read = {"email": hana.staff.email, "role": "reader"}
    assert LAST in send_wrong(hana, address_of(spring), only_read).text
    assert hana.open(address_of(spring)).text.count("Runs the survey") == 1


def test_an_owner_who_leaves_is_told_so(
    hana: StaffMember, olga: StaffMember, spring: Campaign
) -> None:
    invite(hana, spring, olga, "owner")
    hana.open(f"{address_of(spring)}/{hana.staff.id}/remove")
    assert hana.page.h1 == "Leave the survey?"
    page = hana.send(hana.page.find_form("/remove"))
    assert page.list_texts("p", role="status") == ["Done. You no longer run that survey."]


def test_a_colleague_who_is_removed_twice_is_removed_once(
    hana: StaffMember, olga: StaffMember, spring: Campaign
) -> None:
    invite(hana, spring, olga, "reader")
    removing = f"{address_of(spring)}/{olga.staff.id}/remove"
    for _ in range(2):
        send(hana, removing, {})
    hana.open(removing, 404)
    actions = [row[-2] for row in read_records(hana.app)["audit"]]
    assert actions == ["campaign-created", "reader-added", "colleague-removed"]


@pytest.mark.parametrize(
    ("permission", "email", "words"),
    [
        (HR, "nora@example.org", "There is no account with this address"),
        (COUNSELLOR, "carl@example.org", "This account has no access to surveys"),
        (HR, "gone@example.org", "This account is disabled"),
        (HR, "", "Please fill this in"),
    ],
)
def test_an_account_that_cannot_own_campaigns_is_refused_with_a_sentence(
    app: Flask, hana: StaffMember, ada: StaffMember, permission: str, email: str, words: str
) -> None:
    spring = hana.create("Spring")
    if email.startswith(("carl", "gone")):
        add(app, email.partition("@")[0].capitalize(), permission)
    change_behind(app, "UPDATE staff SET is_disabled = true WHERE name = 'Gone'")
    typed = {"email": email, "role": "owner"}
    page = send_wrong(hana, address_of(spring), typed)
    assert words in page.text
    assert page.find_all("input", value=email) or not email, "what was typed is kept"
    handing = {"campaigns": [str(spring.id)], "email": email}
    assert words in send_wrong(ada, f"/en/staff/{hana.staff.id}/campaigns", handing).text
    hana.open(f"/en/campaigns/{spring.id}")


def test_disabling_an_account_with_campaigns_leads_to_the_hand_over(
    app: Flask, hana: StaffMember, olga: StaffMember, ada: StaffMember
) -> None:
    spring, autumn = hana.create("Spring"), hana.create("Autumn")
    member = ada.open(f"/en/staff/{hana.staff.id}")
    assert "This account owns 2 surveys" in ada.open(member.find_link("/disable")).text
    page = ada.send(ada.open(member.find_link("/disable")).find_form("/disable"))
    assert page.h1 == "Surveys of Hana"
    (status,) = page.list_texts("p", role="status")
    assert status.startswith("Saved. Hana can no longer run the surveys below.")
    form = page.find_form("/campaigns")
    page = ada.send(form, email="olga@example.org", campaigns=str(autumn.id))
    assert page.list_texts("p", role="status") == ["Done. The surveys have their new owner."]
    assert "Spring" in page.text
    assert "Autumn" not in page.text
    assert olga.open(f"/en/campaigns/{autumn.id}").h1 == "Autumn"
    olga.open(f"/en/campaigns/{spring.id}", 404)
    ada.open(f"/en/campaigns/{autumn.id}", 403)


def test_an_account_that_loses_access_to_campaigns_leads_to_the_hand_over(
    hana: StaffMember, ada: StaffMember
) -> None:
    hana.create("Spring")
    form = ada.open(f"/en/staff/{hana.staff.id}").find_form(f"/staff/{hana.staff.id}")
    assert ada.send(form, permissions="counsellor").h1 == "Surveys of Hana"


def test_an_account_without_campaigns_is_disabled_without_more_ado(
    olga: StaffMember, ada: StaffMember
) -> None:
    member = ada.open(f"/en/staff/{olga.staff.id}")
    assert "This account owns" not in member.text
    asked = ada.open(member.find_link("/disable"))
    assert ada.send(asked.find_form("/disable")).h1 == "Olga"
    assert "Olga owns no surveys" in ada.open(f"/en/staff/{olga.staff.id}/campaigns").text


def test_campaigns_are_not_handed_over_to_their_owner_and_none_is_refused(
    hana: StaffMember, ada: StaffMember
) -> None:
    spring = hana.create("Spring")
    address = f"/en/staff/{hana.staff.id}/campaigns"
    own = {"campaigns": [str(spring.id)], "email": hana.staff.email}
    assert "owns the surveys already" in send_wrong(ada, address, own).text
    nothing = {"email": "olga@example.org"}
    assert "Choose at least one" in send_wrong(ada, address, nothing).text


def test_a_report_is_compared_only_with_reports_that_the_reader_may_read(
    app: Flask, hana: StaffMember, olga: StaffMember
) -> None:
    first, second = hana.create("First"), hana.create("Second")
    for campaign in (first, second):
        fill(app, campaign)
        seal(app, campaign)
    invite(hana, second, olga, "reader")
    report = f"/en/reports/{second.id}"
    assert "First" in hana.open(report).text
    assert "First" not in olga.open(report).text
    olga.open(f"{report}?compare={first.id}", 404)
    invite(hana, first, olga, "reader")
    olga.open(f"{report}?compare={first.id}")


@pytest.mark.parametrize(("role", "messages"), [("reader", 1), ("owner", 0)])
def test_a_new_reader_is_told_once_by_e_mail(make_app: MakeApp, role: str, messages: int) -> None:
    settings = {name.removeprefix("FITQUIZ_"): value for name, value in MAIL_SETTINGS.items()}
    app = make_app(**{name.lower(): value for name, value in settings.items()})
    hana, olga = StaffMember(app, "Hana", "hr"), StaffMember(app, "Olga", "hr")
    campaign = hana.create()
    for _ in range(2):
        invite(hana, campaign, olga, role)
    assert repr(read_records(app)["notice"]).count("'shared'") == messages
    assert len(read_records(app)["outbox"]) == messages
