"""Asks the gateway as granian does."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fitquiz.server.gateway import Gateway

FORM = ("content-type", "application/x-www-form-urlencoded")
Sent = dict[str, Any]
END = b""
"""The chunk after which nothing comes."""


def make_scope(
    path: str = "/en/", method: str = "GET", headers: Iterable[tuple[str, str]] = ()
) -> dict[str, Any]:
    """What granian says of a request before its body."""
    named = [("host", "localhost"), *headers]
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "server": ("127.0.0.1", "8000"),
        "client": ("127.0.0.9", "50000"),
        "headers": [(name.encode(), value.encode()) for name, value in named],
    }


def ask(gateway: Gateway, scope: dict[str, Any], *chunks: bytes | None) -> list[Sent]:
    """Send a request, its body in these chunks; None: hang up. What follows the last one never comes."""
    sent: list[Sent] = []
    coming = list(chunks)

    async def receive() -> dict[str, Any]:
        if not coming:
            await asyncio.sleep(60)
        chunk = coming.pop(0)
        if chunk is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": chunk != END}

    async def send(message: Any) -> None:
        sent.append(message)

    # In a thread of its own: one in which a browser test has run may have its loop running still.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, gateway(scope, receive, send)).result()
    return sent


def read_headers(sent: list[Sent]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}
