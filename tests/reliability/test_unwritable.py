"""When the database cannot be written, the page says so, nothing is half done, and the next try works.

Nothing is acknowledged before its commit. A test that kills the server sees an early acknowledgement
only by chance, because the commit follows so soon. Here, the commit itself fails.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from fitquiz.config.settings import read_settings
from fitquiz.store.engine.database import Database
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database, writing
from tests.reliability.support.refusing import assert_not_saved, refuse_statement
from tests.reliability.support.visitor import BEGIN, CSRF, SKIP, TOKEN, write_batch
from tests.store.support.cast import FIRST, SECOND, THIRD
from tests.web.support.page import find_first

DATES = re.compile(r"'\d{4}-\d\d-\d\d \d\d:[\d:.]+'")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    app = create_app(read_settings({"FITQUIZ_INSTANCE": str(tmp_path)}))
    yield app.test_client()
    dispose_database(app)


@pytest.fixture
def engine(client: FlaskClient) -> Engine:
    database: Database = client.application.extensions["fitquiz_database"]
    return database.engine


class Alice:
    """A respondent at Flask's test client, somewhere in an attempt of her own."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.base = client, ""
        page = client.get(BEGIN).text
        self.fields = {
            "csrf_token": find_first(CSRF, page),
            "token": find_first(TOKEN, page),
            "device": "own",
        }

    def post(self, address: str, **fields: str) -> TestResponse:
        return self.client.post(address, data=self.fields | fields)

    def begin(self) -> TestResponse:
        response = self.post(BEGIN)
        if response.status_code == 303:
            self.base = find_first(re.compile(r"(/en/attempts/[\w-]+)"), response.location)
        return response

    def answer(self) -> TestResponse:
        return self.post(f"{self.base}/items/{FIRST}", answer="3")

    def change(self) -> TestResponse:
        return self.post(f"{self.base}/items/{FIRST}", answer="1")

    def answer_in_background(self) -> TestResponse:
        return self.post_batch({SECOND: "3"})

    def change_in_background(self) -> TestResponse:
        return self.post_batch({FIRST: "2", SECOND: "0", THIRD: SKIP})

    def post_batch(self, batch: dict[str, str]) -> TestResponse:
        return self.post(f"{self.base}/items.json", answers=write_batch(batch))

    def send(self) -> TestResponse:
        return self.post(f"{self.base}/check")

    def open_more(self) -> TestResponse:
        return self.post(f"{self.base}/parts/leading")

    def reopen(self) -> TestResponse:
        return self.post(f"{self.base}/reopen")

    def delete(self) -> TestResponse:
        return self.post(f"{self.base}/delete")


DEEDS = [
    Alice.begin,
    Alice.answer,
    Alice.change,
    Alice.answer_in_background,
    Alice.change_in_background,
    Alice.send,
    Alice.open_more,
    Alice.reopen,
    Alice.delete,
]
Deed = Callable[[Alice], TestResponse]
EVERY_DEED = pytest.mark.parametrize(
    "number", range(len(DEEDS)), ids=[deed.__name__ for deed in DEEDS]
)


def is_done(response: TestResponse) -> bool:
    """Whether the app says that the deed is done: it leads on, or it acknowledges every answer."""
    if response.is_json:
        reply = response.get_json()
        return "stored" in reply and reply["refused"] == []
    return response.status_code == 303


def get_ready(client: FlaskClient, number: int) -> tuple[Alice, Deed]:
    """A new respondent who has done all that comes before a deed, and that deed."""
    alice = Alice(client)
    for deed in DEEDS[:number]:
        assert is_done(deed(alice))
    return alice, DEEDS[number]


def dump(engine: Engine) -> list[str]:
    assert engine.url.database is not None
    connection = sqlite3.connect(engine.url.database)
    lines = list(connection.iterdump())
    connection.close()
    return lines


