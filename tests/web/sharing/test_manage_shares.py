"""A respondent shares a result after a preview, and a stopped share shows nothing any more."""

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


def test_a_preview_shares_nothing(sharer: Respondent, carl: StaffMember) -> None:
    assert list_clients(carl) == []
    preview(sharer, carl.staff.id)
    assert list_clients(carl) == []
    assert read_records(carl.app)["share"] == []


def test_no_answer_is_shown_without_permission(sharer: Respondent, carl: StaffMember) -> None:
    share(sharer, carl.staff.id)
    shown = read_shown(look(carl, list_clients(carl)[0]))
    for label in ("disagree", "agree", "instead of", "you answered"):
        assert label not in shown.lower()

    share(sharer, carl.staff.id, has_answers="y")
    shown = read_shown(carl.open(list_clients(carl)[0]))
    assert "You answered" in shown
    assert "instead of" in shown
    assert len(carl.page.find_all("tr")) > 28


def test_the_answering_style_is_shown_only_to_the_respondent(
    alice: Respondent, carl: StaffMember
) -> None:
    address = find_address(carl, make_link(carl))
    take(alice, address, dict.fromkeys(agree(), 4))
    page = alice.open(f"{alice.base}/result")
    assert f"Share with {carl.staff.name}" in page.text
    assert "The result may say little" in page.text
    share(alice, carl.staff.id, has_answers="y")
    page = look(carl, list_clients(carl)[0])
    assert "may say little" not in page.text


def test_a_shared_page_has_no_links_or_forms_of_its_owner(
    sharer: Respondent, mallory: Respondent, carl: StaffMember
) -> None:
    (own,) = find_shared(share(sharer, "link", has_answers="y"))
    mallory.open(own)
    page = mallory.send(mallory.page.find_form(own))
    assert "/attempts/" not in " ".join(page.links)
    assert page.forms == []
    share(sharer, carl.staff.id)
    page = look(carl, list_clients(carl)[0])
    assert "/attempts/" not in " ".join(page.links)
    assert "/shared/" not in " ".join(page.links)


def test_a_name_is_shown_as_it_was_typed_and_may_be_left_out(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id, name=HOSTILE)
    page = look(carl, list_clients(carl)[0])
    assert f"Shared by {HOSTILE}" in page.text
    assert "<script>alert" not in page.response.text
    page = carl.open("/en/clients")
    assert "<script>alert" not in page.response.text

    share(sharer, carl.staff.id, name="")
    page = carl.open(list_clients(carl)[0])
    assert "Shared without a name" in page.text


def test_only_counsellors_whose_link_was_used_here_are_offered(
    sharer: Respondent, carl: StaffMember
) -> None:
    other = StaffMember(carl.app, "Cora", "counsellor")
    make_link(other)
    page = sharer.open(f"{sharer.base}/share")
    offered = [each.get("value") for each in page.find_all("input", name="to")]
    assert offered == [str(carl.staff.id), "link"]
    form = page.find_form("/share")
    sharer.send(form, 400, to=str(other.staff.id), days="30", step="share")
    assert read_records(carl.app)["share"] == []


def test_without_a_counsellor_sharing_by_link_is_chosen(alice: Respondent) -> None:
    alice.take(agree())
    page = alice.open(f"{alice.base}/share")
    (choice,) = page.find_all("input", name="to")
    assert choice.get("value") == "link"
    assert choice.get("checked") is not None


def test_sharing_again_with_a_counsellor_changes_the_terms(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id, name="Kari")
    share(sharer, carl.staff.id, name="K. N.")
    assert len(list_clients(carl)) == 1
    assert "K. N." in carl.page.text


def test_a_result_has_at_most_twenty_shares_at_once(sharer: Respondent, carl: StaffMember) -> None:
    for _ in range(20):
        share(sharer, "link")
    preview(sharer, "link")
    page = sharer.send(sharer.page.find_form("/share"), 400)
    assert "Stop sharing with one of them first" in page.text
    assert len(read_records(carl.app)["share"]) == 20


