"""Respondents who answer while a test kills the server, and the answers that the server acknowledged."""

import contextlib
import http.client
import os
import random
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from fitquiz.core.secrets.tokens import hash_token
from tests.core.support.shipped_packs import PACK
from tests.reliability.support.server import Server
from tests.reliability.support.visitor import BEGIN, SKIP, Visitor, find_base, read_stored

CLIENTS, RESTART_SECONDS = 4, 3
BATCHES = (1, 1, 2, 5)
"""The sizes of the batches that the script of the item pages sends. Most have one answer."""


ITEMS = [item.id for item in PACK.items_of(PACK.first_parts)]


Given = tuple[str, str]


@dataclass
class Diary:
    """The records of one respondent: the acknowledged answers, and the answers without a response."""

    sure: dict[Given, str] = field(default_factory=dict)
    unsure: defaultdict[Given, set[str]] = field(default_factory=lambda: defaultdict(set))
    acknowledged: int = 0
    in_background: int = 0
    tokens: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    surprises: list[str] = field(default_factory=list)


class Over(Exception):
    """The test is over, and the server does not start again."""


class Respondent(Visitor):
    """Takes attempts until the test ends, with answers in any order. Sends every interrupted request again.

    A respondent with an odd seed answers in the background, as the script of the item pages does.
    """

    def __init__(
        self, server: Server, up: threading.Event, over: threading.Event, seed: int
    ) -> None:
        super().__init__(server.port)
        self.up, self.over, self.random, self.diary = up, over, random.Random(seed), Diary()
        self.has_script = seed % 2 == 1

    def go_on_until_told(self) -> Diary:
        with contextlib.suppress(Over):
            while True:
                self.take_quiz()
        return self.diary

    def take_quiz(self) -> None:
        token = self.keep_trying(self.open_begin)
        base = self.keep_trying(self.begin_with, token)
        for _ in range(len(ITEMS) + 8):
            if self.has_script:
                self.keep_trying(self.answer_in_background, base, token, self.draw_batch())
            else:
                item, value = self.random.choice(ITEMS), self.draw_value()
                self.keep_trying(self.answer, base, (token, item), value)
        self.keep_trying(self.send, base, token)

    def draw_value(self) -> str:
        return self.random.choice([*"01234", SKIP])

    def draw_batch(self) -> dict[str, str]:
        items = self.random.sample(ITEMS, self.random.choice(BATCHES))
        return {item: self.draw_value() for item in items}

    def keep_trying(self, deed: Callable[..., str], *given: Any) -> str:
        while not self.over.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                return deed(*given)
            self.up.wait(timeout=1)
        raise Over

    def begin_with(self, token: str) -> str:
        self.diary.tokens.add(token)
        return find_base(self.post(BEGIN, token=token, device="own"))

    def answer(self, base: str, given: Given, value: str) -> str:
        address = f"{base}/items/{given[1]}"
        self.diary.unsure[given].add(value)
        answer = self.post(address, answer=value)
        if answer.status != 303:
            self.diary.surprises.append(f"{address}: {answer.status}")
            return ""
        self.note_acknowledged(given, value)
        return answer.address

    def answer_in_background(self, base: str, token: str, batch: dict[str, str]) -> str:
        for item, value in batch.items():
            self.diary.unsure[token, item].add(value)
        answer = self.post_batch(base, batch)
        stored = read_stored(answer)
        if stored != set(batch):
            self.diary.surprises.append(f"{base}/items.json: {answer.status} {answer.text}")
        for item in stored:
            self.note_acknowledged((token, item), batch[item])
        self.diary.in_background += len(stored)
        return answer.text

    def note_acknowledged(self, given: Given, value: str) -> None:
        self.diary.acknowledged += 1
        self.diary.sure[given] = value
        self.diary.unsure[given].clear()

    def send(self, base: str, token: str) -> str:
        self.get(f"{base}/check")
        answer = self.post(f"{base}/check")
        if (answer.status, answer.address) != (303, f"{base}/result"):
            self.diary.surprises.append(f"{base}/check: {answer.status} {answer.address}")
            return ""
        self.diary.sent.add(token)
        return answer.address


class HasDatabase(Protocol):
    """A server of fitquiz or of PostgreSQL."""

    def open_database(self) -> AbstractContextManager[Any]:
        """Open the database with the stored answers."""


def read_answers(server: HasDatabase, tokens: set[str]) -> dict[Given, str]:
    """Return all stored answers of the attempts with these tokens."""
    names = {hash_token(token): token for token in tokens}
    query = "SELECT token_hash, item, value FROM answer JOIN attempt ON attempt.id = attempt_id"
    with server.open_database() as database:
        rows = database.execute(query).fetchall()
    stored = {
        (names[token_hash], item): SKIP if value is None else str(value)
        for token_hash, item, value in rows
    }
    assert len(stored) == len(rows), "an answer is doubled"
    return stored


def find_lost(diary: Diary, stored: dict[Given, str]) -> list[str]:
    """Return the acknowledged answers that are lost.

    The stored value must be the acknowledged value, or a value that the respondent sent later.
    """
    return [
        f"{given}: {value} acknowledged, {stored.get(given)} stored"
        for given, value in diary.sure.items()
        if stored.get(given) not in {value} | diary.unsure[given]
    ]


def find_invented(diary: Diary, stored: dict[Given, str]) -> list[str]:
    """Return the stored answers that the respondent neither sent nor got acknowledged."""
    return [
        f"{given}: {value} stored"
        for given, value in stored.items()
        if given[0] in diary.tokens and given not in diary.sure and value not in diary.unsure[given]
    ]


def check_attempts(server: Server, diaries: list[Diary]) -> None:
    """Check that every stored attempt was begun once, and that every acknowledged sending is stored."""
    tokens = {hash_token(token) for diary in diaries for token in diary.tokens}
    with server.open_database() as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        attempts = database.execute("SELECT token_hash, sent_parts FROM attempt").fetchall()
    assert len({token_hash for token_hash, _ in attempts}) == len(attempts)
    assert {token_hash for token_hash, _ in attempts} <= tokens
    sent = {token_hash for token_hash, parts in attempts if parts == " ".join(PACK.first_parts)}
    assert {hash_token(token) for diary in diaries for token in diary.sent} <= sent


def measure_crowding() -> float:
    """Return the number of processes for each processor. Time limits are multiplied by this number."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
