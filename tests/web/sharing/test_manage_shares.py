"""Sharing by the respondent: a preview of exactly what will be seen, one share for a form, and a stop at once."""

from flask import Flask

from tests.web.support.answering import agree
from tests.web.support.counselling import (
    begin,
    find_address,
    find_shared,
    list_clients,
    look,
    make_link,
    preview,
    read_shown,
    share,
    take,
)
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}'


def test_nothing_is_shared_before_somebody_shares(sharer: Respondent, carl: StaffMember) -> None:
    assert list_clients(carl) == []
    preview(sharer, carl.staff.id)
    assert list_clients(carl) == []
    assert read_records(carl.app)["share"] == []


def test_without_single_answers_no_answer_is_told(sharer: Respondent, carl: StaffMember) -> None:
    labels = ("disagree", "agree", "instead of", "You answered")
    share(sharer, carl.staff.id)
    told = read_shown(look(carl, list_clients(carl)[0]))
    assert [each for each in labels if each in told.lower() or each in told] == []
    share(sharer, carl.staff.id, has_answers="y")
    told = read_shown(carl.open(list_clients(carl)[0]))
    assert "You answered" in told
    assert "instead of" in told
    assert len(carl.page.find_all("tr")) > 28


def test_how_somebody_answered_is_told_to_nobody_else(alice: Respondent, carl: StaffMember) -> None:
    take(alice, find_address(carl, make_link(carl)), dict.fromkeys(agree(), 4))
    assert "how you answered" in alice.open(f"{alice.base}/result").text
    share(alice, carl.staff.id, has_answers="y")
    assert "how you answered" not in look(carl, list_clients(carl)[0]).text


def test_nothing_of_the_owners_is_on_a_shared_page(
    sharer: Respondent, mallory: Respondent, carl: StaffMember
) -> None:
    (own,) = find_shared(share(sharer, "link", has_answers="y"))
    mallory.open(own)
    page = mallory.send(mallory.page.find_form(own))
    assert [link for link in page.links if "/attempts/" in link] == []
    assert page.forms == []
    share(sharer, carl.staff.id)
    page = look(carl, list_clients(carl)[0])
    assert [link for link in page.links if "/attempts/" in link or "/shared/" in link] == []


def test_a_name_is_shown_as_it_was_typed_and_may_be_left_out(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id, name=HOSTILE)
    page = look(carl, list_clients(carl)[0])
    assert f"Shared by {HOSTILE}" in page.text
    assert "<script>alert" not in page.response.text + carl.open("/en/clients").response.text
    share(sharer, carl.staff.id, name="")
    assert "Shared without a name" in carl.open(list_clients(carl)[0]).text


def test_a_counsellor_by_whose_link_nobody_here_came_is_no_choice(
    sharer: Respondent, carl: StaffMember
) -> None:
    other = StaffMember(carl.app, "Cora", "counsellor")
    make_link(other)
    page = sharer.open(f"{sharer.base}/share")
    assert [each.get("value") for each in page.find_all("input", name="to")] == [
        str(carl.staff.id),
        "link",
    ]
    sharer.send(page.find_form("/share"), 400, to=str(other.staff.id), days="30", step="share")
    assert read_records(carl.app)["share"] == []


def test_who_came_by_no_link_shares_by_a_link_of_ones_own(alice: Respondent) -> None:
    alice.take(agree())
    page = alice.open(f"{alice.base}/share")
    boxes = page.find_all("input", name="to")
    assert [(each.get("value"), each.get("checked") is not None) for each in boxes] == [
        ("link", True)
    ]


def test_sharing_again_with_a_counsellor_changes_the_terms(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id, name="Kari")
    share(sharer, carl.staff.id, name="K. N.")
    assert len(list_clients(carl)) == 1
    assert "K. N." in carl.page.text


def test_no_more_than_twenty_see_a_result_at_once(sharer: Respondent, carl: StaffMember) -> None:
    for _ in range(20):
        share(sharer, "link")
    preview(sharer, "link")
    page = sharer.send(sharer.page.find_form("/share"), 400)
    assert "Stop one of them first" in page.text
    assert len(read_records(carl.app)["share"]) == 20


def test_an_unfinished_attempt_cannot_be_shared(alice: Respondent, carl: StaffMember) -> None:
    begin(alice, find_address(carl, make_link(carl)))
    alice.open(f"{alice.base}/share")
    assert alice.item == "autonomy-1"
    response = alice.post(
        f"{alice.base}/share", {"csrf_token": alice.read_token(), "step": "share", "to": "link"}
    )
    assert response.status_code == 303
    assert read_records(carl.app)["share"] == []


