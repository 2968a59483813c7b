"""A proxy for tests, on loopback: asks several processes in turn, and another one where one is dead.

It sends again whatever a dying process has not answered, forms too. A person does the same with Back and the button;
for the forms of respondents that changes nothing. The proxy that is shipped sends again only what reached no process.
"""

import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}
_TRIES, _PAUSE_SECONDS = 200, 0.05


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, ports: Sequence[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ports, self.turn, self.used = ports, count(), set[int]()


class _Handler(BaseHTTPRequestHandler):
    server: _Proxy

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Write no log."""

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        for _ in range(_TRIES):
            port = self.server.ports[next(self.server.turn) % len(self.server.ports)]
            try:
                response, text = self._ask(port, body)
            except (OSError, http.client.HTTPException):
                time.sleep(_PAUSE_SECONDS)
                continue
            self.server.used.add(port)
            self._answer(response, text)
            return
        self.send_error(502)

    def _ask(self, port: int, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.putrequest(
                self.command, self.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in self.headers.items():
                if name.lower() != "connection":
                    connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            return response, response.read()

    def _answer(self, response: http.client.HTTPResponse, text: bytes) -> None:
        self.send_response_only(response.status, response.reason)
        for name, value in response.headers.items():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@contextmanager
def proxy(ports: Sequence[int]) -> Iterator[tuple[int, set[int]]]:
    """Run a proxy before these ports. Yield the proxy's port, and the set of ports that have responded."""
    server = _Proxy(ports)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1], server.used
    server.shutdown()
    thread.join()
    server.server_close()
