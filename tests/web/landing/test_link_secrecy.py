"""A browser that has only a counsellor's link learns nothing of what was answered elsewhere."""

import re

import pytest
from flask import Flask

from fitquiz.store.attempts.counsellor_links import Link
from tests.web.support.answering import CASES, agree
from tests.web.support.clock import Clock
from tests.web.support.counselling import begin, find_address, make_link, read_links
from tests.web.support.records import change_behind
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

HANDLE = re.compile(r"/attempts/[\w-]{12}")
RETURN_CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
PAGES = ("/", "/items/focus-1", "/check", "/result", "/link", "/delete", "/share")


@pytest.fixture
def for_one(carl: StaffMember) -> str:
    """The address of a link for one person."""
    return find_address(carl, make_link(carl, uses="1"))


@pytest.fixture
def clock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the app. It runs on, unlike the clock of other tests."""
    return Clock(monkeypatch)


@pytest.fixture
def bob(app: Flask) -> Respondent:
    """Has a device of his own."""
    return Respondent(app.test_client())


def test_the_link_shows_the_same_whatever_was_answered_elsewhere(
    app: Flask, carl: StaffMember
) -> None:
    seen = []
    for case, answered in (("front, clearly", 28), ("back", 3)):
        address = find_address(carl, make_link(carl, name=case, uses="1"))
        client = Respondent(app.test_client())
        begin(client, address)
        _, _, answers = CASES[case]
        for _ in range(min(answered, 3)):
            client.answer(answers[str(client.item)])
        if answered == 28:
            client.answer_all(answers)
        seen.append(press_everything(Respondent(app.test_client()), address))
        assert_nothing_opens(Respondent(app.test_client()), client.base)
    assert seen[0] == seen[1]


def press_everything(person: Respondent, address: str) -> list[str]:
    """Come by a link, press whatever its pages offer up to the result, and return all texts without the code."""
    texts = [person.open(address).text, person.open(f"{address}/begin").text]
    texts.append(person.send(person.page.find_form("/begin")).text)
    texts.append(person.answer(2).text)
    pages = ("link", "delete", "check")
    texts += [person.open(f"{person.base}/{page}").text for page in pages]
    texts += [person.finish().text, person.open(address).text, person.open("/en/").text]
    return [RETURN_CODE.sub("", each) for each in texts]


def assert_nothing_opens(person: Respondent, base: str) -> None:
    """No page of an attempt opens for somebody who knows its address."""
    for page in PAGES:
        person.open(base + page, 404)


def test_a_counsellor_who_tries_the_link_first_sees_nothing_of_the_client(
    alice: Respondent, mallory: Respondent, carl: StaffMember, for_one: str
) -> None:
    begin(mallory, for_one)
    tried = mallory.base
    before = mallory.open(f"{tried}/check").text
    begin(alice, for_one)
    assert alice.base != tried
    alice.answer_all(agree())
    alice.finish()
    assert mallory.open(f"{tried}/check").text == before
    offered = set(HANDLE.findall(mallory.open(for_one).response.text))
    assert offered == {tried.removeprefix("/en")}


@pytest.mark.parametrize("name", ["attempts", "attempts-kept"])
def test_a_forged_cookie_begins_nothing_again(
    alice: Respondent, bob: Respondent, carl: StaffMember, used_up: Link, name: str
) -> None:
    address = find_address(carl, used_up)
    for forged in ("kept." + "A" * 43, "kept." + address[-43:], "idle." + address[-43:]):
        bob.client.set_cookie(name, forged)
        bob.open(address, 410)
        bob.open(f"{address}/begin", 410)


@pytest.fixture
def used_up(alice: Respondent, carl: StaffMember) -> Link:
    """A link for two people that both have begun with."""
    link = make_link(carl, uses="2")
    begin(alice, find_address(carl, link))
    change_behind(carl.app, "UPDATE link SET started = 2")
    return link


def test_an_attempt_of_another_link_begins_nothing_again(
    bob: Respondent, carl: StaffMember, used_up: Link
) -> None:
    begin(bob, find_address(carl, make_link(carl, name="Other")))
    bob.open(find_address(carl, used_up), 410)


def test_a_shared_device_forgets_the_client_and_the_link_does_not_bring_the_answers_back(
    alice: Respondent, carl: StaffMember, for_one: str, clock: Clock
) -> None:
    alice.open(f"{for_one}/begin")
    alice.send(alice.page.find_form("/begin"), device="shared")
    base = alice.base
    assert HANDLE.findall(alice.open(for_one).response.text)
    clock.turn(minutes=31)
    page = alice.open(for_one)
    assert HANDLE.findall(page.response.text) == []
    assert page.find_link("/begin")
    alice.open(f"{base}/check", 404)


def test_after_the_device_is_cleared_one_person_begins_again_and_nobody_is_shown(
    alice: Respondent, carl: StaffMember, for_one: str
) -> None:
    begin(alice, for_one)
    before = HANDLE.findall(alice.open(for_one).response.text)
    alice.send(alice.open("/en/clear").forms[0])
    page = alice.open(for_one)
    assert before
    assert HANDLE.findall(page.response.text) == []
    begin(alice, for_one)
    assert read_links(carl)[0].started == 1
