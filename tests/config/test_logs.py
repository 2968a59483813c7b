"""No token, handle, code, e-mail address or answer is ever logged, whatever fails and whoever logs it."""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fitquiz.config.logs import MAX_CHARACTERS, CleanRecord, JsonFormatter, clean, start_logging
from fitquiz.config.settings import SettingsError, read_settings
from fitquiz.core.secrets.tokens import make_handle
from fitquiz.web.security.access import ACCESS, BEARER, HOLDER
from tests.reliability.support.server import Server
from tests.reliability.support.visitor import Visitor
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.records import read_database

TOKEN = "u8up3iByZD705uD8OIi0lGiLi9bvlzHuecjzji-n0Ws"
HANDLE = make_handle(TOKEN)
CODE, EMAIL, ANSWER = "7KQ4M-XR2PA", "kari.nordmann@example.org", "answered 17 with never"
SECRETS = (TOKEN, HANDLE, CODE, EMAIL, ANSWER, "kari", "ringer")
TOO_FEW = "two %s %s"
log = logging.getLogger("fitquiz.tests")


@pytest.fixture
def failing(app: Flask) -> Flask:
    """The app, where every page with a secret in its address falls, and tries to tell all that it knows."""

    def fall(**_values: str) -> str:
        log.warning("at %s for %s with %s", request.full_path, EMAIL, CODE)
        try:
            raise KeyError(ANSWER, request.full_path)
        except KeyError as error:
            raise RuntimeError(f"{request.url} {EMAIL} {CODE} {ANSWER}") from error

    for endpoint, needed in ACCESS.items():
        if needed in (BEARER, HOLDER):
            app.view_functions[endpoint] = fall
    return app


def list_addresses(app: Flask) -> Iterator[str]:
    adapter = app.url_map.bind("localhost")
    known = {
        "language": "en",
        "token": TOKEN,
        "handle": HANDLE,
        "item_id": "x",
        "part_id": "x",
        "share_id": 4,
    }
    known |= {"kind": "present", "ending": "csv"}
    for rule in app.url_map.iter_rules():
        if ACCESS[rule.endpoint] in (BEARER, HOLDER) and "GET" in (rule.methods or ()):
            yield adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})


