"""PostgreSQL is killed and restarted while two processes serve: nothing that was acknowledged is lost."""

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import pytest
from flask import Response

from fitquiz.config.settings import read_settings
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.server import housekeeping
from fitquiz.store.engine.database import open_database
from fitquiz.store.upkeep.schema import upgrade_schema
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.core.support.shipped_packs import PACK
from tests.reliability.support.answering_crowd import (
    CLIENTS,
    Over,
    Respondent,
    find_invented,
    find_lost,
    measure_crowding,
)
from tests.reliability.support.answering_crowd import read_answers as read_stored
from tests.reliability.support.postgres import Postgres
from tests.reliability.support.server import Server
from tests.reliability.support.visitor import Answer, Visitor

BACK_SECONDS, HANG_SECONDS = 5, 15
STOPPED_SECONDS = 10
CLEAR = ("<h1>That was not saved</h1>", "<h1>We cannot show this right now</h1>")
CLEAR_JSON = ('{"error": "The request failed with the status 503."}',)
WAYS = (Postgres.kill, Postgres.stop_at_once, Postgres.stop_fast, Postgres.throw_out)
KEY = "8a1f3c5e7092b4d6f81a3c5e7092b4d6"


class Patient(Respondent):
    """Asks whichever process comes next, as behind a proxy, and tries again what is answered with 503."""

    def __init__(
        self, servers: list[Server], up: threading.Event, over: threading.Event, seed: int
    ) -> None:
        super().__init__(servers[0], up, over, seed)
        self.ports = [server.port for server in servers]
        self.refused, self.slowest = 0, 0.0

    def _ask(self, method: str, address: str, body: str | None = None) -> Answer:
        while True:
            self.port, began = self.random.choice(self.ports), time.monotonic()
            answer = super()._ask(method, address, body)
            self.slowest = max(self.slowest, time.monotonic() - began)
            if answer.status != 503:
                return answer
            self.refused += 1
            clear = CLEAR_JSON if address.endswith(".json") else CLEAR
            if not answer.retry_after or not any(title in answer.text for title in clear):
                self.diary.surprises.append(f"{address}: 503 without advice")
            if self.over.wait(0.02):
                raise Over


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="fitquiz-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = Postgres(Path(folder) / "primary")
        server.create()
        server.start()
        yield server
        server.remove()


@pytest.fixture
def servers(postgres: Postgres, tmp_path: Path) -> Iterator[list[Server]]:
    """Two processes on one database."""
    made = [
        Server(tmp_path / name, database_url=postgres.url, secret_key=KEY, threads=4)
        for name in ("one", "two")
    ]
    for server in made:
        server.start()
    yield made
    for server in made:
        server.kill()


@contextmanager
def answering(servers: list[Server], seed: int) -> Iterator[list[Patient]]:
    """Respondents who answer until the block ends."""
    up, over = threading.Event(), threading.Event()
    respondents = [Patient(servers, up, over, seed + number) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(each.go_on_until_told) for each in respondents]
        try:
            yield respondents
        finally:
            over.set()
        for each in running:
            each.result()


def wait_until_back(servers: list[Server]) -> float:
    """Begin an attempt at each process; return the seconds until that works at all of them."""
    began = time.monotonic()
    for server in servers:
        while True:
            try:
                Visitor(server.port).begin()
                break
            except AssertionError:
                assert time.monotonic() - began < 60, "it never came back"
                time.sleep(0.05)
    return time.monotonic() - began


def restart_again_and_again(postgres: Postgres, servers: list[Server], times: int) -> list[float]:
    chance, seconds = random.Random(times), []
    for number in range(times):
        time.sleep(chance.uniform(0.3, 1.0))
        WAYS[number % len(WAYS)](postgres)
        time.sleep(chance.uniform(0, 0.5))
        postgres.start()
        seconds.append(wait_until_back(servers))
    return seconds


def check_attempts(postgres: Postgres, respondents: list[Patient]) -> None:
    """Whatever was sent is sent, and begun once."""
    rows = postgres.ask("SELECT token_hash, sent_parts FROM attempt")
    assert len({token_hash for token_hash, _ in rows}) == len(rows)
    sent = {token_hash for token_hash, parts in rows if parts == " ".join(PACK.first_parts)}
    assert {hash_token(token) for each in respondents for token in each.diary.sent} <= sent


