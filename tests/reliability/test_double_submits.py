"""A form that is sent twice at once, by a double click or a hasty second try, counts once.

The same holds for answers that the script of the item pages sends in the background.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from fitquiz.core.secrets.tokens import hash_token
from tests.core.support.shipped_packs import PACK
from tests.reliability.support.answering_crowd import ITEMS
from tests.reliability.support.server import Server
from tests.reliability.support.visitor import BEGIN, SKIP, Answer, Visitor, find_base, read_stored
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


def post_batch_at_once(
    pool: ThreadPoolExecutor,
    alice: Visitor,
    base: str,
    batch: dict[str, str],
    connections: int = 2,
) -> list[Answer]:
    """Send the same batch by several connections. Each request is a connection of its own."""
    sending = [pool.submit(alice.post_batch, base, batch) for _ in range(connections)]
    return [each.result() for each in sending]


def read_answers(server: Server, token: str) -> dict[str, str]:
    """Return the stored answers of one attempt, as the form's value of each item."""
    query = "SELECT item, value FROM answer JOIN attempt ON attempt.id = attempt_id WHERE token_hash = ?"
    with server.open_database() as database:
        rows = database.execute(query, [hash_token(token)]).fetchall()
    return {item: SKIP if value is None else str(value) for item, value in rows}


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
    for number in range(times):
        if number % len(ITEMS) == 0:
            base = alice.begin()
        item, value = ITEMS[number % len(ITEMS)], str(number % 5)
        if number % 2:
            answers = post_twice(pool, alice, f"{base}/items/{item}", answer=value)
            assert [answer.status for answer in answers] == [303, 303]
        else:
            answers = post_batch_at_once(pool, alice, base, {item: value})
            assert [read_stored(answer) for answer in answers] == [{item}, {item}]
        assert count(server, "answer") == number + 1


@pytest.mark.parametrize("times", [30, pytest.param(300, marks=pytest.mark.long)])
def test_a_batch_from_several_connections_at_once_stores_each_answer_once(
    server: Server, alice: Visitor, times: int
) -> None:
    with ThreadPoolExecutor(4) as pool:
        for number in range(times):
            token = alice.open_begin()
            base = find_base(alice.post(BEGIN, token=token, device="own"))
            batch = draw_batch(number)
            answers = post_batch_at_once(pool, alice, base, batch, connections=4)
            assert [read_stored(answer) for answer in answers] == [set(batch)] * 4
            assert read_answers(server, token) == batch
    assert count(server, "answer") == times * len(ITEMS)


@pytest.mark.parametrize("times", [30, pytest.param(300, marks=pytest.mark.long)])
def test_a_batch_and_a_form_at_once_lose_nothing(
    server: Server, alice: Visitor, pool: ThreadPoolExecutor, times: int
) -> None:
    """The form answers an item of the batch every second time, and another item every other time."""
    for number in range(times):
        token = alice.open_begin()
        base = find_base(alice.post(BEGIN, token=token, device="own"))
        batch = draw_batch(number)
        if number % 2:
            del batch[FIRST]
        sending = pool.submit(alice.post_batch, base, batch)
        form = pool.submit(alice.post, f"{base}/items/{FIRST}", answer="4")
        assert read_stored(sending.result()) == set(batch)
        assert form.result().status == 303
        stored = read_answers(server, token)
        assert stored.pop(FIRST) in {"4", batch.pop(FIRST, "4")}
        assert stored == batch


def draw_batch(number: int) -> dict[str, str]:
    """Return an answer to each item. Every number gives other answers."""
    values = [*"0123", SKIP]
    return {item: values[(number + place) % 5] for place, item in enumerate(ITEMS)}


@EVERY_TIME
def test_two_different_answers_at_once_leave_one_of_them(
    server: Server, alice: Visitor, pool: ThreadPoolExecutor, times: int
) -> None:
    base = alice.begin()
    for number in range(times):
        form = pool.submit(alice.post, f"{base}/items/{FIRST}", answer="1")
        if number % 2:
            other = pool.submit(alice.post, f"{base}/items/{FIRST}", answer="3")
            assert other.result().status == 303
        else:
            other = pool.submit(alice.post_batch, base, {FIRST: "3"})
            assert read_stored(other.result()) == {FIRST}
        assert form.result().status == 303
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
    for number in range(times):
        token = alice.open_begin()
        base = find_base(alice.post(BEGIN, token=token, device="own"))
        answer = (answer_by_form, answer_alone, answer_in_batch)[number % 3]
        answering = pool.submit(answer, alice, base)
        sending = pool.submit(alice.post, f"{base}/check")
        wanted = dict.fromkeys(answering.result(), "2")
        assert sending.result().address == f"{base}/result"
        assert read_answers(server, token) == wanted


def answer_by_form(alice: Visitor, base: str) -> set[str]:
    """Answer the first item, and return which items are acknowledged: this one, or none."""
    answer = alice.post(f"{base}/items/{FIRST}", answer="2")
    assert answer.status == 303
    return set() if answer.address == f"{base}/refused" else {FIRST}


def answer_alone(alice: Visitor, base: str) -> set[str]:
    """Answer the first item as the script does, and return which items are acknowledged."""
    return answer_in_background(alice, base, [FIRST])


def answer_in_batch(alice: Visitor, base: str) -> set[str]:
    """Answer all items as the script does, and return which items are acknowledged."""
    return answer_in_background(alice, base, ITEMS)


def answer_in_background(alice: Visitor, base: str, items: list[str]) -> set[str]:
    answer = alice.post_batch(base, dict.fromkeys(items, "2"))
    assert answer.status in (200, 409)
    stored = read_stored(answer)
    assert stored in (set(), set(items))
    return stored