def find_secrets(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_a_failing_page_with_a_secret_in_its_address_logs_none(
    failing: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    addresses = list(list_addresses(failing))
    for address in addresses:
        assert failing.test_client().get(f"{address}?code={CODE}&name=ringer").status_code == 500
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert len(lines) == 2 * len(addresses) > 30
    assert find_secrets(caplog.text + "".join(lines)) == []
    assert "builtins.RuntimeError" in caplog.text
    assert "test_logs.py" in caplog.text


def test_a_line_of_json_tells_what_failed_and_where(
    failing: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    failing.test_client().get(f"/en/shared/{TOKEN}")
    said = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    assert [each["message"].partition(" ")[0] for each in said] == ["at", "a"]
    assert set(said[0]) == {"time", "level", "logger", "message"}
    assert (said[1]["failure"], said[1]["level"]) == ("builtins.RuntimeError", "ERROR")
    assert said[1]["logger"] == "fitquiz.web.errors"
    assert said[1]["traceback"][-1] == "builtins.RuntimeError"
    assert "builtins.KeyError" in said[1]["traceback"]
    assert [frame for frame in said[1]["traceback"] if frame.endswith(" in fall")]


def test_a_failing_statement_tells_no_values(app: Flask) -> None:
    for engine in (read_database(app).engine, app.extensions["fitquiz_ledger"].kw["bind"]):
        with pytest.raises(DBAPIError) as raised, engine.connect() as connection:
            connection.execute(text("SELECT :answer FROM no_such_table"), {"answer": ANSWER})
        assert ANSWER not in str(raised.value)


@pytest.mark.parametrize(
    ("written", "logged"),
    [
        (f"GET /en/shared/{TOKEN} 200", "GET /en/shared/[secret] 200"),
        (f"/nb/attempts/{HANDLE}/items/x", "/nb/attempts/[secret]/items/x"),
        ("/en/return/shortened-tok", "/en/return/[secret]"),
        (f"GET /en/shared/{TOKEN}.) 404", "GET /en/shared/[secret] 404"),
        (f"/en/shared/<{TOKEN}>/begin", "/en/shared/[secret]/begin"),
        (f'/en/shared/"{TOKEN}" 404', '/en/shared/[secret]" 404'),
        (f"/en/shared/%3C{TOKEN}%3E", "/en/shared/[secret]"),
        (f"/en/shared/ {TOKEN} and more", "/en/shared/[secret] and more"),
        (f"/en/shared/{TOKEN}_", "/en/shared/[secret]"),
        (f"/en/shared//{TOKEN}/", "/en/shared/[secret]/"),
        ("/en/shared/\u200bshortened-tok", "/en/shared/[secret]"),
        (f"/EN/Invitations/{TOKEN}hello", "/EN/Invitations/[secret]"),
        (f"/NB/ATTEMPTS/{HANDLE}/Result", "/NB/ATTEMPTS/[secret]/Result"),
        (f"idle.{TOKEN}.{TOKEN}", "idle.[secret].[secret]"),
        ("a" * 64, "[secret]"),
        (f"for {EMAIL}, twice", "for [e-mail], twice"),
        ("onward kari%40example.org", "onward [e-mail]"),
        ("postgresql://user:pass@host/name", "postgresql://user:[e-mail]/name"),
        (f"code {CODE}.", "code [code]."),
        ("code 123456 or 123 456", "code [code] or [code]"),
        ("/en/code?code=1&x=2 gone", "/en/code?[query] gone"),
        ("one\nERROR two\x1b[31m", "one ERROR two [31m"),
        (
            "disk /srv/data is full, 1234567 bytes? yes",
            "disk /srv/data is full, 1234567 bytes? yes",
        ),
        ("Port 8000 of 127.0.0.1 at 2026-11-25", "Port 8000 of 127.0.0.1 at 2026-11-25"),
    ],
)
def test_secrets_are_taken_out_and_the_rest_stays(written: str, logged: str) -> None:
    assert clean(written) == logged


def test_a_long_message_is_cut_before_it_is_looked_through() -> None:
    assert len(clean("x." * 10**6)) <= MAX_CHARACTERS


def test_a_message_that_does_not_fit_its_values_is_logged_without_them(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    log.warning(TOO_FEW, EMAIL)
    assert TOO_FEW in caplog.text
    assert find_secrets(caplog.text) == []


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Iterator[io.StringIO]:
    """Standard error of a process that serves; all is put back afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    for hook in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, hook, getattr(sys, hook))
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "stderr", stream)
    root.handlers = []
    start_logging(read_settings({"FITQUIZ_LOG_FORMAT": "json"}))
    yield stream
    root.handlers = before
    root.setLevel(level)


def test_what_nobody_catches_is_logged_without_its_message(stream: io.StringIO) -> None:
    failure = RuntimeError(f"{TOKEN} {ANSWER}")
    sys.excepthook(RuntimeError, failure, None)
    thread = threading.Thread(target=fall_alone)
    thread.start()
    thread.join()
    logging.getLogger("_granian").error(
        "Application callable raised an exception", exc_info=failure
    )
    said = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [each["failure"] for each in said] == [
        "builtins.RuntimeError",
        "builtins.KeyError",
        "builtins.RuntimeError",
    ]
    assert find_secrets(stream.getvalue()) == []


def fall_alone() -> None:
    raise KeyError(ANSWER)


@pytest.mark.parametrize("value", ["xml", "JSON", "text "])
def test_a_format_that_there_is_not_stops_the_start(make_app: MakeApp, value: str) -> None:
    with pytest.raises(SettingsError, match=r"^FITQUIZ_LOG_FORMAT is .*; write text or json\.$"):
        make_app(log_format=value)


def test_records_are_clean_whoever_makes_them(app: Flask) -> None:
    record = logging.getLogger("other").makeRecord("other", 40, "x", 1, "%s", (TOKEN,), None)
    assert isinstance(record, CleanRecord)
    assert record.getMessage() == "[secret]"


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_the_server_logs_failures_without_secrets_and_visits_not_at_all(
    tmp_path: Path, log_format: str
) -> None:
    server = Server(tmp_path / "instance", log_format=log_format)
    server.start()
    try:
        with server.open_database() as database:
            database.execute("DROP TABLE share")
            database.execute("DROP TABLE invitation")
        for address in (f"/en/shared/{TOKEN}", f"/en/invitations/{TOKEN}?name=ringer"):
            assert Visitor(server.port).get(address).status == 503
        written = (server.instance / "log").read_text()
    finally:
        server.kill()
    lines = [line for line in written.splitlines() if "no such table" in line]
    assert [json.loads(line)["level"] for line in lines if log_format == "json"] in (
        [],
        ["ERROR"] * 2,
    )
    assert len(lines) == 2
    assert find_secrets(written) == []
    assert "/en/" not in written.replace("/en/staff-links/", "")