def test_a_deleted_attempt_cannot_be_shared(sharer: Respondent, carl: StaffMember) -> None:
    preview(sharer, carl.staff.id)
    form, base = sharer.page.find_form("/share"), sharer.base
    sharer.open(f"{base}/delete")
    sharer.send(sharer.page.find_form("/delete"))
    assert sharer.send(form, 410).h1 == "These answers have been deleted"
    sharer.open(f"{base}/share", 410)
    assert read_records(carl.app)["share"] == []


def test_how_often_it_was_opened_is_told_to_the_owner(
    sharer: Respondent, mallory: Respondent
) -> None:
    (own,) = find_shared(share(sharer, "link"))
    for opened in range(3):
        assert f"opened {opened} time" in sharer.open(f"{sharer.base}/share").text
        finder = Respondent(mallory.client.application.test_client())
        for _ in range(2):
            finder.open(own)
        finder.send(finder.page.find_form(own))
        finder.open(own)


def test_stopping_one_share_leaves_the_others(
    sharer: Respondent, mallory: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id)
    (own,) = find_shared(share(sharer, "link"))
    sharer.open(f"{sharer.base}/share")
    stops = [form for form in sharer.page.forms if form.action.endswith("/stop")]
    sharer.send(stops[0])
    assert find_shared(sharer.page) == []
    mallory.open(own, 410)
    assert len(list_clients(carl)) == 1
    assert sharer.send(stops[0]).h1 == "Share your result"
    assert len(list_clients(carl)) == 1


def test_nobody_stops_what_another_shares(
    sharer: Respondent, mallory: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id)
    sharer.open(f"{sharer.base}/share")
    stop = next(form for form in sharer.page.forms if form.action.endswith("/stop"))
    mallory.take(agree())
    action = stop.action.replace(sharer.handle, mallory.handle)
    answers = [
        mallory.post(each, {"csrf_token": mallory.read_token()})
        for each in (action, f"{action[:-6]}1/stop")
    ]
    assert len({(each.status_code, each.location) for each in answers}) == 1
    assert len(list_clients(carl)) == 1


def test_what_is_added_later_is_not_shared_with_it(sharer: Respondent, carl: StaffMember) -> None:
    share(sharer, carl.staff.id)
    seen = read_shown(look(carl, list_clients(carl)[0]))
    sharer.open(f"{sharer.base}/result")
    sharer.send(sharer.page.find_form("/parts/leading"))
    sharer.answer_all({})
    sharer.finish()
    assert read_shown(carl.open(list_clients(carl)[0])) == seen


def test_the_terms_for_a_counsellor_change_however_many_see_it(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id)
    for _ in range(19):
        share(sharer, "link")
    share(sharer, carl.staff.id, name="K. N.")
    list_clients(carl)
    assert "K. N." in carl.page.text


def test_taking_answers_back_stops_what_they_were_shared_as(
    alice: Respondent, carl: StaffMember
) -> None:
    take(alice, find_address(carl, make_link(carl)), {"people-1": 4})
    share(alice, carl.staff.id, has_answers="y")
    address = list_clients(carl)[0]
    page = alice.open(f"{alice.base}/result")
    assert "That stops when you take the answers back." in page.text
    assert "1 share now" in page.text
    base = alice.base
    alice.send(page.find_form("/reopen"))
    alice.open(f"{base}/items/autonomy-1")
    alice.answer_all(agree())
    alice.finish()
    assert carl.open(address, 410).h1 == "This is no longer shared"
    assert "share now" not in alice.open(f"{alice.base}/result").text


def test_answers_that_are_taken_back_are_shown_to_nobody_meanwhile(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id)
    address = list_clients(carl)[0]
    look(carl, address)
    change_behind(carl.app, "UPDATE attempt SET open_parts = sent_parts, sent_parts = ''")
    assert carl.open(address, 409).h1 == "This result is being changed"
    change_behind(carl.app, "UPDATE attempt SET sent_parts = open_parts, open_parts = ''")
    carl.open(address)


def test_a_counsellor_who_has_left_sees_nothing_and_is_no_choice(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id)
    change_behind(carl.app, "UPDATE staff SET is_disabled = 1")
    page = sharer.open(f"{sharer.base}/share")
    assert "A counsellor who has left" in page.text
    assert [each.get("value") for each in page.find_all("input", name="to")] == ["link"]
    assert carl.client.get("/en/clients").status_code == 303


def test_the_database_alone_does_not_lead_to_a_share(app: Flask, sharer: Respondent) -> None:
    (own,) = find_shared(share(sharer, "link"))
    token = own.rpartition("/")[2]
    assert token not in str(read_records(app))