def test_an_unfinished_attempt_cannot_be_shared(alice: Respondent, carl: StaffMember) -> None:
    begin(alice, find_address(carl, make_link(carl)))
    alice.open(f"{alice.base}/share")
    assert alice.item == "autonomy-1"
    fields = {"csrf_token": alice.read_token(), "step": "share", "to": "link"}
    response = alice.post(f"{alice.base}/share", fields)
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


def test_the_owner_sees_how_often_a_share_was_opened(
    sharer: Respondent, mallory: Respondent
) -> None:
    (own,) = find_shared(share(sharer, "link"))
    for opened in range(3):
        page = sharer.open(f"{sharer.base}/share")
        assert f"opened {opened} time" in page.text
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


def test_a_respondent_cannot_stop_another_respondents_share(
    sharer: Respondent, mallory: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id)
    sharer.open(f"{sharer.base}/share")
    stop = next(form for form in sharer.page.forms if form.action.endswith("/stop"))
    mallory.take(agree())
    foreign = stop.action.replace(sharer.handle, mallory.handle)
    missing = foreign.replace("/stop", "1/stop")
    token = {"csrf_token": mallory.read_token()}
    first = mallory.post(foreign, token)
    second = mallory.post(missing, token)
    assert first.status_code == second.status_code
    assert first.location == second.location
    assert len(list_clients(carl)) == 1


def test_a_part_that_is_added_later_is_not_shared(sharer: Respondent, carl: StaffMember) -> None:
    share(sharer, carl.staff.id)
    seen = read_shown(look(carl, list_clients(carl)[0]))
    sharer.open(f"{sharer.base}/result")
    sharer.send(sharer.page.find_form("/parts/leading"))
    sharer.answer_all({})
    sharer.finish()
    assert read_shown(carl.open(list_clients(carl)[0])) == seen


def test_the_terms_for_a_counsellor_can_change_at_the_limit(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id)
    for _ in range(19):
        share(sharer, "link")
    share(sharer, carl.staff.id, name="K. N.")
    list_clients(carl)
    assert "K. N." in carl.page.text


def test_reopened_answers_are_no_longer_shared(alice: Respondent, carl: StaffMember) -> None:
    take(alice, find_address(carl, make_link(carl)), {"people-1": 4})
    share(alice, carl.staff.id, has_answers="y")
    address = list_clients(carl)[0]
    page = alice.open(f"{alice.base}/result")
    assert "Sharing stops if you answer the ones you skipped." in page.text
    assert "You share this with 1 reader." in page.text
    base = alice.base
    alice.send(page.find_form("/reopen"))
    alice.open(f"{base}/items/autonomy-1")
    alice.answer_all(agree())
    alice.finish()
    assert carl.open(address, 410).h1 == "This is no longer shared"
    page = alice.open(f"{alice.base}/result")
    assert "share now" not in page.text


def test_answers_are_not_shown_while_they_are_changed(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id)
    address = list_clients(carl)[0]
    look(carl, address)
    change_behind(carl.app, "UPDATE attempt SET open_parts = sent_parts, sent_parts = ''")
    assert carl.open(address, 409).h1 == "This result is being changed"
    change_behind(carl.app, "UPDATE attempt SET sent_parts = open_parts, open_parts = ''")
    carl.open(address)


def test_a_disabled_counsellor_sees_nothing_and_is_not_offered(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id)
    change_behind(carl.app, "UPDATE staff SET is_disabled = 1")
    page = sharer.open(f"{sharer.base}/share")
    assert "A counsellor who has left" in page.text
    (choice,) = page.find_all("input", name="to")
    assert choice.get("value") == "link"
    assert carl.client.get("/en/clients").status_code == 303


def test_the_database_does_not_contain_the_token_of_a_share(app: Flask, sharer: Respondent) -> None:
    (own,) = find_shared(share(sharer, "link"))
    token = own.rpartition("/")[2]
    assert token not in str(read_records(app))
