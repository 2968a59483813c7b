"""Honest visitors are answered while slow clients hold on to the server, as it is shipped."""

import contextlib
import http.client
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.reliability.support.server import Server
from tests.reliability.support.slow_clients import KINDS, slow_clients

VISITORS = 4
PAGES = ("/en/", "/nb/privacy", "/en/packs/front-back-office/begin", "/en/code", "/en/sign-in")
MOST_SECONDS = 2.0
GIVE_UP_SECONDS = 10.0
SHARE = 0.99


def visit(port: int, until: float) -> list[float | None]:
    """Open whole pages, one after the other, and return the seconds that each took; None: it did not come."""
    took: list[float | None] = []
    while time.monotonic() < until:
        for page in PAGES:
            began = time.monotonic()
            came = ask(port, page)
            took.append(time.monotonic() - began if came else None)
        time.sleep(0.1)
    return took


def ask(port: int, page: str) -> bytes | None:
    """Return a page, or None if it does not come."""
    with contextlib.closing(
        http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP_SECONDS)
    ) as connection:
        try:
            connection.request("GET", page)
            response = connection.getresponse()
            return response.read() if response.status == 200 else None
        except (OSError, http.client.HTTPException):
            return None


def measure(port: int, number: int, kinds: tuple[str, ...], seconds: float) -> tuple[int, float]:
    """Return how many pages were asked for meanwhile, and the share of those that came whole and in time."""
    with slow_clients(port, number, kinds) as clients, ThreadPoolExecutor(VISITORS) as pool:
        until = time.monotonic() + seconds
        took = [
            each for part in pool.map(visit, [port] * VISITORS, [until] * VISITORS) for each in part
        ]
        assert sum(client.socket is not None for client in clients) > number / 2
    return len(took), sum(each is not None and each <= MOST_SECONDS for each in took) / len(took)


def test_slow_clients_of_all_kinds_keep_nobody_waiting(server: Server) -> None:
    asked, in_time = measure(server.port, 60, KINDS, 8)
    assert asked > 100
    assert in_time >= SHARE


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_two_hundred_slow_clients_keep_nobody_waiting_for_a_minute(
    server: Server, kind: str
) -> None:
    asked, in_time = measure(server.port, 200, (kind,), 60)
    assert asked > 500
    assert in_time >= SHARE
