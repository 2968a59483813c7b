"""A request takes a thread when it has come whole; one that comes late, too large or never gets no further."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask, request

from fitquiz.web.access import ACCESS, ANYONE
from fitquiz.web.gateway import Gateway
from tests.web.page_checks import HEADERS

FORM = ("content-type", "application/x-www-form-urlencoded")
Sent = dict[str, Any]
END = b""
"""The chunk after which nothing comes."""


def make_scope(path: str = "/en/", method: str = "GET", headers: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """What granian says of a request before its body."""
    named = [("host", "localhost"), *headers]
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "server": ("127.0.0.1", "8000"),
        "client": ("127.0.0.9", "50000"),
        "headers": [(name.encode(), value.encode()) for name, value in named],
    }


def ask(gateway: Gateway, scope: dict[str, Any], *chunks: bytes | None) -> list[Sent]:
    """Send a request, its body in these chunks; None: hang up. What follows the last one never comes."""
    sent: list[Sent] = []
    coming = list(chunks)

    async def receive() -> dict[str, Any]:
        if not coming:
            await asyncio.sleep(60)
        chunk = coming.pop(0)
        if chunk is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": chunk != END}

    async def send(message: Any) -> None:
        sent.append(message)

    # In a thread of its own: one in which a browser test has run may have its loop running still.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, gateway(scope, receive, send)).result()
    return sent


def read_headers(sent: list[Sent]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.fixture
def seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What reaches a view that is planted for it."""
    seen: list[dict[str, Any]] = []

    def note() -> str:
        seen.append({**request.environ, "form": request.get_data()})
        return "noted"

    monkeypatch.setitem(ACCESS, "note", ANYONE)
    app.add_url_rule("/note", view_func=note)
    return seen


@pytest.fixture
def gateway(app: Flask) -> Gateway:
    """The app behind it, with little patience."""
    return Gateway(app.wsgi_app, 1, body_seconds=0.2)


def test_a_page_is_answered_with_its_headers(gateway: Gateway) -> None:
    sent = ask(gateway, make_scope())
    assert [each["type"] for each in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == 200
    headers = read_headers(sent)
    assert {name: headers.get(name.lower()) for name in HEADERS} == HEADERS
    assert b"</html>" in sent[1]["body"]


def test_a_body_that_is_late_gets_a_page_that_says_so(gateway: Gateway) -> None:
    scope = make_scope("/en/sign-in", "POST", [FORM, ("content-length", "9")])
    sent = ask(gateway, scope, b"a=1&")
    assert sent[0]["status"] == 408
    assert b"Go back and try again" in sent[1]["body"]
    assert read_headers(sent)["x-frame-options"] == "DENY"


@pytest.mark.parametrize("chunks", [(None,), (b"a=1&", None)], ids=["at once", "half-way"])
def test_who_hangs_up_half_way_has_asked_for_nothing(
    gateway: Gateway, seen: list[dict[str, Any]], chunks: tuple[bytes | None, ...]
) -> None:
    sent = ask(gateway, make_scope("/note", headers=[("content-length", "9")]), *chunks)
    assert (sent[0]["status"], read_headers(sent)["x-frame-options"]) == (400, "DENY")
    assert seen == []


def test_a_body_that_says_that_it_is_too_long_is_refused_unread(gateway: Gateway) -> None:
    scope = make_scope("/en/sign-in", "POST", [FORM, ("content-length", "600000")])
    assert ask(gateway, scope)[0]["status"] == 413


def test_a_body_that_does_not_say_how_long_it_is_is_read_to_the_limit_and_refused(gateway: Gateway) -> None:
    scope = make_scope("/en/sign-in", "POST", [FORM, ("transfer-encoding", "chunked")])
    assert ask(gateway, scope, *[b"x" * 100_000] * 6)[0]["status"] == 413


def test_an_app_sees_the_whole_body_and_all_headers(gateway: Gateway, seen: list[dict[str, Any]]) -> None:
    twice = [("cookie", "a=1"), ("cookie", "b=2"), ("x-b", "1"), ("x-b", "2")]
    assert ask(gateway, make_scope("/note", headers=[("content-length", "6"), *twice]), b"abc", b"def", END)
    assert seen[0]["form"] == b"abcdef"
    assert (seen[0]["HTTP_COOKIE"], seen[0]["HTTP_X_B"]) == ("a=1; b=2", "1,2")


def test_a_header_with_an_underscore_passes_for_no_other(gateway: Gateway, seen: list[dict[str, Any]]) -> None:
    ask(gateway, make_scope("/note", headers=[("x_forwarded_for", "10.0.0.1"), ("x-other", "1")]))
    assert "HTTP_X_FORWARDED_FOR" not in seen[0]
    assert (seen[0]["HTTP_X_OTHER"], seen[0]["REMOTE_ADDR"]) == ("1", "127.0.0.9")


def test_nothing_of_the_process_is_in_the_environment_of_a_request(
    gateway: Gateway, seen: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_X_FORWARDED_FOR", "10.0.0.1")
    monkeypatch.setenv("FITQUIZ_SECRET_KEY", "x" * 40)
    ask(gateway, make_scope("/note"))
    assert not {"HTTP_X_FORWARDED_FOR", "FITQUIZ_SECRET_KEY", "PATH"} & set(seen[0])


def test_where_even_the_page_of_an_error_fails_the_headers_stand(caplog: pytest.LogCaptureFixture) -> None:
    def fall(_environ: object, _start: object) -> Iterable[bytes]:
        raise RuntimeError("secret of /srv/app.py")

    sent = ask(Gateway(fall, 1), make_scope())
    assert sent[0]["status"] == 500
    headers = read_headers(sent)
    assert {name: headers.get(name.lower()) for name in HEADERS} == HEADERS
    assert sent[1]["body"] == b"Something went wrong on our side.\n"
