"""A share by link shows a button, then the result, and says when the share has ended."""

import pytest
from flask import Flask

from tests.web.support.answering import agree
from tests.web.support.clock import Clock
from tests.web.support.counselling import find_shared, share, stop_first_share
from tests.web.support.page_checks import check_page
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent

ENDED = "UPDATE share SET expires_at = '2026-01-01 00:00:00.000000'"


@pytest.fixture
def own(alice: Respondent) -> str:
    """Return the address of a result that Alice shares."""
    alice.take(agree(people=4))
    page = share(alice, "link", name="Kari")
    (address,) = find_shared(page)
    return address


def test_a_link_preview_does_not_open_a_share(app: Flask, own: str) -> None:
    preview = app.test_client()
    before = read_records(app)
    for method in ("GET", "HEAD"):
        response = preview.open(own, method=method)
        assert response.status_code == 200
        assert "Kari" not in response.text
        assert "front office" not in response.text
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert read_records(app) == before


def test_a_browser_opens_a_share_once(alice: Respondent, mallory: Respondent, own: str) -> None:
    mallory.open(own)
    page = mallory.send(mallory.page.find_form(own))
    assert "point to front office" in page.h1
    page = mallory.open(own)
    assert "point to front office" in page.h1
    page = alice.open(f"{alice.base}/share")
    assert "opened 1 time" in page.text


def click_twice(reader: Respondent, own: str, clock: Clock | None = None) -> None:
    """Send the form twice with the same session cookie; with a clock, half an hour apart."""
    form = reader.open(own).find_form(own)
    before = reader.client.get_cookie("form")
    assert before is not None
    reader.post(form.action, form.fields)
    reader.client.set_cookie("form", before.value)
    if clock:
        clock.turn(minutes=30)
    page = reader.send(form)
    assert "point to front office" in page.h1


def test_a_double_click_opens_a_share_once(
    alice: Respondent, mallory: Respondent, own: str
) -> None:
    click_twice(mallory, own)
    assert "opened 1 time" in alice.open(f"{alice.base}/share").text


def test_two_readers_at_the_same_moment_open_a_share_twice(
    alice: Respondent, mallory: Respondent, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).stop()
    base = alice.base
    for reader in (alice, mallory):
        click_twice(reader, own)
    assert "opened 2 times" in alice.open(f"{base}/share").text


def test_a_browser_with_an_old_session_opens_a_share_again(
    mallory: Respondent, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    click_twice(mallory, own, Clock(monkeypatch))
    (row,) = read_records(mallory.client.application)["share"]
    assert row[-4] == 2


def test_no_row_shows_when_a_share_was_opened(
    app: Flask, alice: Respondent, mallory: Respondent, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).stop()
    change_behind(app, "DELETE FROM throttle")
    for reader in (alice, mallory):
        click_twice(reader, own)
    times = {row[1] for row in read_records(app)["throttle"]}
    # Equal times would show the moment of opening, since each is at a constant distance from it.
    assert len(times) == 2


def test_a_shared_result_is_in_the_language_of_its_reader(mallory: Respondent, own: str) -> None:
    mallory.open(own)
    mallory.send(mallory.page.find_form(own))
    mallory.language = "nb"
    page = mallory.open(own.replace("/en/", "/nb/"))
    assert "peker mot front office" in page.h1


def test_the_token_of_a_share_is_as_long_as_that_of_an_attempt(own: str) -> None:
    assert len(own.rpartition("/")[2]) == 43


@pytest.mark.parametrize("token", ["A" * 43, "x", "A" * 44])
def test_an_unknown_token_is_not_found(mallory: Respondent, own: str, token: str) -> None:
    mallory.open(f"/en/shared/{token}", 404)


def test_a_stopped_share_says_so_at_the_next_click(
    alice: Respondent, mallory: Respondent, own: str
) -> None:
    mallory.open(own)
    form = mallory.page.find_form(own)
    mallory.send(form)
    stop_first_share(alice)
    assert mallory.open(own, 410).h1 == "This is no longer shared"
    assert mallory.send(form, 410).h1 == "This is no longer shared"
    assert "front office" not in mallory.page.text


def test_an_expired_share_says_so(app: Flask, mallory: Respondent, own: str) -> None:
    mallory.open(own)
    mallory.send(mallory.page.find_form(own))
    change_behind(app, ENDED)
    assert mallory.open(own, 410).h1 == "This is no longer shared"


def test_stopped_expired_and_deleted_shares_show_the_same_page(
    app: Flask, alice: Respondent, mallory: Respondent, own: str
) -> None:
    stopped = own
    addresses = set(find_shared(share(alice, "link")))
    (expired,) = addresses - {stopped}
    change_behind(app, f"{ENDED} WHERE shared_at = (SELECT max(shared_at) FROM share)")
    alice.open(f"{alice.base}/share")
    stop_first_share(alice)
    (deleted,) = find_shared(share(alice, "link"))
    alice.open(f"{alice.base}/delete")
    alice.send(alice.page.find_form("/delete"))

    texts = {mallory.open(each, 410).text for each in (stopped, expired, deleted)}
    assert len(texts) == 1


def test_opening_an_expired_share_is_not_counted(app: Flask, mallory: Respondent, own: str) -> None:
    mallory.open(own)
    form = mallory.page.find_form(own)
    change_behind(app, ENDED)
    before = read_records(app)
    mallory.send(form, 410)
    assert read_records(app) == before


def test_the_owner_opens_the_share_by_the_button_too(alice: Respondent, own: str) -> None:
    page = check_page(alice.client.get(own))
    assert page.h1 == "A shared result"
