"""The real server, when the system itself refuses its writes at random moments: what it acknowledged is there."""

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from fitquiz.core.secrets.tokens import hash_token
from tests.core.support.shipped_packs import PACK
from tests.reliability.support.server import Server, list_workers
from tests.reliability.support.visitor import BEGIN, Visitor, find_base, read_stored

TIMES, RESPONDENTS = 20, 4
ITEMS = [item.id for item in PACK.items_of(PACK.first_parts)][:12]
NO_LIMIT = resource.RLIM_INFINITY


class Respondent(Visitor):
    """A browser that stands at the beginning of an attempt."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.token = self.open_begin()
        self.base = find_base(self.post(BEGIN, token=self.token, device="own"))

    def answer_all(self, value: str) -> dict[str, int]:
        """Give every item the same answer, and return the status that came back by item."""
        return {item: self.post(f"{self.base}/items/{item}", answer=value).status for item in ITEMS}

    def answer_in_background(self, value: str) -> dict[str, int]:
        """Give every item the same answer as the script does, half of them one by one and half together."""
        alone, together = ITEMS[:6], ITEMS[6:]
        statuses: dict[str, int] = {}
        for batch in [*([item] for item in alone), together]:
            answer = self.post_batch(self.base, dict.fromkeys(batch, value))
            is_stored = read_stored(answer) == set(batch)
            assert is_stored == (answer.status == 200)
            statuses |= dict.fromkeys(batch, 303 if is_stored else answer.status)
        return statuses


DEEDS = (Respondent.answer_all, Respondent.answer_in_background) * (RESPONDENTS // 2)
"""How each respondent answers: half of them by the forms, half in the background."""


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(RESPONDENTS) as pool:
        yield pool


def limit_files(workers: list[int], size: int) -> None:
    """Let the server's files grow to so many bytes, as a disk with so much room would."""
    for worker in workers:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (size, NO_LIMIT))


def read_items(server: Server, respondent: Respondent) -> set[str]:
    query = "SELECT item FROM answer JOIN attempt ON attempt.id = attempt_id WHERE token_hash = ?"
    with server.open_database() as database:
        return {item for (item,) in database.execute(query, [hash_token(respondent.token)])}


def test_a_disk_that_is_full_at_random_moments_loses_nothing_acknowledged(
    server: Server, pool: ThreadPoolExecutor
) -> None:
    chance, workers, refused = Random(TIMES), list_workers(server), 0
    for _ in range(TIMES):
        respondents = list(pool.map(Respondent, [server.port] * RESPONDENTS))
        limit_files(
            workers,
            (server.instance / "fitquiz.db-wal").stat().st_size + chance.randint(-9_000, 99_000),
        )
        statuses = list(pool.map(lambda deed, each: deed(each, "2"), DEEDS, respondents))
        limit_files(workers, NO_LIMIT)
        for respondent, status in zip(respondents, statuses, strict=True):
            assert set(status.values()) <= {303, 503}
            assert read_items(server, respondent) == {
                item for item, code in status.items() if code == 303
            }
            refused += list(status.values()).count(503)
    assert refused > TIMES
    assert set(respondents[0].answer_all("3").values()) == {303}
