"""Every form that is sent twice, at once or in a row, to two processes, does what it does once."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.config.settings import read_settings
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.web.support.app_fixtures import STAGE_SETTINGS
from tests.web.support.calls import Call, list_unsafe
from tests.web.support.stage import Stage

COUNTERS = {"share": ("opened",), "link": ("started", "finished"), "deleted_attempt": ("answers",)}
"""Columns that go up by one, where a second row would not tell."""
NOTES = ("audit", "throttle", "sign_in", "staff_link")
"""What is noted of each try, of whichever came first."""
TIMES = [1, pytest.param(300, marks=pytest.mark.long)]


@pytest.fixture(scope="module")
def twin(built_stage: Stage) -> Iterator[Flask]:
    """A second process on the stage's database."""
    instance = str(Path(built_stage.path).parent)
    app = create_app(read_settings({"FITQUIZ_INSTANCE": instance, **STAGE_SETTINGS}))
    app.jinja_env.bytecode_cache = built_stage.app.jinja_env.bytecode_cache
    yield app
    dispose_database(app)


def count_all(stage: Stage) -> Counter[str]:
    """How many rows each table has, and what stands in its counters."""
    rows = Counter({table: len(rows) for table, rows in stage.dump().items() if table not in NOTES})
    columns = [f"{table}.{column}" for table, counters in COUNTERS.items() for column in counters]
    sums = (
        f"(SELECT coalesce(sum({column}), 0) FROM {column.partition('.')[0]})" for column in columns
    )
    with closing(sqlite3.connect(stage.path)) as live:
        return rows | Counter(
            dict(zip(columns, live.execute(f"SELECT {', '.join(sums)}").fetchone(), strict=True))
        )


def send_twice(stage: Stage, twin: Flask, call: Call, pool: ThreadPoolExecutor) -> list[int]:
    """Send a form to both processes, as quickly as the pool lets them; the second one knows nothing of the first."""
    fields = call.fields(stage)
    sent = [
        pool.submit(stage.ask, call.doer, "POST", call.address, fields, app=app)
        for app in (stage.app, twin)
    ]
    return sorted(each.result().status_code for each in sent)


@pytest.mark.parametrize("threads", [1, 2], ids=["in-a-row", "at-once"])
@pytest.mark.parametrize("times", TIMES)
def test_a_form_that_is_sent_twice_leaves_what_it_leaves_once(
    stage: Stage, twin: Flask, times: int, threads: int
) -> None:
    with ThreadPoolExecutor(threads) as pool:
        for call in list_unsafe(stage):
            stage.restore()
            once = stage.ask(call.doer, "POST", call.address, call.fields(stage)).status_code
            wanted = count_all(stage)
            for _ in range(times):
                stage.restore()
                statuses = send_twice(stage, twin, call, pool)
                assert once in statuses, call
                assert max(statuses) < 500, (call, statuses)
                assert count_all(stage) == wanted, call
