"""Two requests of the script at the same moment, on PostgreSQL, where several transactions write at once.

On SQLite, writers wait for each other at the lock file.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError, local
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from fitquiz.config.settings import read_settings
from fitquiz.store.attempts import answers
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.store.conftest import new_postgres_url, postgres  # noqa: F401 - fixtures
from tests.store.support.cast import NewUrl
from tests.web.support.answering import FIRST
from tests.web.support.records import read_answers
from tests.web.support.respondent import Respondent

WAIT_SECONDS = 0.5
"""The other request may be waiting for the database, and then never comes."""


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


def meet_after_the_first_answer(requests: int) -> Callable[..., bool]:
    """Return a `record_answer` that waits after the first answer of each request for the others."""
    barrier, request = Barrier(requests), local()

    def record(*arguments: Any, **options: Any) -> bool:
        is_stored = answers.record_answer(*arguments, **options)
        if not hasattr(request, "has_met"):
            request.has_met = True
            with suppress(BrokenBarrierError):
                barrier.wait(WAIT_SECONDS)
        return is_stored

    return record


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
    alice: Respondent, app: Flask, monkeypatch: pytest.MonkeyPatch, are_answered: bool
) -> None:
    alice.start()
    token = alice.client.get(f"{alice.base}/items.json").get_json()["token"]
    items = FIRST[:4]
    if are_answered:
        send_batch(alice, token, items, 0)
    name = "fitquiz.web.quiz.background_answers.record_answer"
    monkeypatch.setattr(name, meet_after_the_first_answer(2))
    with ThreadPoolExecutor(2) as pool:
        forwards = pool.submit(send_batch, alice, token, items, 1)
        backwards = pool.submit(send_batch, alice, token, items[::-1], 3)
    for each in (forwards, backwards):
        response = each.result()
        assert response.status_code == 200
        assert sorted(response.get_json()["stored"]) == sorted(items)
    stored = read_answers(app)
    assert sorted(stored) == sorted(items)
    assert set(stored.values()) in ({1}, {3})
