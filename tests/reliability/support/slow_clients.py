"""Slow clients, which slowly send headers, slowly send a body, slowly read the response, or do everything slowly."""

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

EVERY_SECONDS = 0.5
BEGIN = "/en/packs/front-back-office/begin"
HEADERS = b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BODY = (
    b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
)
FIRST = {
    "headers": HEADERS,
    "bodies": BODY % (BEGIN.encode(), 20_000),
    "chunks": (BODY % (BEGIN.encode(), 0)).replace(
        b"Content-Length: 0", b"Transfer-Encoding: chunked"
    ),
    "reads": b"GET /en/privacy HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 400,
    "idle": b"",
}
MORE = {"headers": b"X: y\r\n", "bodies": b"a", "chunks": b"1\r\na\r\n", "reads": b"", "idle": b""}
KINDS = tuple(FIRST)


class SlowClient:
    """One connection. The client opens the connection again each time the server closes it."""

    def __init__(self, port: int, kind: str) -> None:
        self.port, self.kind = port, kind
        self.socket: socket.socket | None = None

    def go_on(self) -> None:
        """Send some more bytes. A client that reads slowly also reads a byte."""
        try:
            if self.socket is None:
                self._connect()
            elif self._is_closed():
                self.close()
            else:
                self.socket.send(MORE[self.kind])
        except BlockingIOError:
            pass  # The server has stopped reading, which is allowed.
        except OSError:
            self.close()

    def close(self) -> None:
        """Close the connection."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def _connect(self) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVBUF, 2048
        )  # Let the system buffer only few bytes that the client has not read.
        self.socket.settimeout(1)
        self.socket.connect(("127.0.0.1", self.port))
        self.socket.setblocking(False)
        self.socket.send(FIRST[self.kind])

    def _is_closed(self) -> bool:
        assert self.socket is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            return bool(selector.select(0)) and self.socket.recv(1) == b""


@contextmanager
def slow_clients(port: int, number: int, kinds: tuple[str, ...]) -> Iterator[list[SlowClient]]:
    """Run this number of slow clients of these kinds until the block ends."""
    clients = [SlowClient(port, kind) for kind, _ in zip(cycle(kinds), range(number), strict=False)]
    stop = threading.Event()
    thread = threading.Thread(target=_keep_busy, args=(clients, stop))
    thread.start()
    time.sleep(1)  # Wait until all clients are connected.
    try:
        yield clients
    finally:
        stop.set()
        thread.join()
        for client in clients:
            client.close()


def _keep_busy(clients: list[SlowClient], stop: threading.Event) -> None:
    while not stop.wait(EVERY_SECONDS):
        for client in clients:
            client.go_on()
