"""Connections of the tests' network: how they are opened, slowed down, closed and reset."""

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

HOST = "127.0.0.1"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""The option SO_LINGER with no seconds: a closed connection ends with a reset."""
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Line:
    """One direction of the network. All connections share its speed."""

    def __init__(self) -> None:
        self.kbit_s: float | None = None
        self._free_at = 0.0

    async def carry(self, chunk: bytes) -> None:
        """Take as long as the chunk needs at this speed."""
        if self.kbit_s is None:
            return
        now = time.monotonic()
        self._free_at = max(now, self._free_at) + len(chunk) * 8 / (self.kbit_s * 1000)
        await asyncio.sleep(self._free_at - now)


def bind(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setblocking(False)
    bound.bind((HOST, port))
    return bound


async def open_streams(connection: socket.socket) -> Streams:
    """Return the streams of a connection that was accepted."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, connection)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


@asynccontextmanager
async def closing(streams: Streams) -> AsyncIterator[Streams]:
    """Close a connection at the end, or reset it after an error. Wait until its socket is closed."""
    writer = streams[1]
    try:
        yield streams
        writer.close()
        await writer.wait_closed()
    except (OSError, asyncio.CancelledError):
        reset(writer)
        raise
    finally:
        with suppress(OSError):
            await writer.wait_closed()


def reset(writer: asyncio.StreamWriter) -> None:
    reset_on_close(writer.get_extra_info("socket"))
    writer.transport.abort()


def reset_socket(connection: socket.socket) -> None:
    reset_on_close(connection)
    connection.close()


def reset_on_close(connection: socket.socket) -> None:
    with suppress(OSError):  # The socket can be closed already.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
