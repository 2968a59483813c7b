"""Only a session cookie that this app signed is read, and only for a month."""

import secrets
import time
from pathlib import Path

import pytest
from flask import Flask, session

from tests.web.support.app_fixtures import MakeApp
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
def test_a_changed_cookie_is_ignored(app: Flask, change: str) -> None:
    cookie = make_cookie(app, {"csrf_token": "key"})
    assert visit(app, cookie)
    assert visit(app, change.format(cookie, cookie)) == {}


def test_the_cookie_of_another_app_is_ignored(
    app: Flask, make_app: MakeApp, tmp_path: Path
) -> None:
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


def test_only_a_page_that_reads_the_session_varies_by_cookie(
    alice: Respondent,
) -> None:
    alice.start()
    item_page = alice.address.partition("#")[0]
    for address, reads_session in ((item_page, True), ("/healthz", False)):
        response = alice.client.get(address)
        assert ("Cookie" in response.vary) is reads_session
        for cookie in response.headers.getlist("Set-Cookie"):
            assert not cookie.startswith("form=")


def test_an_emptied_session_deletes_its_cookie(app: Flask) -> None:
    with app.test_request_context(
        "/", headers={"Cookie": f"form={make_cookie(app, {'csrf_token': 'key'})}"}
    ):
        session.clear()
        sent = app.process_response(app.response_class()).headers["Set-Cookie"]
    assert sent.startswith("form=;")
    assert "Max-Age=0" in sent


def test_over_https_only_the_host_cookie_is_read(app: Flask) -> None:
    cookie = make_cookie(app, {"csrf_token": "key"})
    for name, found in (("form", {}), ("__Host-form", {"csrf_token": "key"})):
        with app.test_request_context(
            "/", base_url="https://localhost", headers={"Cookie": f"{name}={cookie}"}
        ):
            assert dict(session) == found
