"""A counsellor's link counts people, and locks nobody out."""

import pytest
from flask import Flask

from tests.web.support.answering import agree
from tests.web.support.counselling import begin, find_address, make_link, read_links, take
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link
from tests.web.support.staff_member import StaffMember

ENDS = {
    "is_closed = 1": "This link is closed",
    "expires_on = '2026-01-01'": "This link has expired",
}
"""The ways in which a link ends for everybody, and what its page says then."""


@pytest.fixture
def for_one(carl: StaffMember) -> str:
    """The address of a link for one person."""
    return find_address(carl, make_link(carl, name="One", uses="1"))


@pytest.fixture
def for_two(carl: StaffMember) -> str:
    """The address of a link for two people."""
    return find_address(carl, make_link(carl, name="Two", uses="2"))


@pytest.fixture
def bob(app: Flask) -> Respondent:
    """Has a device of his own."""
    return Respondent(app.test_client())


def read_counts(carl: StaffMember) -> tuple[int, int]:
    """How many people have begun and finished by the only link."""
    (link,) = read_links(carl)
    return link.started, link.finished


def take_afresh(person: Respondent, address: str) -> None:
    """Begin once more by the page of the link, answer and send."""
    person.open(person.open(address).find_link("/begin"))
    person.send(person.page.find_form("/begin"))
    person.answer_all(agree(people=4))
    person.finish()


# A link for one person


def test_who_has_left_goes_on_in_the_same_browser(
    alice: Respondent, carl: StaffMember, for_one: str
) -> None:
    begin(alice, for_one)
    alice.answer(3)
    begun, item = alice.handle, alice.item
    alice.open(alice.open(for_one).find_link("/attempts/"))
    assert (alice.handle, alice.item) == (begun, item)
    assert read_counts(carl) == (1, 0)


def test_in_another_browser_one_person_begins_again_and_counts_once(
    alice: Respondent, bob: Respondent, carl: StaffMember, for_one: str
) -> None:
    begin(alice, for_one)
    alice.answer(3)
    page = bob.open(for_one)
    assert "You can also start from the beginning here." in page.text
    take(bob, for_one)
    assert read_counts(carl) == (1, 1)
    alice.open(alice.open(for_one).find_link("/attempts/"))
    alice.answer_all(agree())
    assert "Your answers" in alice.finish().h1
    assert read_counts(carl) == (1, 1)


def test_one_person_takes_it_again_a_month_later(
    alice: Respondent, carl: StaffMember, for_one: str
) -> None:
    take(alice, for_one)
    first = alice.handle
    assert alice.open(for_one).find_link(first)
    take_afresh(alice, for_one)
    assert alice.handle != first
    assert read_counts(carl) == (1, 1)
    assert "Open" in carl.open("/en/links").text


def test_a_link_that_was_used_up_before_the_update_leads_its_client_on(
    alice: Respondent, bob: Respondent, carl: StaffMember, for_one: str
) -> None:
    change_behind(carl.app, "UPDATE link SET started = 1")
    begin(alice, for_one)
    begin(bob, for_one)
    assert read_counts(carl) == (1, 0)


def test_the_own_link_leads_back_in_another_browser(
    alice: Respondent, bob: Respondent, carl: StaffMember, for_one: str
) -> None:
    begin(alice, for_one)
    alice.answer(3)
    base = alice.base
    bob.send(bob.open(read_link(alice)).forms[0])
    assert bob.base == base
    assert bob.open(for_one).find_link(base)
    bob.open(f"{base}/check")
    bob.finish()
    assert read_counts(carl) == (1, 1)


# A link for several people


def test_each_browser_takes_one_use_and_the_next_one_is_told(
    alice: Respondent, bob: Respondent, mallory: Respondent, carl: StaffMember, for_two: str
) -> None:
    mallory.open(f"{for_two}/begin")
    for person in (alice, bob):
        begin(person, for_two)
    before = read_records(carl.app)
    page = mallory.send(mallory.page.find_form("/begin"), 410)
    assert page.h1 == "This link has been used up"
    assert "Ask Carl for a new one" in page.text
    assert "continue in the browser where you began, or open your own link" in page.text
    assert page.find_link("/packs/front-back-office/begin")
    assert read_records(carl.app) == before
    assert read_counts(carl) == (2, 0)


