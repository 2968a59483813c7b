"""Two processes answer, and count together; one that dies takes nothing acknowledged along, and is replaced."""

import fcntl
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.benchmarks.servers import count_ticks
from tests.reliability.support.answering_crowd import (
    Diary,
    Respondent,
    check_attempts,
    find_invented,
    find_lost,
    read_answers,
)
from tests.reliability.support.server import Server, list_workers
from tests.reliability.support.visitor import Visitor

TOKEN = "w" * 32
ASKED = 200
STOP_SECONDS = 5
LISTENING = "0A"
"""What Linux calls it in its table of sockets."""
PAGES = re.compile(r'fitquiz_requests_total\{group="public",method="GET",status="2xx"\} ([\d.]+)')
CLIENTS = 3


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that counts, with a folder for what is temporary."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    server = Server(tmp_path / "instance", metrics_token=TOKEN)
    server.start()
    wait_for_workers(server)
    yield server
    server.kill()


def wait_for_workers(server: Server, gone: int = 0) -> None:
    """Return when two answer, and none of them is the one that has gone."""
    until = time.monotonic() + 20
    while (
        gone in (pids := list_workers(server)) or len(pids) < 2 or count_listening(server.port) < 2
    ):
        assert time.monotonic() < until, pids
        time.sleep(0.05)


