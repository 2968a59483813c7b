"""Whoever watches the server learns whether it lives and can work, and nothing else."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.web.support.app_fixtures import MakeApp, Run
from tests.web.support.page_checks import check_headers
from tests.web.support.records import change_behind, listing_statements, read_database


def ask(app: Flask, address: str) -> TestResponse:
    response = app.test_client().get(address)
    check_headers(response)
    assert (response.mimetype, response.headers["Cache-Control"]) == ("text/plain", "no-store")
    assert "Set-Cookie" not in response.headers
    return response


def test_a_living_process_says_so_and_touches_no_database(app: Flask) -> None:
    with listing_statements(app) as statements:
        response = ask(app, "/healthz")
    assert (response.status_code, response.text, statements) == (200, "ok\n", [])


def test_a_server_that_can_work_is_ready(app: Flask) -> None:
    response = ask(app, "/readyz")
    assert (response.status_code, response.text) == (200, "ready\n")


@pytest.mark.parametrize("version", ["0001", "9999", ""])
def test_a_server_whose_database_has_another_schema_is_not_ready(app: Flask, version: str) -> None:
    change_behind(app, f"UPDATE alembic_version SET version_num = '{version}'")
    response = ask(app, "/readyz")
    assert (response.status_code, response.text) == (503, "not ready\n")


def test_a_server_without_its_database_is_not_ready_and_lives(app: Flask, tmp_path: Path) -> None:
    read_database(app).engine.dispose()
    for file in (tmp_path / "instance").glob("fitquiz.db*"):
        file.unlink()
    (tmp_path / "instance" / "fitquiz.db").mkdir()
    assert (ask(app, "/readyz").status_code, ask(app, "/readyz").text) == (503, "not ready\n")
    assert ask(app, "/healthz").status_code == 200


def test_a_server_whose_key_was_replaced_while_it_ran_is_not_ready(
    make_app: MakeApp, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(secret_key="k9f2-x7q1-m4z8-p0w3-first-of-all")
    assert ask(app, "/readyz").status_code == 200
    monkeypatch.setenv("FITQUIZ_SECRET_KEY", "k9f2-x7q1-m4z8-p0w3-quite-another")
    assert "If a server is still running, the server uses the old key." in run("key", "replace")
    response = ask(app, "/readyz")
    assert (response.status_code, response.text) == (503, "not ready\n")


def test_a_server_is_watched_by_its_address_whatever_its_hosts(make_app: MakeApp) -> None:
    client = make_app(hosts="fit.example.org").test_client()
    for address in ("/healthz", "/readyz"):
        assert client.get(address, headers={"Host": "10.0.0.1:8000"}).status_code == 200
