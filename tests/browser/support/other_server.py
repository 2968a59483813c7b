"""A server that is not fitquiz, for example the login page of a hotel's network."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.browser.support.connections import HOST

PAGE = b"<!DOCTYPE html><title>Another server</title><h1>Another server</h1>"


@dataclass
class OtherServer:
    """Answers each request with the same page.

    `asked` are the paths of the GET requests. `posted` are the paths and bodies of the POST requests.
    """

    address: str
    asked: list[str] = field(default_factory=list)
    posted: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def serve_page(status: int, missing: str = "") -> Iterator[OtherServer]:
    """Serve one HTML page with this status. Paths that end with `missing` get the status 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            other.asked.append(self.path)
            self.send_page()

        def send_page(self) -> None:
            is_missing = missing and self.path.endswith(missing)
            self.send_response(404 if is_missing else status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            other.posted.append((self.path, self.rfile.read(length).decode()))
            self.send_page()

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    other = OtherServer(f"http://{HOST}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield other
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
