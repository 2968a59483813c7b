"""The form that shares: what is chosen in it, the preview of exactly what will be seen, and one share for a form."""

import pytest

from tests.web.support.answering import agree
from tests.web.support.counselling import (
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
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember


@pytest.mark.parametrize("with_answers", [False, True])
def test_the_preview_is_what_counsellor_and_finder_will_see(
    sharer: Respondent, mallory: Respondent, carl: StaffMember, with_answers: bool
) -> None:
    chosen = {"has_answers": "y"} if with_answers else {}
    seen = read_shown(preview(sharer, carl.staff.id, **chosen))
    share(sharer, carl.staff.id, **chosen)
    assert read_shown(look(carl, list_clients(carl)[0])) == seen
    (own,) = find_shared(share(sharer, "link", **chosen))
    mallory.open(own)
    assert (
        read_shown(mallory.send(mallory.page.find_form("/shared/" + own.rpartition("/")[2])))
        == seen
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "x" * 81}, "That is too long."),
        ({"name": "a\x07b"}, "There is a character in it that it cannot have."),
        ({"days": "365"}, "Something here is not as it should be."),
        ({"to": "4711"}, "Something here is not as it should be."),
        ({"to": ""}, "Choose one of them."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
    sharer: Respondent, carl: StaffMember, changes: dict[str, str], says: str
) -> None:
    sharer.open(f"{sharer.base}/share")
    form = sharer.page.find_form("/share")
    page = sharer.send(form, 400, **({"to": "link", "days": "30", "name": "Kept"} | changes))
    assert says in page.text
    if "name" not in changes:
        assert page.find_all("input", id="name")[0].get("value") == "Kept"
    sharer.send(
        form, 400, **({"to": "link", "days": "30", "name": "Kept"} | changes | {"step": "share"})
    )
    assert read_records(carl.app)["share"] == []


def test_the_usual_time_is_thirty_days(sharer: Respondent) -> None:
    page = sharer.open(f"{sharer.base}/share")
    chosen = [
        each.get("value")
        for each in page.find_all("input", name="days")
        if each.get("checked") is not None
    ]
    assert chosen == ["30"]


def test_going_back_from_the_preview_keeps_what_was_chosen(
    sharer: Respondent, carl: StaffMember
) -> None:
    page = preview(sharer, "link", name="Kari", days="7", has_answers="y")
    page = sharer.send(page.find_form("/share"), button="Change something")
    chosen = {
        each.get("id"): each.get("value")
        for each in page.find_all("input")
        if each.get("checked") is not None
    }
    assert {"link", "7", "y"} <= set(chosen.values())
    assert page.find_all("input", id="name")[0].get("value") == "Kari"
    assert read_records(carl.app)["share"] == []


def test_the_same_form_sent_twice_shares_once(sharer: Respondent, carl: StaffMember) -> None:
    for to in (carl.staff.id, "link"):
        preview(sharer, to)
        form = sharer.page.find_form("/share")
        for _ in range(2):
            sharer.send(form)
    assert len(sharer.page.find_all("form")) == 2 + 1
    assert len(read_records(carl.app)["share"]) == 2


def test_what_comes_after_the_preview_is_previewed_before_it_is_shared(
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
    assert "Carl will see all that is below the line" in page.text
    sharer.send(page.find_form("/share"))
    assert len(list_clients(carl)) == 1


def test_what_is_stopped_is_not_shared_by_an_old_page(
    sharer: Respondent, carl: StaffMember
) -> None:
    for to in (str(carl.staff.id), "link"):
        preview(sharer, to)
        form = sharer.page.find_form("/share")
        sharer.send(form)
        sharer.send(next(each for each in sharer.page.forms if each.action.endswith("/stop")))
        page = sharer.send(form)
        assert "will see all that is below the line" in page.text
        assert list_clients(carl) == find_shared(sharer.open(f"{sharer.base}/share")) == []
        sharer.send(page.find_form("/share"))
        sharer.send(next(each for each in sharer.page.forms if each.action.endswith("/stop")))


def test_one_form_with_another_choice_makes_another_share(
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


def test_a_preview_of_other_answers_is_shown_anew(alice: Respondent, carl: StaffMember) -> None:
    take(alice, find_address(carl, make_link(carl)), {"people-1": 4})
    preview(alice, carl.staff.id)
    form, base = alice.page.find_form("/share"), alice.base
    alice.open(f"{base}/result")
    alice.send(alice.page.find_form("/reopen"))
    alice.open(f"{base}/items/autonomy-1")
    alice.answer_all(agree())
    alice.finish()
    assert "will see all that is below the line" in alice.send(form).text
    assert list_clients(carl) == []


def test_days_are_whole_days(sharer: Respondent) -> None:
    share(sharer, "link")
    (row,) = read_records(sharer.client.application)["share"]
    assert any("23:59:59.999999" in str(value) for value in row)


def test_another_person_on_the_device_is_not_taken_for_the_same(
    sharer: Respondent, carl: StaffMember
) -> None:
    share(sharer, carl.staff.id)
    sharer.take(agree())
    page = sharer.open(f"{sharer.base}/share")
    assert "Carl, whose link has been used on this device" in page.text
    assert page.find_all("input", id="together")[0].get("checked") is None
