"""The response for a campaign has every answer that was stored before the sending, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from fitquiz.config.settings import read_settings
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import Attempt, find_attempt
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.store.conftest import new_postgres_url, postgres  # noqa: F401 - fixtures
from tests.store.support.cast import assert_waits
from tests.web.support.answering import FIRST, agree
from tests.web.support.inviting import open_link
from tests.web.support.records import read_answers, read_database, read_pending_cells
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

EARLIER, LATER = agree(people=4), agree(autonomy=4)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    migrated: Path,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    settings = {"FITQUIZ_INSTANCE": str(tmp_path)}
    if request.param == "postgresql":
        settings["FITQUIZ_DATABASE_URL"] = request.getfixturevalue("new_postgres_url")()
    else:
        copy(migrated, tmp_path / "fitquiz.db")
    app = create_app(read_settings(settings))
    app.jinja_env.bytecode_cache = compiled_templates
    yield app
    dispose_database(app)


def begin(person: Respondent, token: str) -> None:
    person.open(f"/en/invitations/{token}/begin")
    person.send(person.page.find_form("/begin"))


def read_attempt(app: Flask, person: Respondent) -> Attempt:
    (value,) = person.read_kept().values()
    token = value.split(".")[1]
    with read_database(app).sessions() as session:
        attempt = find_attempt(session, hash_token(token))
    assert attempt is not None
    return attempt


def test_an_answer_that_is_stored_while_the_sender_waits_is_counted(
    app: Flask, hana: StaffMember, alice: Respondent, mallory: Respondent
) -> None:
    link = open_link(app, hana.create())
    begin(alice, link)
    form = alice.answer_all(EARLIER).find_form("/check")
    attempt = read_attempt(app, alice)
    now = datetime.now(UTC)
    with ThreadPoolExecutor(1) as pool:
        with read_database(app).write_transaction() as session:
            for item in FIRST:
                assert record_answer(session, attempt, item, LATER[item], now)
            sending = pool.submit(alice.post, form.action, form.fields)
            assert_waits(sending)
        assert sending.result(10).status_code == 303
    assert read_answers(app) == {item: LATER[item] for item in FIRST}
    counted = read_pending_cells(app)

    begin(mallory, link)
    mallory.answer_all(LATER)
    mallory.finish()
    assert read_pending_cells(app) == counted * 2
