"""A form that is sent twice at once, by a double click or a hasty second try, counts once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from fitquiz.core.secrets.tokens import hash_token
from tests.core.support.shipped_packs import PACK
from tests.reliability.support.server import Server
from tests.reliability.support.visitor import BEGIN, Answer, Visitor, find_base
from tests.store.support.cast import FIRST

TIMES = [pytest.param(100, id="100"), pytest.param(300, id="300", marks=pytest.mark.long)]
EVERY_TIME = pytest.mark.parametrize("times", TIMES)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("double") / "instance")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def server(started: Server) -> Server:
    """One server for all tests of this module, emptied before each."""
    with started.open_database() as database:
        for table in ("answer", "attempt", "deleted_attempt", "pack"):
            database.execute(f"DELETE FROM {table}")
    return started


@pytest.fixture
def alice(server: Server) -> Visitor:
    return Visitor(server.port)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def post_twice(
    pool: ThreadPoolExecutor, alice: Visitor, address: str, **fields: str
) -> list[Answer]:
    return list(pool.map(lambda _: alice.post(address, **fields), range(2)))


def count(server: Server, table: str) -> int:
    with server.open_database() as database:
        number: int = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return number


@EVERY_TIME
def test_beginning_twice_at_once_makes_one_attempt(
    server: Server, alice: Visitor, pool: ThreadPoolExecutor, times: int
) -> None:
    for _ in range(times):
        first, second = post_twice(pool, alice, BEGIN, token=alice.open_begin(), device="own")
        assert (first.status, first.address) == (second.status, second.address)
        assert first.status == 303
    assert count(server, "attempt") == times
    assert count(server, "pack") == 1


@EVERY_TIME
def test_answering_twice_at_once_stores_one_answer(
    server: Server, alice: Visitor, pool: ThreadPoolExecutor, times: int
) -> None:
    items = list(PACK.items_of(PACK.first_parts))
    for number in range(times):
        if number % len(items) == 0:
            base = alice.begin()
        address = f"{base}/items/{items[number % len(items)].id}"
        answers = post_twice(pool, alice, address, answer=str(number % 5))
        assert [answer.status for answer in answers] == [303, 303]
        assert count(server, "answer") == number + 1


@EVERY_TIME
def test_two_different_answers_at_once_leave_one_of_them(
    server: Server, alice: Visitor, pool: ThreadPoolExecutor, times: int
) -> None:
    address = f"{alice.begin()}/items/{FIRST}"
    for _ in range(times):
        answers = pool.map(lambda value: alice.post(address, answer=value), ["1", "3"])
        assert [answer.status for answer in answers] == [303, 303]
    with server.open_database() as database:
        assert database.execute("SELECT value FROM answer").fetchall() in ([(1,)], [(3,)])


@EVERY_TIME
def test_sending_twice_at_once_sends_once(
    server: Server, alice: Visitor, pool: ThreadPoolExecutor, times: int
) -> None:
    for _ in range(times):
        base = alice.begin()
        alice.post(f"{base}/items/{FIRST}", answer="4")
        answers = post_twice(pool, alice, f"{base}/check")
        assert {(answer.status, answer.address) for answer in answers} == {(303, f"{base}/result")}
    with server.open_database() as database:
        parts = database.execute("SELECT DISTINCT open_parts, sent_parts FROM attempt").fetchall()
    assert parts == [("", " ".join(PACK.first_parts))]


@EVERY_TIME
def test_deleting_twice_at_once_leaves_one_receipt(
    server: Server, alice: Visitor, pool: ThreadPoolExecutor, times: int
) -> None:
    for _ in range(times):
        base = alice.begin()
        alice.post(f"{base}/items/{FIRST}", answer="4")
        answers = post_twice(pool, alice, f"{base}/delete")
        assert {(answer.status, answer.address) for answer in answers} == {(303, f"{base}/deleted")}
    assert (count(server, "attempt"), count(server, "answer")) == (0, 0)
    with server.open_database() as database:
        assert database.execute(
            "SELECT count(*), sum(answers) FROM deleted_attempt"
        ).fetchall() == [(times, times)]


@EVERY_TIME
def test_sending_and_answering_at_once_never_leave_a_refused_answer(
    server: Server, alice: Visitor, pool: ThreadPoolExecutor, times: int
) -> None:
    for _ in range(times):
        token = alice.open_begin()
        base = find_base(alice.post(BEGIN, token=token, device="own"))
        answering = pool.submit(alice.post, f"{base}/items/{FIRST}", answer="2")
        sending = pool.submit(alice.post, f"{base}/check")
        stored = answering.result().address != f"{base}/"
        assert sending.result().address == f"{base}/result"
        assert read_values(server, token) == ([2] if stored else [])


def read_values(server: Server, token: str) -> list[int]:
    query = "SELECT value FROM answer JOIN attempt ON attempt.id = attempt_id WHERE token_hash = ?"
    with server.open_database() as database:
        return [value for (value,) in database.execute(query, [hash_token(token)])]
