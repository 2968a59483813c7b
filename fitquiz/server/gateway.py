"""Runs the WSGI app behind granian's ASGI interface, so that slow clients do not block it.

With WSGI, granian gives a thread to each request as soon as its headers have arrived, and the
thread waits for the body. A few slow clients could then block all threads. With ASGI, this module
first reads the whole body, within a time limit, and only then calls the app. Granian's event loop
also sends the response, so a slow reader blocks nothing.
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
"""The time limit of a body. On a slow line, a pasted list of 512 KB takes about this long."""

TIMEOUT_CHECKS = 30
"""How often the time limit of a body is checked."""

Message = Mapping[str, Any]
Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and content of a response."""

_log = logging.getLogger(__name__)


class NotWholeError(Exception):
    """The request body was cut short or malformed. The request is not processed."""


class Gateway:
    """An ASGI app that calls a WSGI app.

    With one thread, the app runs in the event loop. Waking another thread would cost 0.2 to 0.35 ms,
    a fifth of the time for an item's page. With several threads, the app runs in a thread pool.
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
        self._wsgi_flags = {
            "wsgi.multithread": threads > 1,
            "wsgi.multiprocess": workers > 1,
        }
        self._pool = None
        if threads > 1:
            self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the whole request, let the app process it, and send the response.

        If the body takes too long, the app gets an empty body and the flag LATE. It then shows an error page.
        """
        environ = _make_environ(scope)
        environ.update(self._wsgi_flags)

        try:
            body = await _read_in_time(environ, receive, self._body_seconds)
        except TimeoutError:
            body = b""
            environ[LATE] = True
        except NotWholeError:
            answer = plain_response(400, "The request was not whole.\n", environ)
            await _send(send, answer)
            return

        environ["wsgi.input"] = io.BytesIO(body)
        environ.setdefault("CONTENT_LENGTH", str(len(body)))
        environ.pop("HTTP_TRANSFER_ENCODING", None)

        if self._pool is None:
            answer = self._answer(environ)
        else:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._pool, self._answer, environ)
        await _send(send, answer)

    def _answer(self, environ: dict[str, Any]) -> Answer:
        try:
            return self._call_app(environ)
        except Exception as error:  # noqa: BLE001 - the last resort: even the app's error page has failed
            _log.error("the app made no response", exc_info=error)
            return plain_response(500, "Something went wrong on our side.\n", environ)

    def _call_app(self, environ: dict[str, Any]) -> Answer:
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

        # WSGI allows a second call of start_response; the last one counts.
        status, headers = started[-1]
        number, _, _reason = status.partition(" ")
        return int(number), _encode(headers), content


def plain_response(status: int, text: str, environ: Mapping[str, Any]) -> Answer:
    """Return a response in plain text, with the security headers of all pages."""
    is_https = environ["wsgi.url_scheme"] == "https"
    headers = [
        *list_headers(is_https),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
    ]
    return status, _encode(headers), text.encode()


async def _send(send: Send, answer: Answer) -> None:
    status, headers, content = answer
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _encode(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    encoded = []
    for name, value in headers:
        lower_name = name.lower()  # ASGI requires lower case.
        encoded.append((lower_name.encode("latin-1"), value.encode("latin-1")))
    return encoded


class _BodyTimeout:
    """A timeout that counts only the time in which the event loop was free to read.

    While the app processes one request, the loop cannot read the bodies of others. So the clock is
    checked at intervals, and a check that runs late does not count, because the loop was busy.
    """

    def __init__(self, timeout: asyncio.Timeout, seconds: float) -> None:
        self._timeout = timeout
        self._interval = seconds / TIMEOUT_CHECKS
        self._checks_left = TIMEOUT_CHECKS
        self._loop = asyncio.get_running_loop()
        self._next_check = self._loop.call_later(self._interval, self._check)

    def stop(self) -> None:
        """End the checks: the body has arrived, or reading it has failed."""
        self._next_check.cancel()

    def _check(self) -> None:
        now = self._loop.time()
        delay = now - self._next_check.when()
        if delay < self._interval / 2:
            self._checks_left -= 1

        if self._checks_left:
            self._next_check = self._loop.call_later(self._interval, self._check)
        else:
            # The await of the body raises TimeoutError.
            self._timeout.reschedule(now)


async def _read_in_time(
    environ: Mapping[str, Any], receive: Receive, seconds: float
) -> bytes:
    """Return the body; raise TimeoutError if it does not arrive in time.

    A body with a Content-Length above the limit is not read. The app sees the header and refuses it.
    """
    has_unknown_length = "HTTP_TRANSFER_ENCODING" in environ
    length = environ.get("CONTENT_LENGTH", "" if has_unknown_length else "0")
    if length == "0":
        return b""
    if length.isdigit() and int(length) > MAX_PASTED_BYTES:
        return b""

    async with asyncio.timeout(None) as timeout:
        body_timeout = _BodyTimeout(timeout, seconds)
        try:
            return await _read_body(receive)
        finally:
            body_timeout.stop()


async def _read_body(receive: Receive) -> bytes:
    """Return the body.

    Stop reading soon after the size limit. The app refuses a body of that size.
    """
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
    """Return the WSGI environment of a request.

    It contains no environment variables of the process.
    """
    server_name, server_port = scope.get("server") or ("", None)
    client_address, _client_port = scope.get("client") or ("", None)
    # WSGI wants the bytes of the path as latin-1 text.
    path = scope["path"].encode("utf-8", "surrogatepass").decode("latin-1")

    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server_name),
        "SERVER_PORT": str(server_port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str(client_address),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    """Add a header. The values of a repeated header are joined."""
    # Drop names with an underscore. In the environment, X_Forwarded_For would look like
    # X-Forwarded-For, and a client could pretend to be a proxy.
    if "_" in name:
        return

    key = name.replace("-", "_").upper()
    if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        environ[key] = value
        return

    earlier = environ.get(f"HTTP_{key}")
    if earlier is None:
        environ[f"HTTP_{key}"] = value
    else:
        separator = "; " if key == "COOKIE" else ","
        environ[f"HTTP_{key}"] = f"{earlier}{separator}{value}"