@pytest.mark.parametrize("times", [4, pytest.param(40, marks=pytest.mark.long)])
def test_no_restart_of_the_database_loses_or_doubles_an_answer(
    postgres: Postgres, servers: list[Server], times: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering(servers, times) as respondents:
        seconds = restart_again_and_again(postgres, servers, times)
    diaries, crowding = [each.diary for each in respondents], measure_crowding()
    stored = read_own(postgres, respondents)
    lost = [each for diary in diaries for each in find_lost(diary, stored)]
    tell(capsys, times, respondents, seconds, len(lost))
    assert lost == []
    assert [
        each for diary in diaries for each in (*find_invented(diary, stored), *diary.surprises)
    ] == []
    check_attempts(postgres, respondents)
    assert sum(diary.acknowledged for diary in diaries) >= 10 * times
    assert sum(each.refused for each in respondents) >= times / 2
    assert max(seconds) <= BACK_SECONDS * crowding
    assert max(each.slowest for each in respondents) <= HANG_SECONDS * crowding


def test_a_page_that_has_been_read_is_sent_though_its_connection_dies_before_it_is_closed(
    postgres: Postgres, tmp_path: Path
) -> None:
    app = create_app(
        read_settings({"FITQUIZ_DATABASE_URL": postgres.url, "FITQUIZ_INSTANCE": str(tmp_path)})
    )

    def throw_out(response: Response) -> Response:
        postgres.throw_out()
        return response

    app.after_request(throw_out)
    client = app.test_client()
    client.set_cookie("staff", "A" * 43)
    for _ in range(3):
        assert (
            client.get("/en/campaigns").status_code == 303
        )  # Who it is was asked of the database.
    dispose_database(app)


def test_housekeeping_goes_on_after_a_restart(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FIRST_AFTER_SECONDS", "EVERY_SECONDS"):
        monkeypatch.setattr(housekeeping, name, 0.1)
    database = open_database(postgres.url)
    upgrade_schema(database)
    settings = read_settings({"FITQUIZ_DATABASE_URL": postgres.url})
    stop = housekeeping.start_housekeeping(
        partial(housekeeping.run_housekeeping_in_process, settings)
    )
    for end in (Postgres.kill, Postgres.throw_out):
        end(postgres)
        time.sleep(0.5)
        postgres.start()
        postgres.ask("INSERT INTO throttle (key, full_at) VALUES (sha256('over'), 1)")
        wait_until_empty(postgres, "throttle")
    stop.set()
    database.engine.dispose()


def wait_until_empty(postgres: Postgres, table: str) -> None:
    began = time.monotonic()
    while postgres.ask(f"SELECT 1 FROM {table}"):
        assert time.monotonic() - began < 20, f"nobody has emptied {table}"
        time.sleep(0.05)


def read_own(postgres: Postgres, respondents: list[Patient]) -> dict[tuple[str, str], str]:
    """The stored answers of the respondents; those who only see whether it is back give none."""
    return read_stored(postgres, {token for each in respondents for token in each.diary.tokens})


def tell(
    capsys: pytest.CaptureFixture[str],
    times: int,
    respondents: list[Patient],
    seconds: list[float],
    lost: int,
) -> None:
    acknowledged = sum(each.diary.acknowledged for each in respondents)
    refused, slowest = (
        sum(each.refused for each in respondents),
        max(each.slowest for each in respondents),
    )
    with capsys.disabled():
        print(
            f"\n{times} restarts of PostgreSQL, {acknowledged} answers acknowledged, {lost} lost, {refused} refused;"
        )
        print(
            f"back after {median(seconds):.2f} s (median), {max(seconds):.2f} s (worst); slowest {slowest:.1f} s"
        )


@pytest.mark.long
def test_after_a_stopped_database_goes_on_nothing_is_lost_and_pages_come_back(
    postgres: Postgres, servers: list[Server]
) -> None:
    with answering(servers, 1) as respondents:
        time.sleep(1)
        postgres.stand_still(True)
        time.sleep(STOPPED_SECONDS)
        postgres.stand_still(False)
        assert wait_until_back(servers) <= BACK_SECONDS * measure_crowding()
        time.sleep(1)
    stored = read_own(postgres, respondents)
    for each in respondents:
        assert find_lost(each.diary, stored) == each.diary.surprises == []
        # A request that waits for a stopped server process goes on with it, and not before.
        assert each.slowest <= STOPPED_SECONDS + HANG_SECONDS * measure_crowding()
