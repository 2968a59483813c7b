"""A request is answered when it has come whole; one that comes late, too large or never gets no further."""

import asyncio
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask, request

from fitquiz.server import gateway as gateway_module
from fitquiz.server.gateway import Gateway
from fitquiz.web.limits.form_limits import (
    LATE,
)
from fitquiz.web.security.access import ACCESS, ANYONE
from tests.server.support.asking import END, FORM, ask, make_scope, read_headers
from tests.web.support.page_checks import HEADERS


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


@pytest.fixture(params=[1, 2], ids=["in the loop", "in threads"])
def gateway(request: pytest.FixtureRequest, app: Flask) -> Gateway:
    """The app behind it, with little patience."""
    return Gateway(app.wsgi_app, threads=request.param, body_seconds=0.2)


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


def test_a_body_that_does_not_say_how_long_it_is_is_read_to_the_limit_and_refused(
    gateway: Gateway,
) -> None:
    scope = make_scope("/en/sign-in", "POST", [FORM, ("transfer-encoding", "chunked")])
    assert ask(gateway, scope, *[b"x" * 100_000] * 6)[0]["status"] == 413


def test_an_app_sees_the_whole_body_and_all_headers(
    gateway: Gateway, seen: list[dict[str, Any]]
) -> None:
    twice = [("cookie", "a=1"), ("cookie", "b=2"), ("x-b", "1"), ("x-b", "2")]
    assert ask(
        gateway, make_scope("/note", headers=[("content-length", "6"), *twice]), b"abc", b"def", END
    )
    assert seen[0]["form"] == b"abcdef"
    assert (seen[0]["HTTP_COOKIE"], seen[0]["HTTP_X_B"]) == ("a=1; b=2", "1,2")


def test_a_header_with_an_underscore_passes_for_no_other(
    gateway: Gateway, seen: list[dict[str, Any]]
) -> None:
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


def test_where_even_the_page_of_an_error_fails_the_headers_stand(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fall(_environ: object, _start: object) -> Iterable[bytes]:
        raise RuntimeError("secret of /srv/app.py")

    sent = ask(Gateway(fall), make_scope())
    assert sent[0]["status"] == 500
    headers = read_headers(sent)
    assert {name: headers.get(name.lower()) for name in HEADERS} == HEADERS
    assert sent[1]["body"] == b"Something went wrong on our side.\n"


@pytest.mark.parametrize(("threads", "workers"), [(1, 1), (1, 2), (2, 1), (4, 3)])
def test_an_app_is_told_whether_it_is_alone(threads: int, workers: int) -> None:
    seen: list[Any] = []

    def note(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        seen.extend([environ["wsgi.multithread"], environ["wsgi.multiprocess"]])
        start("200 OK", [])
        return [threading.current_thread().name.encode()]

    sent = ask(Gateway(note, threads=threads, workers=workers), make_scope())
    assert seen == [threads > 1, workers > 1]
    assert sent[1]["body"].startswith(b"request") == (threads > 1)


class Busy:
    """An app that is busy with one path, and meanwhile the body of another request arrives."""

    def __init__(self, body_seconds: float) -> None:
        self.gateway = Gateway(self.answer, body_seconds=body_seconds)
        self.body: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: dict[str, list[Any]] = {"/busy": [], "/note": []}
        self.seconds, self.failures = body_seconds, list[Any]()

    def answer(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/busy":
            time.sleep(self.seconds * 3)
            for chunk in (b"abc", b"def", END):
                put = {"type": "http.request", "body": chunk, "more_body": chunk != END}
                self.loop.call_soon_threadsafe(self.body.put_nowait, put)
        start("408 LATE" if environ.get(LATE) else "200 OK", [])
        return [environ["wsgi.input"].read()]

    async def ask(self, scope: dict[str, Any]) -> None:
        async def send(message: Any) -> None:
            self.sent[scope["path"]].append(message)

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(0)  # Each part takes a turn of the loop, as from granian.
            return await self.body.get()

        await self.gateway(scope, receive, send)

    async def ask_both(self) -> list[Any]:
        self.loop = asyncio.get_running_loop()
        self.loop.set_exception_handler(lambda _loop, told: self.failures.append(told))
        waiting = asyncio.create_task(
            self.ask(make_scope("/note", "POST", [("content-length", "6")]))
        )
        await asyncio.sleep(0)
        await self.ask(make_scope("/busy"))
        await waiting
        await asyncio.sleep(self.seconds)  # Whatever still waits would fall now.
        assert self.failures == []
        return self.sent["/note"]


@pytest.mark.parametrize("checks", [1, gateway_module.TIMEOUT_CHECKS])
def test_a_body_that_comes_while_the_loop_is_busy_is_not_late(
    monkeypatch: pytest.MonkeyPatch, checks: int
) -> None:
    monkeypatch.setattr(gateway_module, "TIMEOUT_CHECKS", checks)
    with ThreadPoolExecutor(1) as thread:
        sent = thread.submit(asyncio.run, Busy(0.2).ask_both()).result()
    assert (sent[0]["status"], sent[1]["body"]) == (200, b"abcdef")


def test_a_loop_that_is_busy_lets_nobody_wait_for_ever() -> None:
    busy = Busy(0.2)
    busy.body.get = asyncio.Event().wait  # type: ignore[assignment,method-assign]  # replaces a method: nothing ever comes
    with ThreadPoolExecutor(1) as thread:
        sent = thread.submit(asyncio.run, asyncio.wait_for(busy.ask_both(), 20)).result()
    assert sent[0]["status"] == 408
