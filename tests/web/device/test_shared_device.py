"""Several people in a row at one browser: a shared device shows, renews and continues only one attempt."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.support.answering import CASES, agree
from tests.web.support.clock import Clock
from tests.web.support.counselling import find_address, make_link, share
from tests.web.support.kiosks import list_attempts, read_shared
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link
from tests.web.support.staff_member import StaffMember

NOT_HELD = "This device does not have these answers"
SHARED = "A quiz on this shared device"
USES: dict[str, Callable[[Respondent], object]] = {
    "an item": lambda alice: alice.client.get(alice.address.partition("#")[0]),
    "an answer": lambda alice: alice.answer(2),
    "the check": lambda alice: alice.client.get(f"{alice.base}/check"),
    "the own link": lambda alice: alice.client.get(f"{alice.base}/link"),
}
NO_USES = ("/en/", "/en/packs/front-back-office/begin", "/en/privacy", "/en/clear", "/en/code")


def take(person: Respondent, device: str = "shared") -> str:
    """Take a quiz at this browser, and return the address of the attempt."""
    person.start(device=device)
    person.answer_all(CASES["front"][2])
    person.finish()
    return person.base


# --- Three people at one tablet ---


def test_each_person_at_a_tablet_finds_only_the_own_attempt(alice: Respondent) -> None:
    bases = [take(alice) for _ in range(3)]
    for earlier in bases[:2]:
        for page in ("/", "/check", "/result", "/answers", "/link", "/delete", "/share"):
            assert alice.open(f"{earlier}{page}", 404).h1 == NOT_HELD
    assert list_attempts(alice.open("/en/")) == [f"{bases[2]}/"]
    assert alice.open(f"{bases[2]}/result").h1


def test_nobody_continues_the_attempt_of_the_person_before(alice: Respondent, app: Flask) -> None:
    first = alice.start(device="shared").forms[0]
    alice.start(device="shared")
    assert alice.post(first.action, {**first.fields, "answer": "1"}).status_code == 404
    assert read_records(app)["answer"] == []


def test_who_begins_on_an_own_device_finds_nothing_of_the_person_before(alice: Respondent) -> None:
    first = take(alice)
    second = take(alice, "own")
    assert alice.open(f"{first}/result", 404).h1 == NOT_HELD
    assert SHARED not in alice.open("/en/").text
    assert alice.open(f"{second}/result").h1


def test_an_attempt_that_ends_does_not_come_back(alice: Respondent, clock: Clock) -> None:
    first = take(alice)
    second = take(alice)
    clock.turn(minutes=20)
    third = take(alice)
    clock.turn(minutes=20)
    for base, status in ((first, 404), (second, 404), (third, 200)):
        alice.open(f"{base}/result", status)


def test_an_own_attempt_and_a_shared_one_stay_beside_each_other(alice: Respondent) -> None:
    own = take(alice, "own")
    shared = take(alice)
    assert set(list_attempts(alice.open("/en/"))) == {f"{own}/result", f"{shared}/"}
    another = take(alice)
    assert set(list_attempts(alice.open("/en/"))) == {f"{own}/result", f"{another}/"}
    alice.open(f"{own}/result")


# --- Thirty minutes ---


@pytest.mark.parametrize("use", USES)
def test_each_use_of_a_shared_attempt_gives_it_thirty_minutes_more(
    alice: Respondent, clock: Clock, use: str
) -> None:
    alice.start(device="shared")
    for _ in range(3):
        clock.turn(minutes=29)
        USES[use](alice)
    clock.turn(minutes=29)
    alice.open(f"{alice.base}/check")


@pytest.mark.parametrize("address", NO_USES)
def test_other_pages_give_a_shared_attempt_no_more_time(
    alice: Respondent, clock: Clock, address: str
) -> None:
    alice.start(device="shared")
    base = alice.base
    clock.turn(minutes=29)
    assert "attempts" not in str(alice.client.get(address).headers.getlist("Set-Cookie"))
    clock.turn(minutes=2)
    alice.open(f"{base}/check", 404)


def test_another_attempt_gives_a_shared_attempt_no_more_time(
    alice: Respondent, clock: Clock
) -> None:
    alice.start(device="shared")
    shared = alice.base
    clock.turn(minutes=20)
    alice.start(device="own")
    alice.answer(2)
    alice.open(f"{alice.base}/delete")
    clock.turn(minutes=11)
    alice.open(f"{shared}/check", 404)


@pytest.mark.parametrize(("minutes", "status"), [(29.9, 200), (30.1, 404), (1440, 404)])
def test_the_server_refuses_an_old_cookie_that_is_sent_again(
    alice: Respondent, mallory: Respondent, clock: Clock, minutes: float, status: int
) -> None:
    alice.start(device="shared")
    old = read_shared(alice)
    clock.turn(minutes=20)
    alice.open(f"{alice.base}/check")
    clock.turn(minutes=minutes - 20)
    mallory.client.set_cookie("attempts", old)
    mallory.open(f"{alice.base}/check", status)


def test_an_attempt_that_has_run_out_looks_like_one_that_never_was(
    alice: Respondent, clock: Clock
) -> None:
    alice.start(device="shared")
    base = alice.base
    clock.turn(minutes=31)
    for page in ("/", "/check", "/result", "/deleted"):
        run_out = alice.client.get(f"{base}{page}")
        unknown = alice.client.get(f"/en/attempts/{'A' * 12}{page}")
        text = run_out.text.replace(make_handle_of(base), "A" * 12)
        assert (run_out.status_code, text) == (404, unknown.text)
        assert run_out.headers.getlist("Set-Cookie") == []
    assert SHARED not in alice.open("/en/").text


def make_handle_of(base: str) -> str:
    return base.rpartition("/")[2]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_was_wrong_gives_nobody_more_time(
    alice: Respondent, clock: Clock, days: int
) -> None:
    clock.turn(days=days)
    alice.start(device="shared")
    base = alice.base
    clock.turn(days=-days)
    alice.open(f"{base}/check", 404)


def test_a_server_whose_clock_is_a_little_late_takes_the_cookie(
    alice: Respondent, clock: Clock
) -> None:
    alice.start(device="shared")
    clock.turn(minutes=-1)
    alice.open(f"{alice.base}/check")


# --- What a page shows of a shared attempt ---


@pytest.mark.parametrize("is_finished", [True, False])
def test_the_start_page_tells_nothing_of_a_shared_attempt(
    alice: Respondent, clock: Clock, is_finished: bool
) -> None:
    if is_finished:
        take(alice)
    else:
        alice.start(device="shared")
        alice.answer(1)
    base = alice.base
    clock.turn(minutes=9.5)
    page = alice.open("/en/")
    assert f"{SHARED} (forgotten in 21 minutes if nobody uses it)" in page.text
    assert ("See the result" if is_finished else "Go on") in page.text
    assert "result of" not in page.text
    assert "1 of 28" not in page.text
    assert not [heading for heading in page.list_texts("h1", "h2") if "attempt" in heading]

    buttons = page.find_all("a", class_="button")
    assert [button.get("href") for button in buttons] == ["/en/packs/front-back-office/begin"]
    assert page.find_link(f"{base}/") == f"{base}/"


def test_the_last_minute_is_a_minute(alice: Respondent, clock: Clock) -> None:
    alice.start(device="shared")
    clock.turn(minutes=29.5)
    assert "forgotten in 1 minute if" in alice.open("/en/").text


def test_one_attempt_is_forgotten_and_the_others_stay(alice: Respondent, app: Flask) -> None:
    own, shared = take(alice, "own"), take(alice)
    before = read_records(app)
    page = alice.open("/en/")
    form = page.find_form("/forget")
    response = alice.post(form.action, form.fields)
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert alice.open(response.location).h1 == "This device has forgotten the answers"
    assert read_records(app) == before
    alice.open(f"{shared}/result", 404)
    alice.open(f"{own}/result")
    assert alice.post(form.action, form.fields).status_code == 404


def test_an_own_device_forgets_one_attempt_too(alice: Respondent) -> None:
    first, second = take(alice, "own"), take(alice, "own")
    token = alice.page.find_form("/leading").fields["csrf_token"]
    assert alice.post(f"{first}/forget", {"csrf_token": token}).status_code == 303
    alice.open(f"{first}/result", 404)
    alice.open(f"{second}/result")


def test_results_of_different_people_are_never_set_beside_each_other(alice: Respondent) -> None:
    own, shared = take(alice, "own"), take(alice)
    for base, other in ((own, shared), (shared, own)):
        handle = make_handle_of(other)
        for address in (f"{base}/compare", f"{base}/compare?with={handle}"):
            page = alice.open(address)
            assert handle not in page.response.text.replace(f"with={handle}", "")


def test_the_counsellors_of_one_person_are_not_shown_to_the_next(
    alice: Respondent, carl: StaffMember, app: Flask
) -> None:
    address = find_address(carl, make_link(carl, uses="2"))
    alice.open(f"{address}/begin")
    alice.send(alice.page.find_form("/begin"), device="shared")
    alice.answer_all(agree())
    alice.finish()
    share(alice, carl.staff.id, name="Kari")
    own = take(alice, "own")
    assert "Carl" not in alice.open(f"{own}/share").text


# --- Moving an attempt between the two kinds ---


def test_an_own_link_moves_a_shared_attempt_to_an_own_device(
    alice: Respondent, clock: Clock
) -> None:
    base = take(alice)
    form = alice.open(read_link(alice)).forms[0]
    alice.send(form, device="own")
    assert read_shared(alice) == ""
    clock.turn(days=20)
    alice.open(f"{base}/result")


def test_opening_an_own_link_on_a_shared_device_closes_the_attempt_before(
    alice: Respondent, mallory: Respondent
) -> None:
    base = take(mallory, "own")
    link = read_link(mallory)
    earlier = take(alice)
    alice.send(alice.open(link).forms[0], device="shared")
    alice.open(f"{earlier}/result", 404)
    alice.open(f"{base}/result")