def test_who_has_begun_takes_it_again_by_a_link_that_is_used_up(
    alice: Respondent, bob: Respondent, carl: StaffMember, for_two: str
) -> None:
    take(alice, for_two)
    take(bob, for_two)
    assert read_counts(carl) == (2, 2)
    first = alice.handle
    take_afresh(alice, for_two)
    assert alice.handle != first
    assert read_counts(carl) == (2, 2)
    second = alice.handle
    assert alice.open(for_two).find_link(second)


def test_who_begins_twice_and_sends_both_counts_once(
    alice: Respondent, bob: Respondent, carl: StaffMember, for_two: str
) -> None:
    begin(bob, for_two)
    begin(alice, for_two)
    first = alice.base
    take_afresh(alice, for_two)
    assert read_counts(carl) == (2, 1)
    alice.open(f"{first}/check")
    alice.finish()
    assert read_counts(carl) == (2, 1)


@pytest.mark.parametrize(("uses", "begun"), [("1", 1), ("2", 2)])
def test_who_deletes_the_answers_and_begins_again_is_counted_as_the_link_says(
    alice: Respondent, carl: StaffMember, uses: str, begun: int
) -> None:
    link = make_link(carl, uses=uses)
    for _ in range(2):
        begin(alice, find_address(carl, link))
        alice.send(alice.open(f"{alice.base}/delete").find_form("/delete"))
    assert read_counts(carl) == (begun, 0)
    is_said = "starts again is counted again" in carl.open(f"/en/links/{link.id}").text
    assert is_said == (begun == 2)


def test_who_deletes_the_first_result_meanwhile_counts_once(
    alice: Respondent, bob: Respondent, carl: StaffMember, for_two: str
) -> None:
    begin(bob, for_two)
    take(alice, for_two)
    first = alice.base
    begin(alice, for_two)
    second = alice.base
    alice.send(alice.open(f"{first}/delete").find_form("/delete"))
    alice.open(f"{second}/check")
    alice.finish()
    assert read_counts(carl) == (2, 1)


def test_on_a_shared_device_everybody_who_begins_takes_a_use(
    alice: Respondent, carl: StaffMember, for_two: str
) -> None:
    for _ in range(2):
        page = alice.open(for_two)
        assert page.find_all("a", **{"class": "button"})[0].get("href") == f"{for_two}/begin"
        alice.open(f"{for_two}/begin")
        alice.send(alice.page.find_form("/begin"), device="shared")
    assert read_counts(carl) == (2, 0)
    last = alice.handle
    assert alice.open(for_two, 410).find_link(last)


def test_the_same_form_sent_twice_takes_one_use(
    alice: Respondent, carl: StaffMember, for_two: str
) -> None:
    form = alice.open(f"{for_two}/begin").find_form("/begin")
    places = {alice.post(form.action, form.press()).location for _ in range(2)}
    assert len(places) == 1
    assert len(read_records(carl.app)["attempt"]) == 1
    assert read_counts(carl) == (1, 0)


# A link that has ended


@pytest.mark.parametrize("change", ENDS)
@pytest.mark.parametrize("uses", ["1", "2"])
def test_a_link_that_has_ended_leads_back_and_begins_nothing(
    alice: Respondent, bob: Respondent, carl: StaffMember, change: str, uses: str
) -> None:
    address = find_address(carl, make_link(carl, uses=uses))
    begin(alice, address)
    bob.open(f"{address}/begin")
    alice.open(f"{address}/begin")
    forms = {person: person.page.find_form("/begin") for person in (alice, bob)}
    change_behind(carl.app, f"UPDATE link SET {change}")
    for person, form in forms.items():
        assert person.send(form, 410).h1 == ENDS[change]
    assert len(read_records(carl.app)["attempt"]) == 1
    page = alice.open(address, 410)
    assert "are not lost" in page.text
    alice.open(page.find_link("/attempts/"))
    alice.answer_all(agree())
    alice.finish()
    assert read_counts(carl) == (1, 1)
