"""Junk at every route, from everybody: never a failure of ours, and nothing comes back as markup."""

import gzip
import logging
import sqlite3
from contextlib import closing
from random import Random

import pytest

from tests.web.support.junk import Request, draw_batch, draw_request, send_request
from tests.web.support.junk_texts import MARKER
from tests.web.support.page_checks import check_headers
from tests.web.support.stage import Stage

HALF_ESCAPED = MARKER.replace("<", "&lt;").replace(">", "&gt;")
"""What would break out of an attribute."""
PUT_BACK_EVERY, REQUESTS = 40, 600
QUICK, MANY = [1], range(2, 26)


def find_trouble(stage: Stage, request: Request) -> str | None:
    """Send a request, and say what is wrong with the answer."""
    try:
        response = send_request(stage, request)
    except Exception as error:  # noqa: BLE001 - the test looks for every exception
        return f"{type(error).__name__}: {error}"
    body = response.get_data()
    is_zipped = bool(body) and response.headers.get("Content-Encoding") == "gzip"
    text = (gzip.decompress(body) if is_zipped else body).decode("latin-1")
    check_headers(response)
    if response.status_code >= 500:
        return response.status
    if response.mimetype == "text/html" and any(
        each in text for each in (MARKER, "<svg onload", HALF_ESCAPED)
    ):
        return "what was sent came back as it was"
    if not response.headers.get("Location", "/").startswith(
        ("/", f"http://{response.request.host}/")
    ):
        return f"led astray to {response.headers['Location']}"
    return None


@pytest.mark.parametrize(
    "seed", [*QUICK, *(pytest.param(seed, marks=pytest.mark.long) for seed in MANY)]
)
def test_junk_is_answered_and_never_comes_back_as_markup(
    stage: Stage, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    chance, troubles = Random(seed), dict[str, str]()
    for number in range(REQUESTS):
        if number % PUT_BACK_EVERY == 0:
            stage.restore()
        request = draw_request(chance, stage)
        if trouble := find_trouble(stage, request):
            troubles[str(request)[:900]] = trouble
    assert troubles == {}


def test_junk_among_the_answers_of_the_script_is_refused_with_a_reason(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    chance, troubles = Random(1), dict[str, str]()
    for _ in range(REQUESTS // 3):
        request = draw_batch(chance, stage)
        if trouble := find_trouble(stage, request):
            troubles[str(request)[:900]] = trouble
    assert troubles == {}
    with closing(sqlite3.connect(stage.path)) as database:
        stored = database.execute("SELECT DISTINCT typeof(value), value FROM answer").fetchall()
    assert set(stored) <= {("null", None), *(("integer", value) for value in range(5))}


def test_the_junk_is_not_all_turned_away_at_the_door(stage: Stage) -> None:
    chance, statuses = Random(2), []
    for _ in range(300):
        request = draw_request(chance, stage)
        statuses.append((request.method, send_request(stage, request).status_code))
    assert statuses.count(("GET", 200)) > 30
    assert statuses.count(("POST", 400)) > 20
    assert statuses.count(("POST", 303)) > 10
