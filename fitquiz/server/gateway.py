"""Runs the WSGI app behind granian's ASGI interface. Therefore slow clients cannot block the app.

With granian's WSGI interface, each request gets a thread as soon as its headers have arrived. The
thread then waits for the request body. A few clients that send slowly could block all threads.

With the ASGI interface, this module first reads the whole request body, and then calls the app.
Granian's event loop sends the response. Therefore a client that reads slowly blocks no thread.
"""

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from wsgiref.types import WSGIApplication

from fitquiz.server.wsgi_environ import Scope, make_environ
from fitquiz.web.limits.form_limits import (
    LATE,
    MAX_PASTED_BYTES,
    find_body_limit,
    is_large,
    read_length,
)
from fitquiz.web.security.headers import list_headers

BODY_SECONDS = 30.0
"""The time limit for a request body. On a slow line, 512 KB arrive in about 30 seconds."""

TIMEOUT_CHECKS = 30
"""`_BodyTimeout` divides the time limit for a request body into this number of checks."""

MAX_UPLOADS = 8
"""The largest number of uploads that a process reads at the same time. Their bodies are large."""
BUSY = "Too many files are being uploaded. Go back, wait a minute, and send the file again.\n"

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WsgiResponse = tuple[int, list[tuple[bytes, bytes]], bytes]
"""The status, the headers and the content of a response."""

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class IncompleteBodyError(Exception):
    """The client disconnected, or sent a malformed body. The app does not get the request."""


class Gateway:
    """An ASGI app that calls a WSGI app.

    If `threads` is 1, the WSGI app runs in the thread of the event loop. Waking another thread
    would take 0.2 to 0.35 ms, a fifth of the time of an item page.

    If `threads` is more than 1, the WSGI app runs in a thread pool.

    `may_upload` gets a WSGI environment, and returns whether the client may send a large body.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        threads: int = 1,
        workers: int = 1,
        body_seconds: float = BODY_SECONDS,
        may_upload: Callable[[Mapping[str, Any]], bool] = lambda _environ: False,
    ) -> None:
        self._app = app
        self._may_upload = may_upload
        self._body_seconds = body_seconds
        self._uploads = 0
        self._wsgi_flags = {
            "wsgi.multithread": threads > 1,
            "wsgi.multiprocess": workers > 1,
        }
        self._pool = None
        if threads > 1:
            self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the whole request, call the app, and send the response of the app.

        If the body does not arrive in time, call the app with an empty body and the flag LATE. The
        app then returns an error page.

        If the client disconnects or sends a malformed body, respond with status 400 without calling
        the app.
        """
        environ = make_environ(scope)
        environ.update(self._wsgi_flags)
        takes_place = False
        limit = find_body_limit(environ)
        if is_large(environ):
            takes_place = await self._call(self._may_upload, environ)
            limit = limit if takes_place else MAX_PASTED_BYTES
        if takes_place and self._uploads >= MAX_UPLOADS:
            response = plain_response(503, BUSY, environ)
            await _send(send, response)
            return

        self._uploads += takes_place
        try:
            body = await _read_in_time(environ, receive, limit, self._body_seconds)
        except TimeoutError:
            body = b""
            environ[LATE] = True
        except IncompleteBodyError:
            response = plain_response(400, "The request was incomplete.\n", environ)
            await _send(send, response)
            return
        finally:
            self._uploads -= takes_place

        environ["wsgi.input"] = io.BytesIO(body)
        environ.setdefault("CONTENT_LENGTH", str(len(body)))
        environ.pop("HTTP_TRANSFER_ENCODING", None)

        response = await self._call(self._respond, environ)
        await _send(send, response)

    async def _call(
        self, function: Callable[[dict[str, Any]], _Result], environ: dict[str, Any]
    ) -> _Result:
        """Call the function in the thread pool, or in this thread if there is no thread pool."""
        if self._pool is None:
            return function(environ)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, function, environ)

    def _respond(self, environ: dict[str, Any]) -> WsgiResponse:
        try:
            return self._call_app(environ)
        except Exception as error:  # noqa: BLE001 - the app could not even make its error page
            _log.error("the app returned no response", exc_info=error)
            return plain_response(500, "Something went wrong on our side.\n", environ)

    def _call_app(self, environ: dict[str, Any]) -> WsgiResponse:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(
            status: str,
            headers: list[tuple[str, str]],
            _failure: object = None,
        ) -> Callable[[bytes], object]:
            started.append((status, headers))
            return lambda _data: None

        parts: Iterable[bytes] = self._app(environ, start_response)
        try:
            content = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()

        # The app may call start_response several times. Only the last call is valid.
        status, headers = started[-1]
        number, _, _reason = status.partition(" ")
        return int(number), _encode(headers), content


def plain_response(status: int, text: str, environ: Mapping[str, Any]) -> WsgiResponse:
    """Return a response in plain text with the security headers that all pages have."""
    is_https = environ["wsgi.url_scheme"] == "https"
    headers = [
        *list_headers(is_https),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
    ]
    return status, _encode(headers), text.encode()


async def _send(send: Send, response: WsgiResponse) -> None:
    status, headers, content = response
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _encode(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    encoded = []
    for name, value in headers:
        lower_name = name.lower()  # ASGI requires header names in lower case.
        encoded.append((lower_name.encode("latin-1"), value.encode("latin-1")))
    return encoded


class _BodyTimeout:
    """A timeout that counts only the time in which the event loop could read request bodies.

    While the app processes one request, the event loop cannot read the bodies of other requests.
    Therefore the timeout counts checks instead of seconds. If a check runs late, the event loop was
    busy, and the timeout does not count the check. The time limit is over when the timeout has
    counted TIMEOUT_CHECKS checks.
    """

    def __init__(self, timeout: asyncio.Timeout, seconds: float) -> None:
        self._timeout = timeout
        self._interval = seconds / TIMEOUT_CHECKS
        self._checks_left = TIMEOUT_CHECKS
        self._loop = asyncio.get_running_loop()
        self._next_check = self._loop.call_later(self._interval, self._check)

    def stop(self) -> None:
        """Cancel the next check, because the body has arrived or could not be read."""
        self._next_check.cancel()

    def _check(self) -> None:
        now = self._loop.time()
        delay = now - self._next_check.when()
        if delay < self._interval / 2:
            self._checks_left -= 1

        if self._checks_left:
            self._next_check = self._loop.call_later(self._interval, self._check)
        else:
            # `asyncio.timeout` in `_read_in_time` now raises TimeoutError.
            self._timeout.reschedule(now)


async def _read_in_time(
    environ: Mapping[str, Any], receive: Receive, limit: int, seconds: float
) -> bytes:
    """Return the request body. Raise TimeoutError if the body does not arrive in time.

    Raise IncompleteBodyError if the client disconnects or sends a malformed body.

    Return an empty body, and read nothing, if Content-Length is above `limit`. The app
    also reads the header Content-Length, and refuses the request.
    """
    length = read_length(environ)
    if length == "0":
        return b""
    if length.isdigit() and int(length) > limit:
        return b""

    async with asyncio.timeout(None) as timeout:
        body_timeout = _BodyTimeout(timeout, seconds)
        try:
            return await _read_body(receive, limit)
        finally:
            body_timeout.stop()


async def _read_body(receive: Receive, limit: int) -> bytes:
    """Return the request body. Raise IncompleteBodyError if granian reports a disconnect.

    Granian also reports a disconnect for a malformed body.

    Stop reading when the body is longer than `limit`. The app refuses such a body.
    """
    body = bytearray()
    while len(body) <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise IncompleteBodyError
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)
