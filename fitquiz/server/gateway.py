"""Lets granian serve the app so that nobody slow keeps it busy: a request is answered when it has come whole.

As a WSGI server granian gives a thread to a request whose headers have come, and the thread waits for the body: as many
slow bodies as there are threads starve everybody. So granian speaks ASGI to this module, which takes the body in first,
within a time. The answer is handed over whole, and granian's own loop waits for whoever reads it slowly.
"""

import asyncio
import io
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from wsgiref.types import WSGIApplication

from fitquiz.web.security.form_limits import LATE, MAX_PASTED_BYTES
from fitquiz.web.security.headers import list_headers

BODY_SECONDS = 30.0
"""A pasted organisation of 512 KB over a slow line takes as long. Who waits for it is no thread."""
LOOKS = 30
"""So many times the clock is looked at meanwhile."""

Message = Mapping[str, Any]
Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
_log = logging.getLogger(__name__)


class NotWholeError(Exception):
    """The body broke off, or was not as HTTP has it; nothing of the request is done."""


class Gateway:
    """An ASGI app that runs a WSGI app: right in the loop that takes requests in, or in threads if there are several.

    A request wakes no thread then, which takes 0.2 to 0.35 ms of its processor time, a fifth of an item's page.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        threads: int = 1,
        workers: int = 1,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._app = app
        self._body_seconds = body_seconds
        self._threads = (
            ThreadPoolExecutor(threads, thread_name_prefix="request") if threads > 1 else None
        )
        self._told = {"wsgi.multithread": threads > 1, "wsgi.multiprocess": workers > 1}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request when all of it is there, or when its time is up; the app then says so."""
        environ = _make_environ(scope)
        environ.update(self._told)
        try:
            body = await _read_in_time(environ, receive, self._body_seconds)
        except TimeoutError:
            body, environ[LATE] = b"", True
        except NotWholeError:
            await _send(send, _say(400, "The request was not whole.\n", environ))
            return
        environ["wsgi.input"] = io.BytesIO(body)
        environ.setdefault("CONTENT_LENGTH", str(len(body)))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        if self._threads is None:
            answer = self._answer(environ)
        else:
            answer = await asyncio.get_running_loop().run_in_executor(
                self._threads, self._answer, environ
            )
        await _send(send, answer)

    def _answer(self, environ: dict[str, Any]) -> Answer:
        try:
            return self._ask(environ)
        except Exception as error:  # noqa: BLE001 - the last resort, where even the page of an error has failed
            _log.error("no answer could be made", exc_info=error)
            return _say(500, "Something went wrong on our side.\n", environ)

    def _ask(self, environ: dict[str, Any]) -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(
            status: str, headers: list[tuple[str, str]], _failure: object = None
        ) -> Callable[[bytes], object]:
            started.append((status, headers))
            return lambda _data: None

        parts: Iterable[bytes] = self._app(environ, start)
        try:
            content = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers = started[-1]
        return int(status.partition(" ")[0]), _encode(headers), content


async def _send(send: Send, answer: Answer) -> None:
    status, headers, content = answer
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _say(status: int, text: str, environ: Mapping[str, Any]) -> Answer:
    """Return an answer that the app has no part in, with the headers of every other."""
    fixed = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    headers = [*list_headers(environ["wsgi.url_scheme"] == "https"), *fixed.items()]
    return status, _encode(headers), text.encode()


def _encode(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


class _Patience:
    """Ends a wait after a time in which the loop was free to take in what comes.

    What has come while the loop answered somebody else is not late, though it is taken in only then. So the clock is
    looked at now and then, and a look that is late itself does not count.
    """

    def __init__(self, wait: asyncio.Timeout, seconds: float) -> None:
        self._wait, self._every, self._left = wait, seconds / LOOKS, LOOKS
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.call_later(self._every, self._look)

    def end(self) -> None:
        """It has come, or will not."""
        self._next.cancel()

    def _look(self) -> None:
        now = self._loop.time()
        if now - self._next.when() < self._every / 2:
            self._left -= 1
        if self._left:
            self._next = self._loop.call_later(self._every, self._look)
        else:
            self._wait.reschedule(now)


async def _read_in_time(environ: Mapping[str, Any], receive: Receive, seconds: float) -> bytes:
    """Return the body; nothing of one that says that it is too long. Raise TimeoutError if it does not come in time."""
    announced = environ.get("CONTENT_LENGTH", "" if "HTTP_TRANSFER_ENCODING" in environ else "0")
    if announced == "0" or (announced.isdigit() and int(announced) > MAX_PASTED_BYTES):
        return b""
    async with asyncio.timeout(None) as wait:
        patience = _Patience(wait, seconds)
        try:
            return await _read_body(receive)
        finally:
            patience.end()


async def _read_body(receive: Receive) -> bytes:
    """Return the body, and no more of one that is too long than tells that."""
    body = bytearray()
    while len(body) <= MAX_PASTED_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise NotWholeError
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


def _make_environ(scope: Scope) -> dict[str, Any]:
    """Return the WSGI environment of a request, with nothing of the process's own in it."""
    server, client = scope.get("server") or ("", None), scope.get("client") or ("", None)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogatepass").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str(client[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in scope["headers"]:
        if b"_" in name:
            continue  # It would pass for another header, the one with hyphens, which a proxy may have vouched for.
        key, text = name.decode("latin-1").replace("-", "_").upper(), value.decode("latin-1")
        if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            environ[key] = text
            continue
        earlier, between = environ.get(f"HTTP_{key}"), "; " if key == "COOKIE" else ","
        environ[f"HTTP_{key}"] = text if earlier is None else f"{earlier}{between}{text}"
    return environ
