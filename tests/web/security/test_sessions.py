"""The session's cookie is read once an hour, and yet only ours is taken, and no request sees what another put in."""

import secrets
import time
from pathlib import Path
from unittest.mock import patch

import pytest
from flask import Flask, session
from itsdangerous import Signer

from tests.web.support.app_fixtures import MakeApp
from tests.web.support.respondent import Respondent

HOUR = 3600
DAY = 24 * HOUR


def visit(app: Flask, cookie: str) -> dict[str, object]:
    """Return what a request with this cookie finds in its session, and put something into it."""
    with app.test_request_context("/", headers={"Cookie": f"form={cookie}"}):
        found = dict(session)
        session["csrf_token"] = session["note"] = "hers"
        return found


def make_cookie(app: Flask, content: dict[str, object]) -> str:
    with app.test_request_context("/"):
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own has it
        return str(serializer.dumps(content))


def turn_clock(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)


def test_a_cookie_tells_the_same_again_and_again_whatever_a_request_has_put_in(app: Flask) -> None:
    cookie = make_cookie(app, {"csrf_token": "key"})
    assert [visit(app, cookie) for _ in range(3)] == [{"csrf_token": "key"}] * 3


def test_each_cookie_tells_its_own(app: Flask) -> None:
    cookies = [make_cookie(app, {"csrf_token": name}) for name in ("alice", "mallory")]
    assert [visit(app, each)["csrf_token"] for each in cookies * 2] == ["alice", "mallory"] * 2


@pytest.mark.parametrize("change", ["{}x", "x{}", "x", "{}.{}"])
def test_a_cookie_that_is_not_ours_is_none(app: Flask, change: str) -> None:
    cookie = make_cookie(app, {"csrf_token": "key"})
    assert visit(app, cookie)
    assert visit(app, change.format(cookie, cookie)) == {}


def test_another_apps_cookie_is_none(app: Flask, make_app: MakeApp, tmp_path: Path) -> None:
    other = make_app(
        secret_key=secrets.token_hex(20), database_url=f"sqlite:///{tmp_path}/other.db"
    )
    cookie = make_cookie(app, {"csrf_token": "key"})
    assert visit(app, cookie)
    assert visit(other, cookie) == {}


def test_a_cookie_is_good_for_a_month_and_an_hour_at_most(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = make_cookie(app, {"csrf_token": "key"})
    turn_clock(monkeypatch, 30 * DAY)
    assert visit(app, cookie)
    turn_clock(monkeypatch, DAY + HOUR)
    assert visit(app, cookie) == {}


def test_a_page_that_looks_at_the_cookie_says_that_it_hangs_on_it_and_no_other_does(
    alice: Respondent,
) -> None:
    alice.start()
    for address, hangs in ((alice.address.partition("#")[0], True), ("/healthz", False)):
        found = alice.client.get(address)
        assert ("Cookie" in found.vary) is hangs
        assert not any(each.startswith("form=") for each in found.headers.getlist("Set-Cookie"))


def test_a_session_that_was_emptied_takes_its_cookie_along(app: Flask) -> None:
    with app.test_request_context(
        "/", headers={"Cookie": f"form={make_cookie(app, {'csrf_token': 'key'})}"}
    ):
        session.clear()
        sent = app.process_response(app.response_class()).headers["Set-Cookie"]
    assert sent.startswith("form=;")
    assert "Max-Age=0" in sent


def test_over_https_only_the_cookie_that_is_bound_to_the_host_is_read(app: Flask) -> None:
    cookie = make_cookie(app, {"csrf_token": "key"})
    for name, found in (("form", {}), ("__Host-form", {"csrf_token": "key"})):
        with app.test_request_context(
            "/", base_url="https://localhost", headers={"Cookie": f"{name}={cookie}"}
        ):
            assert dict(session) == found


def test_what_a_request_changes_in_place_no_other_sees(app: Flask) -> None:
    cookie = make_cookie(app, {"opened": ["1"]})
    for _ in range(2):
        with app.test_request_context("/", headers={"Cookie": f"form={cookie}"}):
            assert session["opened"] == ["1"]
            session["opened"].append("2")


def test_no_more_is_kept_than_so_many_cookies_of_so_many_characters(app: Flask) -> None:
    cookie, kept = make_cookie(app, {"csrf_token": "key"}), app.session_interface._read.cache_info  # type: ignore[attr-defined]  # ours
    for characters in (200, 1000, 1001, 60_000):
        assert visit(app, cookie.ljust(characters, "!")) == {"csrf_token": "key"}
    assert (kept().currsize, kept().maxsize) == (2, 4096)


def test_a_signature_is_checked_once_an_hour(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = make_cookie(app, {"csrf_token": "key"})
    turn_clock(monkeypatch, HOUR - time.time() % HOUR)
    with patch.object(
        Signer, "verify_signature", autospec=True, side_effect=Signer.verify_signature
    ) as check:
        for seconds in (0, 1, HOUR, 1):
            turn_clock(monkeypatch, seconds)
            assert visit(app, cookie)
    assert check.call_count == 2
