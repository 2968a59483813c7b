"""A shared result at its address: a button first, the result then, and one clear page when it is over."""

import pytest
from flask import Flask

from tests.web.support.answering import agree
from tests.web.support.clock import Clock
from tests.web.support.counselling import find_shared, share
from tests.web.support.page_checks import check_page
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent

ENDED = "UPDATE share SET expires_at = '2026-01-01 00:00:00.000000'"


@pytest.fixture
def own(alice: Respondent) -> str:
    """The address of a result that Alice shares."""
    alice.take(agree(people=4))
    return find_shared(share(alice, "link", name="Kari"))[0]


def test_a_link_preview_opens_nothing_and_tells_nothing(app: Flask, own: str) -> None:
    preview, before = app.test_client(), read_records(app)
    for method in ("GET", "HEAD"):
        response = preview.open(own, method=method)
        assert response.status_code == 200
        assert "Kari" not in response.text
        assert "front office" not in response.text
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert read_records(app) == before


def test_the_button_opens_it_once_for_this_browser(
    alice: Respondent, mallory: Respondent, own: str
) -> None:
    mallory.open(own)
    for _ in range(2):
        mallory.send(mallory.page.find_form(own)) if mallory.page.forms else mallory.open(own)
        assert "lean towards front office" in mallory.page.h1
    assert "opened 1 time" in alice.open(f"{alice.base}/share").text


def click_twice(reader: Respondent, own: str, clock: Clock | None = None) -> None:
    """Press the button twice before the browser has learnt that it is open; with a clock, half an hour apart."""
    form = reader.open(own).find_form(own)
    before = reader.client.get_cookie("form")
    assert before is not None
    reader.post(form.action, form.fields)
    reader.client.set_cookie("form", before.value)
    if clock:
        clock.turn(minutes=30)
    assert "lean towards front office" in reader.send(form).h1


def test_a_double_click_opens_it_once(alice: Respondent, mallory: Respondent, own: str) -> None:
    click_twice(mallory, own)
    assert "opened 1 time" in alice.open(f"{alice.base}/share").text


def test_two_readers_at_the_same_moment_open_it_twice(
    alice: Respondent, mallory: Respondent, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).stop()
    base = alice.base
    for reader in (alice, mallory):
        click_twice(reader, own)
    assert "opened 2 times" in alice.open(f"{base}/share").text


def test_a_browser_that_has_forgotten_opens_it_anew(
    mallory: Respondent, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    click_twice(mallory, own, Clock(monkeypatch))
    assert [row[-3] for row in read_records(mallory.client.application)["share"]] == [2]


def test_no_row_tells_when_a_share_was_opened(
    app: Flask, alice: Respondent, mallory: Respondent, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).stop()
    change_behind(app, "DELETE FROM throttle")
    for reader in (alice, mallory):
        click_twice(reader, own)
    assert len({row[1] for row in read_records(app)["throttle"]}) == 2, (
        "a constant less, it is the moment"
    )


def test_it_is_read_in_the_reader_s_language(mallory: Respondent, own: str) -> None:
    mallory.open(own)
    mallory.send(mallory.page.find_form(own))
    mallory.language = "nb"
    assert "heller mot front office" in mallory.open(own.replace("/en/", "/nb/")).h1


def test_the_address_is_as_hard_to_guess_as_an_attempt_s(own: str) -> None:
    assert len(own.rpartition("/")[2]) == 43


@pytest.mark.parametrize("token", ["A" * 43, "x", "A" * 44])
def test_a_random_address_is_not_there(mallory: Respondent, own: str, token: str) -> None:
    mallory.open(f"/en/shared/{token}", 404)


def test_a_stopped_share_says_so_at_the_next_click(
    alice: Respondent, mallory: Respondent, own: str
) -> None:
    mallory.open(own)
    form = mallory.page.find_form(own)
    mallory.send(form)
    alice.send(next(each for each in alice.page.forms if each.action.endswith("/stop")))
    assert mallory.open(own, 410).h1 == "This is no longer shared"
    assert mallory.send(form, 410).h1 == "This is no longer shared"
    assert "front office" not in mallory.page.text


def test_a_share_whose_time_is_over_says_so(app: Flask, mallory: Respondent, own: str) -> None:
    mallory.open(own)
    mallory.send(mallory.page.find_form(own))
    change_behind(app, ENDED)
    assert mallory.open(own, 410).h1 == "This is no longer shared"


def test_stopped_ended_and_deleted_are_told_with_the_same_words(
    app: Flask, alice: Respondent, mallory: Respondent, own: str
) -> None:
    (ended,) = set(find_shared(share(alice, "link"))) - {own}
    change_behind(app, f"{ENDED} WHERE shared_at = (SELECT max(shared_at) FROM share)")
    alice.open(f"{alice.base}/share")
    alice.send(next(each for each in alice.page.forms if each.action.endswith("/stop")))
    (deleted,) = find_shared(share(alice, "link"))
    alice.open(f"{alice.base}/delete")
    alice.send(alice.page.find_form("/delete"))
    assert len({mallory.open(each, 410).text for each in (own, ended, deleted)}) == 1


def test_opening_is_counted_no_more_when_it_is_over(
    app: Flask, mallory: Respondent, own: str
) -> None:
    mallory.open(own)
    form = mallory.page.find_form(own)
    change_behind(app, ENDED)
    before = read_records(app)
    mallory.send(form, 410)
    assert read_records(app) == before


def test_the_owners_own_device_is_no_exception(alice: Respondent, own: str) -> None:
    page = check_page(alice.client.get(own))
    assert page.h1 == "A shared result"
