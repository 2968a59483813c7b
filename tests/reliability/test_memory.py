"""A hundred thousand requests leave the server as large as it was after twenty thousand, and small."""

import contextlib
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.loads import Tally, drive, read_items, send_answers, take_attempts
from tests.benchmarks.wire import Reply, Visitor
from tests.reliability.support.server import Server
from tests.reliability.support.visitor import draw_address

EARLY, ALL = 20_000, 100_000
MOST_BYTES, MOST_TIMES, AT_ONCE = 120_000_000, 1.05, 4


def list_processes(pid: int) -> list[int]:
    children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [pid, *(each for child in children for each in list_processes(child))]


def read_resident(pid: int) -> dict[int, int]:
    """Return the bytes in memory of a process and of all that it has started."""
    found = {}
    for each in list_processes(pid):
        lines = dict(
            line.split(":", 1) for line in Path(f"/proc/{each}/status").read_text().splitlines()
        )
        found[each] = int(lines["VmRSS"].split()[0]) * 1024
    return found


class Passer(Visitor):
    """Comes from another address with each request: one alone may not begin so many attempts."""

    def _exchange(self, request: bytes) -> Reply:
        return super()._exchange(
            request.replace(b"\r\n", f"\r\nX-Forwarded-For: {draw_address()}\r\n".encode(), 1)
        )


class Crowd:
    """Takes whole attempts, reads items and answers them, until so many requests have been answered."""

    def __init__(self, pid: int) -> None:
        self.pid, self.requests, self.lock = pid, itertools.count(1), threading.Lock()
        self.resident: dict[int, dict[int, int]] = {}
        self.kinds = itertools.cycle((take_attempts, read_items, send_answers, read_items))

    def take(self, visitor: Visitor, tally: Tally) -> Iterator[None]:
        with contextlib.closing(Passer(visitor.port)) as passer:
            for _ in next(self.kinds)(passer, tally):
                number = next(self.requests)
                if number in (EARLY, ALL):
                    self.resident[number] = read_resident(self.pid)
                if number >= ALL:
                    return
                yield


@pytest.mark.long
def test_a_hundred_thousand_requests_leave_the_memory_as_it_was(server: Server) -> None:
    assert server.process is not None
    crowd = Crowd(server.process.pid)
    drive(server.port, crowd.take, AT_ONCE, 3600)
    early, late = crowd.resident[EARLY], crowd.resident[ALL]
    print(f"bytes by process: {early} after {EARLY} requests, {late} after {ALL}")
    assert early.keys() == late.keys()
    assert max(late.values()) <= MOST_BYTES
    assert [pid for pid in early if late[pid] > MOST_TIMES * early[pid]] == []
