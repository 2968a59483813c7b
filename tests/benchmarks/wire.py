"""HTTP over one kept connection, as lean as can be: the load generator shares the machine with what it measures."""

import gzip
import socket
from dataclasses import dataclass, field
from urllib.parse import urlencode

TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status, the unpacked body, the headers by their names in small letters, all bytes sent."""

    status: int
    body: bytes
    headers: dict[str, str]
    bytes_read: int


@dataclass
class Visitor:
    """A browser's connection and its cookies; what a proxy would say of where it is, and where its last result is."""

    port: int
    address: str = "192.0.2.1"
    last: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    _socket: socket.socket | None = None

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Reply:
        """Send a request and return its reply; a connection that the server has closed is opened again."""
        body = urlencode(form).encode() if form is not None else b""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\n"
        )
        head += f"X-Forwarded-For: {self.address}\r\n"
        if self.cookies:
            head += f"Cookie: {'; '.join(f'{name}={value}' for name, value in self.cookies.items())}\r\n"
        if form is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return self._exchange(f"{head}\r\n".encode() + body)

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes) -> Reply:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), TIMEOUT_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        data = self._receive(b"")
        while (end := data.find(b"\r\n\r\n")) < 0:
            data = self._receive(data)
        status, headers = self._read_head(data[:end].decode("latin-1"))
        size = end + 4 + int(headers.get("content-length", "0"))
        while len(data) < size:
            data = self._receive(data)
        if headers.get("connection") == "close":
            self.close()
        body = data[end + 4 : size]
        return Reply(
            status,
            gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body,
            headers,
            size,
        )

    def _receive(self, data: bytes) -> bytes:
        assert self._socket is not None
        more = self._socket.recv(65536)
        if not more:
            raise ConnectionError("the server closed the connection")
        return data + more

    def _read_head(self, head: str) -> tuple[int, dict[str, str]]:
        first, *lines = head.split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            name, value = name.lower(), value.strip()
            if name == "set-cookie":
                cookie, _, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
            headers[name] = value
        return int(first.split(" ", 2)[1]), headers
