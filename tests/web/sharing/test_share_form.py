"""The form that shares a result: its choices, its preview, and one share for each form."""

from datetime import datetime

import pytest

from tests.web.support.answering import agree
from tests.web.support.clock import OSLO
from tests.web.support.counselling import (
    find_address,
    find_shared,
    list_clients,
    look,
    make_link,
    preview,
    read_shown,
    share,
    stop_first_share,
    take,
)
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember


@pytest.mark.parametrize("with_answers", [False, True])
def test_the_preview_shows_what_counsellors_and_readers_will_see(
    sharer: Respondent, mallory: Respondent, carl: StaffMember, with_answers: bool
) -> None:
    chosen = {"has_answers": "y"} if with_answers else {}
    seen = read_shown(preview(sharer, carl.staff.id, **chosen))
    share(sharer, carl.staff.id, **chosen)
    assert read_shown(look(carl, list_clients(carl)[0])) == seen
    (own,) = find_shared(share(sharer, "link", **chosen))
    mallory.open(own)
    page = mallory.send(mallory.page.find_form(own))
    assert read_shown(page) == seen


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "x" * 81}, "This is too long."),
        ({"name": "a\x07b"}, "This contains a character that is not allowed."),
        ({"days": "365"}, "Something here is wrong."),
        ({"to": "4711"}, "Something here is wrong."),
        ({"to": ""}, "Choose one of them."),
    ],
)
def test_a_wrong_field_is_refused_and_the_input_is_kept(
    sharer: Respondent, carl: StaffMember, changes: dict[str, str], says: str
) -> None:
    sharer.open(f"{sharer.base}/share")
    form = sharer.page.find_form("/share")
    fields = {"to": "link", "days": "30", "name": "Kept"} | changes
    page = sharer.send(form, 400, **fields)
    assert says in page.text
    if "name" not in changes:
        (name,) = page.find_all("input", id="name")
        assert name.get("value") == "Kept"
    sharer.send(form, 400, **(fields | {"step": "share"}))
    assert read_records(carl.app)["share"] == []


def test_a_share_lasts_thirty_days_by_default(sharer: Respondent) -> None:
    page = sharer.open(f"{sharer.base}/share")
    choices = page.find_all("input", name="days")
    chosen = [each.get("value") for each in choices if each.get("checked") is not None]
    assert chosen == ["30"]


def test_going_back_from_the_preview_keeps_what_was_chosen(
    sharer: Respondent, carl: StaffMember
) -> None:
    page = preview(sharer, "link", name="Kari", days="7", has_answers="y")
    page = sharer.send(page.find_form("/share"), button="Change something")
    boxes = page.find_all("input")
    chosen = {each.get("value") for each in boxes if each.get("checked") is not None}
    assert {"link", "7", "y"} <= chosen
    (name,) = page.find_all("input", id="name")
    assert name.get("value") == "Kari"
    assert read_records(carl.app)["share"] == []


def test_the_same_form_sent_twice_shares_once(sharer: Respondent, carl: StaffMember) -> None:
    for to in (carl.staff.id, "link"):
        preview(sharer, to)
        form = sharer.page.find_form("/share")
        for _ in range(2):
            sharer.send(form)
    assert len(sharer.page.find_all("form")) == 2 + 1
    assert len(read_records(carl.app)["share"]) == 2


def test_answers_after_the_preview_need_a_new_preview(
    sharer: Respondent, carl: StaffMember
) -> None:
    preview(sharer, carl.staff.id)
    form = sharer.page.find_form("/share")
    sharer.open(f"{sharer.base}/result")
    sharer.send(sharer.page.find_form("/parts/leading"))
    sharer.answer_all({})
    sharer.finish()
    page = sharer.send(form)
    assert list_clients(carl) == []
    assert "Carl will see everything below the line" in page.text
    sharer.send(page.find_form("/share"))
    assert len(list_clients(carl)) == 1


def test_an_old_page_does_not_renew_a_stopped_share(sharer: Respondent, carl: StaffMember) -> None:
    for to in (str(carl.staff.id), "link"):
        preview(sharer, to)
        form = sharer.page.find_form("/share")
        sharer.send(form)
        stop_first_share(sharer)
        page = sharer.send(form)
        assert "will see everything below the line" in page.text
        assert list_clients(carl) == []
        shares = sharer.open(f"{sharer.base}/share")
        assert find_shared(shares) == []
        sharer.send(page.find_form("/share"))
        stop_first_share(sharer)


def test_a_form_with_other_choices_creates_another_share(
    sharer: Respondent, carl: StaffMember
) -> None:
    preview(sharer, "link")
    form = sharer.page.find_form("/share")
    sharer.send(form)
    for changes in (
        {"to": str(carl.staff.id)},
        {"name": "K."},
        {"days": "7"},
        {"has_answers": "y"},
    ):
        sharer.send(form, 200, **changes)
    assert len(read_records(carl.app)["share"]) == 5


def test_changed_answers_need_a_new_preview(alice: Respondent, carl: StaffMember) -> None:
    address = find_address(carl, make_link(carl))
    take(alice, address, {"people-1": 4})
    preview(alice, carl.staff.id)
    form = alice.page.find_form("/share")
    base = alice.base
    alice.open(f"{base}/result")
    alice.send(alice.page.find_form("/reopen"))
    alice.open(f"{base}/items/autonomy-1")
    alice.answer_all(agree())
    alice.finish()
    assert "will see everything below the line" in alice.send(form).text
    assert list_clients(carl) == []


def test_a_share_ends_at_the_end_of_a_day(sharer: Respondent) -> None:
    share(sharer, "link")
    (row,) = read_records(sharer.client.application)["share"]
    moments = [datetime.fromisoformat(f"{value}+00:00") for value in row if "59:59.9" in str(value)]
    (ends,) = [moment.astimezone(OSLO) for moment in moments]
    assert (ends.hour, ends.minute, ends.microsecond) == (23, 59, 999999)


def test_another_person_on_the_device_is_not_joined_by_default(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id)
    sharer.take(agree())
    page = sharer.open(f"{sharer.base}/share")
    assert "Carl, whose link has been used on this device" in page.text
    (together,) = page.find_all("input", id="together")
    assert together.get("checked") is None