def count_listening(port: int) -> int:
    """Return how many sockets listen: each worker opens one of its own when it is ready."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == LISTENING for row in rows)


def read_metrics(server: Server) -> str:
    request = Request(
        f"http://127.0.0.1:{server.port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urlopen(request, timeout=10) as response:
        return str(response.read().decode())


def count_pages(server: Server) -> float:
    found = PAGES.search(read_metrics(server))
    assert found
    return float(found[1])


def ask_often(server: Server) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: server.answers(), range(ASKED)))


def test_a_worker_waits_for_the_database_and_the_server_goes_on(server: Server) -> None:
    wait_for_workers(server)
    lock, killed = server.instance / "fitquiz.db.lock", list_workers(server)[0]
    lock.unlink()
    lock.mkdir()
    os.kill(killed, signal.SIGKILL)
    until = time.monotonic() + 4
    while time.monotonic() < until:
        assert server.process is not None
        assert server.process.poll() is None
        time.sleep(0.1)
    assert count_listening(server.port) == 1
    lock.rmdir()
    wait_for_workers(server, killed)
    ask_often(server)


def test_both_answer(server: Server) -> None:
    wait_for_workers(server)
    before = {pid: count_ticks(pid) for pid in list_workers(server)}
    ask_often(server)
    assert [pid for pid, ticks in before.items() if count_ticks(pid) == ticks] == []


def test_what_they_count_adds_up_and_outlives_them(watched: Server) -> None:
    before, killed = count_pages(watched), list_workers(watched)[0]
    ask_often(watched)
    assert count_pages(watched) == before + ASKED
    os.kill(killed, signal.SIGKILL)
    wait_for_workers(watched, killed)
    ask_often(watched)
    assert count_pages(watched) == before + 2 * ASKED


def test_each_process_that_lives_is_told_of_and_no_request_of_a_dead_one(watched: Server) -> None:
    killed = list_workers(watched)[0]
    os.kill(killed, signal.SIGKILL)
    wait_for_workers(watched, killed)
    told = read_metrics(watched)
    assert watched.process is not None
    living = {str(watched.process.pid), *map(str, list_workers(watched))}
    assert set(re.findall(r'process_resident_memory_bytes\{pid="(\d+)"\} [1-9]', told)) == living
    assert set(re.findall(r'pid="(\d+)"', told)) == living
    assert re.search(r"(?m)^fitquiz_requests_under_way 1\.0$", told)
    assert re.search(r'(?m)^fitquiz_build\{version="[^"]+"\} 1\.0$', told)
    assert "_created" not in told


def test_the_counters_are_their_owners_alone_and_go_with_the_server(
    watched: Server, tmp_path: Path
) -> None:
    (folder,) = (tmp_path / "tmp").glob("fitquiz-metrics-*")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len({path.name.rpartition("_")[2] for path in folder.iterdir()}) == 2
    assert watched.process is not None
    watched.process.terminate()
    assert watched.process.wait(STOP_SECONDS) == 0
    assert list((tmp_path / "tmp").glob("fitquiz-*")) == []


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_while_a_worker_starts_stops(
    server: Server, stop: signal.Signals
) -> None:
    wait_for_workers(server)
    killed = list_workers(server)[0]
    os.kill(killed, signal.SIGKILL)
    while killed in (pids := list_workers(server)) or len(pids) < 2:
        pass
    assert server.process is not None
    server.process.send_signal(stop)
    assert server.process.wait(STOP_SECONDS) == 0


@contextmanager
def answering(server: Server) -> Iterator[list[Diary]]:
    """Let respondents answer until the block ends; yield their diaries, which are whole when it has ended."""
    up, over = threading.Event(), threading.Event()
    up.set()
    respondents = [Respondent(server, up, over, number) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(each.go_on_until_told) for each in respondents]
        try:
            yield [each.diary for each in respondents]
        finally:
            over.set()
        for each in running:
            each.result()


def wait_for_answers(diaries: list[Diary]) -> None:
    """Return when some more have been acknowledged."""
    before, until = sum(diary.acknowledged for diary in diaries), time.monotonic() + 10
    while sum(diary.acknowledged for diary in diaries) < before + 2 * CLIENTS:
        assert time.monotonic() < until, "nobody gets an answer through"
        time.sleep(0.01)


@contextmanager
def standing_still(server: Server) -> Iterator[None]:
    """Let the parent of the workers start none until the block ends."""
    assert server.process is not None
    server.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        server.process.send_signal(signal.SIGCONT)


def test_one_that_is_killed_loses_nothing_and_the_rest_goes_on(server: Server) -> None:
    wait_for_workers(server)
    with answering(server) as diaries:
        for pid in list_workers(server):
            wait_for_answers(diaries)
            with standing_still(
                server
            ):  # Else another one may be there before the rest has answered.
                os.kill(pid, signal.SIGKILL)
                wait_for_answers(diaries)
            wait_for_workers(server, pid)
    stored = read_answers(server, {token for diary in diaries for token in diary.tokens})
    assert [each for diary in diaries for each in find_lost(diary, stored)] == []
    assert [each for diary in diaries for each in find_invented(diary, stored)] == []
    assert [each for diary in diaries for each in diary.surprises] == []
    check_attempts(server, diaries)


@contextmanager
def keeping_house(server: Server) -> Iterator[int]:
    """Let housekeeping be under way, waiting for the right to write, until the block ends; yield its pid."""
    assert server.process is not None
    with (server.instance / "fitquiz.db.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        until = time.monotonic() + 30
        while not (found := set(list_children(server.process.pid)) - set(list_workers(server))):
            assert time.monotonic() < until, "nobody keeps house"
            time.sleep(0.1)
        yield found.pop()


def list_children(pid: int) -> list[int]:
    """What any thread of a process has started."""
    lists = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for each in lists for child in each]


@pytest.mark.long
def test_a_worker_that_starts_during_housekeeping_inherits_nothing_of_it(server: Server) -> None:
    wait_for_workers(server)
    assert server.process is not None
    with keeping_house(server):
        killed = list_workers(server)[0]
        os.kill(killed, signal.SIGKILL)
        while killed in (pids := list_workers(server)) or len(pids) < 2:
            time.sleep(0.01)
        opened = [path.readlink().name for path in Path(f"/proc/{server.process.pid}/fd").iterdir()]
        assert [name for name in opened if name.startswith("fitquiz.db")] == []
    wait_for_workers(server, killed)
    wait_for_workers(server, killed)
    for _ in range(8):  # At either worker.
        Visitor(server.port).begin()


@pytest.mark.long
def test_housekeeping_ends_with_the_server(server: Server) -> None:
    assert server.process is not None
    with keeping_house(server) as pid:
        server.process.terminate()
        assert server.process.wait(STOP_SECONDS) == 0
        assert not Path(f"/proc/{pid}").exists()
