"""Whatever breaks, no answer shows a trace, a path, a version or a statement: every route is broken in every way."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from werkzeug.test import TestResponse

from fitquiz.store.engine.database import DatabaseUnusableError
from fitquiz.web.security.access import ACCESS, ANYONE
from tests.web.support.inside_words import INSIDE
from tests.web.support.page_checks import check_headers, check_page
from tests.web.support.records import read_database

PLANTED = "secret of /srv/data/app.py 3.11.7"
STATEMENT = "SELECT secret FROM answer WHERE token = 'planted'"
VALUES = {
    "language": "en",
    "token": "A" * 43,
    "handle": "A" * 12,
    "address": "site.css",
    "pack_id": "front-back-office",
}
VALUES |= {"item_id": "x", "part_id": "x", "ending": "csv", "kind": "present"}
FAILURES: dict[str, Callable[[], Exception]] = {
    "failure": lambda: RuntimeError(PLANTED),
    "key": lambda: KeyError(PLANTED),
    "recursion": lambda: RecursionError(PLANTED),
    "unreadable": lambda: UnicodeDecodeError("utf-8", PLANTED.encode(), 0, 1, PLANTED),
    "disk": lambda: OSError(28, PLANTED, "/srv/data/fitquiz.db"),
    "statement": lambda: OperationalError(STATEMENT, {"token": "planted"}, Exception(PLANTED)),
    "unique": lambda: IntegrityError(STATEMENT, {"token": "planted"}, Exception(PLANTED)),
    "damaged": lambda: DatabaseError(
        STATEMENT, {"token": "planted"}, Exception("sqlite: file is not a database")
    ),
    "unusable": lambda: DatabaseUnusableError(PLANTED),
}


def list_requests(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield every method and address of every route."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: VALUES.get(name, "7") for name in rule.arguments}
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            yield method, adapter.build(rule.endpoint, values, method)


def check_answer(response: TestResponse) -> None:
    """What is shown, and what the headers say, is nothing of the inside."""
    check_headers(response)
    shown = response.text.partition("<main")[2] or response.text
    assert not (found := INSIDE.search(shown)), f"{response.request.path}: {found}"
    assert "planted" not in response.text
    assert not re.search(r"werkzeug|python|flask|/srv", str(response.headers), re.IGNORECASE)


@pytest.mark.parametrize("failure", FAILURES)
def test_a_view_that_falls_shows_nothing_of_the_inside(
    app: Flask, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    def fall(**_values: object) -> str:
        raised = FAILURES[failure]()
        raise raised

    app.config["WTF_CSRF_ENABLED"] = False
    for endpoint in list(ACCESS):
        monkeypatch.setitem(ACCESS, endpoint, ANYONE)
        app.view_functions[endpoint] = fall
    client, statuses = app.test_client(), set()
    for method, address in list_requests(app):
        response = client.open(address, method=method)
        check_answer(response)
        if address.endswith("/items.json"):
            assert list(response.get_json()) == ["error"]
        else:
            check_page(response, response.status_code)
        statuses.add(response.status_code)
    assert statuses == {503 if failure in ("statement", "unusable") else 500}


def break_database(app: Flask, folder: Path, how: str) -> None:
    """Take the database away under the running app."""
    path = folder / "instance" / "fitquiz.db"
    read_database(app).engine.dispose()
    app.extensions["fitquiz_ledger"].kw["bind"].dispose()
    for file in path.parent.glob("fitquiz.db*"):
        file.unlink()
    if how == "folder":
        path.mkdir()
    elif how == "damaged":
        path.write_bytes(b"no database " * 1000)


@pytest.mark.parametrize("how", ["gone", "folder", "damaged"])
def test_a_database_that_is_gone_shows_nothing_of_the_inside(
    app: Flask, tmp_path: Path, how: str
) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    break_database(app, tmp_path, how)
    client, statuses = app.test_client(), []
    client.set_cookie("staff", "A" * 43)
    client.set_cookie("attempts-kept", f"kept.{'A' * 43}")
    for method, address in list_requests(app):
        response = client.open(address, method=method)
        if response.status_code >= 500:
            check_answer(response)
        statuses.append(response.status_code)
    expected, other = (500, 503) if how == "damaged" else (503, 500)
    assert statuses.count(expected) > 60
    assert statuses.count(other) <= (
        1 if how == "damaged" else 0
    )  # /readyz alone says 503 of a damaged file.