@contextmanager
def breaking_off(engine: Engine, is_committed: bool) -> Iterator[None]:
    """Let the end of each write fail, before or after it is durable.

    The statement of a single answer is a transaction of its own. A batch is one transaction.
    """

    def end(connection: sqlite3.Connection) -> None:
        if is_committed:
            connection.commit()
        raise sqlite3.OperationalError("disk I/O error")

    def execute_and_end(
        cursor: sqlite3.Cursor, statement: str, values: Any, _context: object
    ) -> None:
        is_autocommit = not cursor.connection.in_transaction
        if is_autocommit and statement.startswith("INSERT INTO answer"):
            if is_committed:
                cursor.execute(statement, values).fetchall()
            end(cursor.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.dialect, "do_commit", end)
        event.listen(engine, "do_execute", execute_and_end)
        yield
    event.remove(engine, "do_execute", execute_and_end)


@EVERY_DEED
def test_whichever_statement_fails_nothing_is_half_done_and_the_next_try_works(
    client: FlaskClient, engine: Engine, number: int
) -> None:
    for failing in range(1, 100):
        alice, deed = get_ready(client, number)
        before = dump(engine)
        stop = refuse_statement(engine, failing)
        response = deed(alice)
        if not stop():
            break
        assert_not_saved(response)
        assert dump(engine) == before
        assert is_done(deed(alice))
        assert dump(engine) != before
    assert is_done(response)
    assert failing > 1  # To store an answer is one statement.


@EVERY_DEED
def test_a_commit_that_fails_saves_nothing_and_the_next_try_works(
    client: FlaskClient, engine: Engine, number: int
) -> None:
    alice, deed = get_ready(client, number)
    before = dump(engine)
    with breaking_off(engine, is_committed=False):
        assert_not_saved(deed(alice))
    assert dump(engine) == before
    assert is_done(deed(alice))
    assert dump(engine) != before


@EVERY_DEED
def test_what_was_committed_without_our_hearing_of_it_can_be_sent_again(
    client: FlaskClient, engine: Engine, number: int
) -> None:
    alice, deed = get_ready(client, number)
    before = dump(engine)
    with breaking_off(engine, is_committed=True):
        assert_not_saved(deed(alice))
    committed = dump(engine)
    assert committed != before
    assert is_done(deed(alice))
    assert [DATES.sub("", line) for line in dump(engine)] == [
        DATES.sub("", line) for line in committed
    ]


def test_a_failed_write_lets_go_of_the_database_with_its_lock(
    client: FlaskClient, engine: Engine
) -> None:
    get_ready(client, 1)
    impatient = sqlite3.connect(str(engine.url.database), timeout=0)
    with client.application.test_request_context():
        with pytest.raises(IntegrityError), writing() as session:
            session.execute(text("DELETE FROM pack"))
        impatient.execute("BEGIN IMMEDIATE")
    impatient.close()


def test_a_lock_file_that_cannot_be_opened_is_a_page_too(
    client: FlaskClient, engine: Engine
) -> None:
    alice, deed = get_ready(client, 1)
    lock_file = Path(f"{engine.url.database}.lock")
    lock_file.unlink()
    lock_file.mkdir()
    assert_not_saved(deed(alice))
    lock_file.rmdir()
    assert is_done(deed(alice))


def test_a_full_database_file_is_a_page_and_well_again_with_more_room(
    client: FlaskClient, engine: Engine
) -> None:
    alice, _ = get_ready(client, 1)
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    assert begin_until_full(alice) == count_attempts(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    assert Alice(client).begin().status_code == 303


def begin_until_full(alice: Alice) -> int:
    """Begin attempts until there is no more room; return how many there were, hers included."""
    for number in range(1, 1000):
        response = Alice(alice.client).begin()
        if response.status_code != 303:
            assert_not_saved(response)
            return number
    raise AssertionError("the database never became full")


def count_attempts(engine: Engine) -> int:
    with engine.connect() as connection:
        number: int = connection.exec_driver_sql("SELECT count(*) FROM attempt").scalar_one()
        return number
