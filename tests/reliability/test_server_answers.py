"""What the shipped server says where the app is not asked, and how it ends.

To a request that is none hyper, the HTTP library within granian, answers by itself: a bare status without a body. No
header can be put there, and there is nothing that one could protect. Beyond its limit of connections it answers nothing
at all: they wait. Everything else comes from the app or its gateway, with all headers.
"""

import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from email.parser import BytesParser

import pytest

from tests.reliability.support.server import Server
from tests.reliability.support.visitor import Visitor
from tests.web.support.page_checks import HEADERS

HOST = b"Host: localhost\r\n"
FORM = b"POST /en/sign-in HTTP/1.1\r\n" + HOST
BARE = {
    "no request at all": (b"\x16\x03\x01 hello\r\n\r\n", 400),
    "no version": (b"GET /en/\r\n\r\n", 400),
    "an unknown version": (b"GET /en/ HTTP/9.9\r\n" + HOST + b"\r\n", 400),
    "a length that is none": (FORM + b"Content-Length: x\r\n\r\n", 400),
    "two lengths": (FORM + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "an unknown coding": (FORM + b"Transfer-Encoding: gzip\r\n\r\n", 400),
    "too many headers": (b"GET /en/ HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 200 + b"\r\n", 431),
    "too long an address": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
}
OURS = {
    "a broken chunk": (FORM + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc", 400),
    "an unknown method": (b"FOO /en/ HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    "a tunnel": (b"CONNECT example.org:1 HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "no address": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "a web socket": (
        b"GET /en/ HTTP/1.1\r\n" + HOST + b"Upgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        400,
    ),
    "a body announced too long": (FORM + b"Content-Length: 999999999\r\n\r\n", 413),
    "an old version": (b"GET /en/ HTTP/1.0\r\n\r\n", 200),
    "an address in bytes": (b"GET /en/%ff%fe HTTP/1.1\r\n" + HOST + b"\r\n", 404),
}


def exchange(port: int, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes, and return status, headers and as much of the body as the headers announce."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        return receive(connection)


def receive(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    with connection.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        lines = iter(stream.readline, b"\r\n")
        headers = {
            name.lower(): value for name, value in BytesParser().parsebytes(b"".join(lines)).items()
        }
        return status, headers, stream.read(int(headers["content-length"]))


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> object:
    """A server for all of these."""
    server = Server(tmp_path_factory.mktemp("answers") / "instance")
    server.start()
    yield server.port
    server.kill()


@pytest.mark.parametrize("what", BARE)
def test_what_is_no_request_gets_a_bare_status(port: int, what: str) -> None:
    request, expected = BARE[what]
    status, headers, body = exchange(port, request)
    assert (status, body) == (expected, b"")
    assert set(headers) <= {"connection", "content-length", "date"}


@pytest.mark.parametrize("what", OURS)
def test_what_is_one_gets_all_headers_and_no_version(port: int, what: str) -> None:
    request, expected = OURS[what]
    status, headers, _ = exchange(port, request)
    assert status == expected
    assert {name: headers.get(name.lower()) for name in HEADERS} == HEADERS
    assert headers["cache-control"] == "no-store"
    assert headers["server"] == "granian"


def test_a_header_that_would_pass_for_a_proxys_is_not_seen(port: int) -> None:
    request = b"GET /en/sign-in HTTP/1.1\r\n" + HOST + b"X_Forwarded_Proto: https\r\n\r\n"
    assert "strict-transport-security" not in exchange(port, request)[1]
    believed = exchange(port, request.replace(b"X_Forwarded_Proto", b"X-Forwarded-Proto"))[1]
    assert "strict-transport-security" in believed
    assert believed["set-cookie"].startswith("__Host-form=")


def wait_until_refused(port: int) -> None:
    """Return when no new connection is taken any more."""
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.01)
    raise AssertionError("the server still takes connections")


def test_a_server_that_is_told_to_stop_answers_what_is_under_way(server: Server) -> None:
    assert server.process is not None
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(
            FORM
            + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\na=1&"
        )
        assert server.answers()
        server.process.send_signal(signal.SIGTERM)
        wait_until_refused(server.port)
        connection.sendall(b"b=2&")
        status, headers, body = receive(connection)
    assert (status, headers["x-frame-options"]) == (400, "DENY")
    assert body.endswith(b"</html>")
    assert server.process.wait(20) == 0


def begin_until_it_ends(port: int) -> int:
    """Begin attempts until nobody answers; return how many were acknowledged."""
    begun = 0
    try:
        while True:
            Visitor(port).begin()
            begun += 1
    except OSError:
        return begun


def test_nothing_acknowledged_is_lost_and_no_answer_is_cut_when_it_is_told_to_stop(
    server: Server,
) -> None:
    assert server.process is not None
    with ThreadPoolExecutor(4) as pool:
        visitors = [pool.submit(begin_until_it_ends, server.port) for _ in range(4)]
        while count_attempts(server) < 20:
            pass
        server.process.send_signal(signal.SIGTERM)
        begun = sum(visitor.result(30) for visitor in visitors)
    assert server.process.wait(20) == 0
    assert count_attempts(server) == begun


def count_attempts(server: Server) -> int:
    with server.open_database() as database:
        return int(database.execute("SELECT count(*) FROM attempt").fetchone()[0])
