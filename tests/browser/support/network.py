"""A network between browser and server, on loopback only, that tests can cut, slow down and silence.

The browser opens the address of the network. The network passes the bytes to the server and back. It
works outside the browser, and therefore in the same way for every browser.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.browser.support.connections import (
    HOST,
    Line,
    bind,
    closing,
    open_streams,
    reset_on_close,
    reset_socket,
)

_CHUNK_BYTES = 2048
_SILENT_SECONDS = 0.02


class Network:
    """Passes bytes between browsers and one server. Tests change it while it runs."""

    def __init__(self, server: str) -> None:
        self._target = _find_target(server)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._socket = bind(0)
        self._is_online = False
        self._tasks: set[asyncio.Task] = set()
        self._to_server, self._to_browser = Line(), Line()
        self._delay = 0.0
        self._silent = False
        self._loses_answers = False
        self._held_words: bytes | None = None
        self._late_words: bytes | None = None
        self._late_writers: set[asyncio.StreamWriter] = set()
        self._is_late, self._late_reply = asyncio.Event(), asyncio.Event()
        self.port: int = self._socket.getsockname()[1]
        self.address = f"http://{HOST}:{self.port}"
        self.lost_answers = 0
        self.held_requests = 0

    def start(self) -> None:
        """Begin to pass bytes."""
        self._thread.start()
        self._run(self._listen())

    def stop(self) -> None:
        """End all connections and the thread."""
        self._run(self._cut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._socket.close()

    def set_offline(self, offline: bool) -> None:
        """Reset all connections and refuse new ones, or accept connections again."""
        if offline:
            self._run(self._cut())
        elif not self._is_online:
            self._run(self._listen())

    def set_server(self, server: str) -> None:
        """Reset all connections, and pass new ones to another server."""
        self._run(self._cut())
        self._target = _find_target(server)
        self._run(self._listen())

    def set_silent(self, silent: bool) -> None:
        """Accept connections and keep them, but let no byte through, as in a tunnel; or go on."""
        self._silent = silent

    def set_speed(self, delay_ms: float = 0, kbit_s: float | None = None) -> None:
        """Delay each round trip, and limit both directions. Without arguments, the network is fast."""
        self._delay = delay_ms / 1000
        self._to_server.kbit_s = kbit_s
        self._to_browser.kbit_s = kbit_s

    def set_loses_answers(self, loses: bool) -> None:
        """Pass requests to the server, and reset the connection instead of passing the answer."""
        self._loses_answers = loses

    def hold_requests(self, words: str | None) -> None:
        """Hold requests that begin with these words, until the next call. Lose those that the browser gives up."""
        self._held_words = words.encode() if words else None

    def delay_one_request(self, words: str) -> None:
        """Hold the next request that begins with these words. Deliver it after the browser gave it up."""
        self._late_words = words.encode()

    def deliver_late_request(self) -> None:
        """Deliver the request that is held, and return when the server has replied."""

        async def deliver() -> None:
            self._is_late.set()
            await self._late_reply.wait()

        self._run(deliver())

    def _run(self, work) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._socket.listen()
        self._loop.add_reader(self._socket, self._accept)
        self._is_online = True

    async def _cut(self) -> None:
        """Reset all connections and refuse new ones. Return when the sockets of both sides are closed."""
        if self._is_online:
            self._loop.remove_reader(self._socket)
            self._socket.close()
            # A bound socket that does not listen refuses connections, and keeps the port for later.
            self._socket = bind(self.port)
            self._is_online = False
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _accept(self) -> None:
        """Accept a connection. From this moment, its task is known and ends with the network."""
        try:
            connection, _ = self._socket.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        task = self._loop.create_task(self._connect(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # A task that is cancelled before it begins does not close its connection.
        task.add_done_callback(lambda _: reset_socket(connection))

    async def _connect(self, connection: socket.socket) -> None:
        """Pass bytes between a browser and the server until both sides end, or one is lost."""
        connection.setblocking(False)
        try:
            async with closing(await open_streams(connection)) as (reader, writer):
                await self._join(reader, writer)
        except (OSError, asyncio.CancelledError):
            reset_on_close(connection)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect to the server, which costs one round trip, and pass bytes until both sides end."""
        await asyncio.sleep(self._delay)
        await self._wait_while_silent()
        async with closing(await asyncio.open_connection(*self._target)) as (answers, to_server):
            await asyncio.gather(
                self._pass_requests(reader, to_server), self._pass_answers(answers, writer)
            )

    async def _pass_requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Pass chunks after the delay. The next chunk does not wait for the one before."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def receive() -> None:
            chunk = b"-"
            while chunk:
                try:
                    chunk = await reader.read(_CHUNK_BYTES)
                except ConnectionResetError:
                    if writer not in self._late_writers:
                        raise
                    chunk = b""
                under_way.put_nowait((time.monotonic() + self._delay, chunk))

        async def deliver() -> None:
            while True:
                arrival, chunk = await under_way.get()
                if not chunk:
                    break
                await asyncio.sleep(arrival - time.monotonic())
                await self._wait_while_held(chunk, reader)
                await self._wait_while_late(chunk, writer)
                await self._send(self._to_server, chunk, writer)
            if writer in self._late_writers:
                await self._late_reply.wait()
            writer.write_eof()

        await asyncio.gather(receive(), deliver())

    async def _pass_answers(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while chunk := await reader.read(_CHUNK_BYTES):
            if self._is_late.is_set():
                self._late_reply.set()
            if self._loses_answers:
                self.lost_answers += 1
                raise ConnectionResetError
            await self._send(self._to_browser, chunk, writer)
        # granian ends a connection that is not used. The browser must then see the end, too.
        writer.close()

    async def _send(self, line: Line, chunk: bytes, writer: asyncio.StreamWriter) -> None:
        await line.carry(chunk)
        await self._wait_while_silent()
        writer.write(chunk)
        await writer.drain()

    async def _wait_while_held(self, chunk: bytes, reader: asyncio.StreamReader) -> None:
        words = self._held_words
        if words is None or not chunk.startswith(words):
            return
        self.held_requests += 1
        while self._held_words == words:
            await asyncio.sleep(_SILENT_SECONDS)
        if reader.at_eof():
            raise ConnectionResetError

    async def _wait_while_late(self, chunk: bytes, writer: asyncio.StreamWriter) -> None:
        if self._late_words is None or not chunk.startswith(self._late_words):
            return
        self._late_words = None
        self._late_writers.add(writer)
        self.held_requests += 1
        await self._is_late.wait()

    async def _wait_while_silent(self) -> None:
        while self._silent:
            await asyncio.sleep(_SILENT_SECONDS)


@contextmanager
def open_network(server: str) -> Iterator[Network]:
    """Run a network before a server, on a port of its own."""
    network = Network(server)
    network.start()
    try:
        yield network
    finally:
        network.stop()


def _find_target(server: str) -> tuple[str, int]:
    parts = urlsplit(server)
    return parts.hostname or HOST, parts.port or 80
