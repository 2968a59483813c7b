"""The network of the tests cuts, delays, silences and slows connections as a test asks."""

import gc
import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.support.connections import HOST
from tests.browser.support.network import Network, open_network

BODY = b"x" * 20_000


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: tests cut connections."""


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def network(asked: list[str]) -> Iterator[Network]:
    server = QuietServer((HOST, 0), type("Asked", (_Handler,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    with open_network(f"http://{HOST}:{server.server_port}") as opened:
        yield opened
    server.shutdown()
    thread.join()
    server.server_close()


def ask(network: Network, seconds: float = 5) -> bytes:
    with closing(http.client.HTTPConnection(HOST, network.port, timeout=seconds)) as connection:
        connection.request("GET", "/")
        return connection.getresponse().read()


def measure(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_bytes_go_to_the_server_and_back(network: Network) -> None:
    assert ask(network) == BODY


def test_without_a_network_connections_are_refused_and_later_accepted(network: Network) -> None:
    for _ in range(3):
        network.set_offline(True)
        with pytest.raises(ConnectionRefusedError):
            ask(network)
        network.set_offline(False)
        assert ask(network) == BODY


def test_an_open_connection_is_reset_when_the_network_goes(network: Network) -> None:
    with closing(http.client.HTTPConnection(HOST, network.port, timeout=5)) as connection:
        connection.request("GET", "/")
        assert connection.getresponse().read() == BODY
        network.set_offline(True)
        with pytest.raises(ConnectionResetError):
            connection.sock.recv(1)


def test_a_network_that_stops_at_once_leaves_no_connection_open(network: Network) -> None:
    """An open socket that garbage collection finds is a warning, and a warning fails the test."""
    for at in range(30):
        with ExitStack() as connections, open_network(network.address) as short:
            opened = [socket.create_connection((HOST, short.port), 5) for _ in range(3)]
            for connection in opened:
                connections.enter_context(connection)
            time.sleep(at % 5 / 2000)
            short.set_offline(True)
            for connection in opened:
                with pytest.raises(ConnectionResetError):
                    connection.recv(1)
    gc.collect()


def test_an_answer_is_lost_after_the_server_has_the_request(
    network: Network, asked: list[str]
) -> None:
    network.set_loses_answers(True)
    with pytest.raises(ConnectionResetError):
        ask(network)
    assert asked == ["/"]
    assert network.lost_answers == 1
    network.set_loses_answers(False)
    assert ask(network) == BODY


def test_a_silent_network_keeps_the_connection_and_answers_later(
    network: Network, asked: list[str]
) -> None:
    network.set_silent(True)
    with closing(http.client.HTTPConnection(HOST, network.port, timeout=5)) as connection:
        connection.request("GET", "/")
        connection.sock.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.sock.recv(1)
        assert asked == []
        network.set_silent(False)
        connection.sock.settimeout(5)
        assert connection.getresponse().read() == BODY


def test_a_round_trip_takes_the_delay(network: Network) -> None:
    network.set_speed(delay_ms=150)
    with closing(http.client.HTTPConnection(HOST, network.port, timeout=5)) as connection:

        def ask_again() -> None:
            connection.request("GET", "/")
            connection.getresponse().read()

        # The first request also waits for the connection.
        assert measure(ask_again) >= 0.3
        times = [measure(ask_again) for _ in range(4)]
        assert 0.15 <= min(times) < 0.3


def test_the_speed_is_limited(network: Network) -> None:
    network.set_speed(kbit_s=400)
    least = len(BODY) * 8 / 400_000
    times = [measure(lambda: ask(network)) for _ in range(2)]
    assert least * 0.9 <= min(times) < least * 2
