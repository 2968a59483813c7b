"""Two requests of the script at the same moment, on PostgreSQL, where several transactions write at once.

On SQLite, writers wait for each other at the lock file.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from fitquiz.config.settings import read_settings
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import find_attempt
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.store.conftest import new_postgres_url, postgres  # noqa: F401 - fixtures
from tests.store.support.cast import NewUrl, assert_waits
from tests.web.support.answering import FIRST
from tests.web.support.records import read_answers, read_database
from tests.web.support.respondent import Respondent


@pytest.fixture
def app(
    tmp_path: Path,
    new_postgres_url: NewUrl,  # noqa: F811 - a fixture
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    settings = {
        "FITQUIZ_INSTANCE": str(tmp_path),
        "FITQUIZ_DATABASE_URL": new_postgres_url(),
    }
    app = create_app(read_settings(settings))
    app.jinja_env.bytecode_cache = compiled_templates
    yield app
    dispose_database(app)


def send_batch(person: Respondent, token: str, items: list[str], value: int) -> TestResponse:
    """Send answers from a browser of its own with the same cookies."""
    client = person.client.application.test_client()
    for cookie in (person.client._cookies or {}).values():
        client.set_cookie(cookie.key, cookie.value)
    given = [{"item": item, "answer": value} for item in items]
    return client.post(
        f"{person.base}/items.json", data={"csrf_token": token, "answers": json.dumps(given)}
    )


@pytest.mark.parametrize("are_answered", [False, True], ids=["new", "answered"])
def test_two_batches_in_opposite_order_at_once_are_both_acknowledged(
    alice: Respondent, app: Flask, are_answered: bool
) -> None:
    """While a third writer holds an item, each batch locks the items before this item."""
    alice.start()
    token = alice.client.get(f"{alice.base}/items.json").get_json()["token"]
    items = FIRST[:4]
    if are_answered:
        send_batch(alice, token, items, 0)
    with ThreadPoolExecutor(2) as pool:
        with read_database(app).write_transaction() as session:
            attempt = find_attempt(session, hash_token(alice.find_token()))
            assert attempt is not None
            assert record_answer(session, attempt, items[2], 2, attempt.started_at)
            batches = [
                pool.submit(send_batch, alice, token, items, 1),
                pool.submit(send_batch, alice, token, items[::-1], 3),
            ]
            for batch in batches:
                assert_waits(batch)
        responses = [batch.result(10) for batch in batches]
    for response in responses:
        assert response.status_code == 200
        assert sorted(response.get_json()["stored"]) == sorted(items)
    stored = read_answers(app)
    assert sorted(stored) == sorted(items)
    assert set(stored.values()) in ({1}, {3})
