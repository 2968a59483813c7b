"""Only a session cookie that this app signed is read, and only for a month."""

import secrets
import time
from pathlib import Path

import pytest
from flask import Flask, session

from tests.conftest import MakeApp
from tests.web.support.respondent import Respondent

MINUTE = 60
DAY = 24 * 60 * MINUTE


def visit(app: Flask, cookie: str) -> dict[str, object]:
    """Return what a request with this cookie finds in its session."""
    with app.test_request_context("/", headers={"Cookie": f"form={cookie}"}):
        return dict(session)


def make_cookie(app: Flask, content: dict[str, object]) -> str:
    with app.test_request_context("/"):
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own has it
        return str(serializer.dumps(content))


def turn_clock(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)


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


def test_a_cookie_is_valid_for_31_days(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = make_cookie(app, {"csrf_token": "key"})
    turn_clock(monkeypatch, 31 * DAY - MINUTE)
    assert visit(app, cookie)
    turn_clock(monkeypatch, 2 * MINUTE)
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
