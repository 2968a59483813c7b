"""Every form that is sent twice at once, to two processes, does what it does once."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.web.db import dispose_database
from fitquiz.web.factory import create_app
from fitquiz.web.settings import read_settings
from tests.web.calls import Call, list_unsafe
from tests.web.stage import Stage

MAKES_MORE = ("campaigns.new", "invitations.personal")
"""Each click makes one more, as one who clicks again and again may want; nothing of a respondent's is in it."""
NOTES = ("audit", "throttle", "sign_in", "staff_link")
"""What is noted of each try, of whichever came first."""
TIMES = [1, pytest.param(300, marks=pytest.mark.long)]


@pytest.fixture(scope="module")
def twin(built_stage: Stage) -> Iterator[Flask]:
    """A second process on the stage's database."""
    app = create_app(read_settings({"FITQUIZ_INSTANCE": str(Path(built_stage.path).parent)}))
    app.jinja_env.bytecode_cache = built_stage.app.jinja_env.bytecode_cache
    yield app
    dispose_database(app)


def count_rows(stage: Stage) -> Counter[str]:
    return Counter({table: len(rows) for table, rows in stage.dump().items() if table not in NOTES})


def send_twice(stage: Stage, twin: Flask, call: Call, pool: ThreadPoolExecutor) -> list[int]:
    fields = call.fields(stage)
    sent = [pool.submit(stage.ask, call.doer, "POST", call.address, fields, app=app) for app in (stage.app, twin)]
    return sorted(each.result().status_code for each in sent)


@pytest.mark.parametrize("times", TIMES)
def test_a_form_that_is_sent_twice_at_once_leaves_what_it_leaves_once(stage: Stage, twin: Flask, times: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        for call in list_unsafe(stage):
            stage.restore()
            once = stage.ask(call.doer, "POST", call.address, call.fields(stage)).status_code
            wanted = count_rows(stage)
            for _ in range(times):
                stage.restore()
                statuses = send_twice(stage, twin, call, pool)
                assert once in statuses, call
                assert max(statuses) < 500, (call, statuses)
                assert call.endpoint in MAKES_MORE or count_rows(stage) == wanted, call
