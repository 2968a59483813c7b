"""Before answers are sent that no campaign counts, a page says so."""

import pytest
from flask import Flask

from tests.web.support.answering import agree
from tests.web.support.inviting import invite, open_link, read_pending, take
from tests.web.support.records import change_behind
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

UNCOUNTED = "The answers you give now are not counted in any survey."
REFUSED_ALREADY = "These answers will not be counted for your group."
NOTE = (
    f"{REFUSED_ALREADY} Your invitation has been withdrawn, or the survey is not open."
    " You still get your own result."
)
SEND, SEND_UNCOUNTED = "Send in and see my result", "See my result without adding my answers"
REASONS = {
    "revoked": "UPDATE invitation SET is_revoked = 1",
    "closed": "UPDATE campaign SET closed_at = created_at",
    "over": "UPDATE campaign SET closes_on = '2020-01-01'",
    "deleted": "DELETE FROM campaign",
}


def test_who_takes_the_quiz_again_is_told_which_answers_are_counted(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    assert UNCOUNTED not in alice.open("/en/packs/front-back-office/begin").text
    token = open_link(app, hana.create(title="Spring"))
    take(alice, token)
    again = alice.page.find_link("/packs/front-back-office/begin")
    counted = f"{UNCOUNTED} Your earlier answers are counted in “Spring”."
    for address in (again, "/en/packs/front-back-office/begin"):
        assert counted in alice.open(address).text
    assert UNCOUNTED not in alice.open(f"/en/invitations/{token}/begin").text


def test_on_a_shared_device_only_the_person_of_the_result_is_told(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    alice.open(f"/en/invitations/{open_link(app, hana.create())}/begin")
    alice.send(alice.page.find_form("/begin"), device="shared")
    take(alice, "", begin=False)
    again = alice.page.find_link("/packs/front-back-office/begin")
    assert UNCOUNTED in alice.open(again).text
    assert UNCOUNTED not in alice.open(again.partition("?")[0]).text


def test_who_was_not_counted_is_told_only_that(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    take(alice, open_link(app, hana.create()))
    withdraw = alice.open(f"{alice.base}/counted").find_form("/counted")
    alice.send(withdraw)
    page = alice.open("/en/packs/front-back-office/begin")
    assert UNCOUNTED in page.text
    assert "Your earlier answers are counted" not in page.text


def come_to_the_check(person: Respondent, token: str) -> None:
    """Begin with an invitation, and answer everything."""
    person.open(f"/en/invitations/{token}/begin")
    person.send(person.page.find_form("/begin"))
    person.answer_all(agree(people=4))


def test_before_sending_the_check_says_that_the_invitation_was_withdrawn_meanwhile(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    come_to_the_check(alice, invite(app, hana.create(is_personal=True)))
    assert REFUSED_ALREADY not in alice.page.text
    early = alice.page.find_form("/check")
    assert list(early.buttons) == [SEND]
    change_behind(app, REASONS["revoked"])

    alice.send(early)
    assert alice.address.endswith("/check")
    assert REFUSED_ALREADY in alice.page.text
    assert REFUSED_ALREADY in alice.open(f"{alice.base}/counted").text
    form = alice.open(f"{alice.base}/check").find_form("/check")
    assert list(form.buttons) == [SEND_UNCOUNTED]
    alice.send(form)
    assert alice.address.endswith("/result")
    assert read_pending(app) == []


def test_only_after_sending_does_a_device_learn_that_somebody_else_has_used_the_invitation(
    app: Flask, alice: Respondent, mallory: Respondent, hana: StaffMember
) -> None:
    token = invite(app, hana.create(is_personal=True))
    for person in (alice, mallory):
        come_to_the_check(person, token)
    alice.finish()
    form = mallory.open(f"{mallory.base}/check").find_form("/check")
    assert list(form.buttons) == [SEND]
    mallory.send(form)
    assert mallory.address.endswith("/result")
    assert "your invitation had already been used" in mallory.open(f"{mallory.base}/counted").text
    assert len(read_pending(app)) == 1


@pytest.mark.parametrize("reason", REASONS)
def test_the_check_does_not_tell_why_the_answers_are_not_counted(
    app: Flask, alice: Respondent, hana: StaffMember, reason: str
) -> None:
    come_to_the_check(alice, invite(app, hana.create(is_personal=True)))
    change_behind(app, REASONS[reason])
    page = alice.open(f"{alice.base}/check")
    assert page.list_texts("p", class_="note") == [NOTE]
