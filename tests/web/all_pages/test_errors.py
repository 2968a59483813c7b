"""Every error is a page in the reader's language that says what to do, and shows nothing of the inside."""

import re

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from fitquiz.store.engine.database import DatabaseUnusableError
from fitquiz.web.security.access import ACCESS, ANYONE
from fitquiz.web.site.page_language import PREFIX
from tests.web.support.inside_words import INSIDE
from tests.web.support.page import Page
from tests.web.support.page_checks import check_page
from tests.web.support.respondent import Respondent

CODES = (400, 403, 404, 405, 410, 413, 429, 500, 503)
ADVICE = {
    "nb": re.compile(r"Gå tilbake|Åpne|Til startsiden"),
    "nn": re.compile(r"Gå tilbake|Opne|Til startsida"),
    "en": re.compile(r"Go back|Open|To the start page"),
}
UNSAVED = (
    OperationalError("SELECT secret FROM answer", {}, Exception("disk /srv/data is full")),
    DatabaseUnusableError("The folder /srv/data cannot be written."),
    PoolTimeoutError("sqlalchemy pool of /srv"),
)


@pytest.fixture
def broken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app with an address for everything that can go wrong."""

    def fail(code: int) -> str:
        abort(code)

    def fall() -> str:
        raise RuntimeError("secret of /srv/app.py")

    def lose(number: int) -> str:
        raise UNSAVED[number]

    for name in ("fail", "fall", "lose"):
        monkeypatch.setitem(ACCESS, name, ANYONE)
    base = f"{PREFIX}/planted"
    app.add_url_rule(f"{base}/code/<int:code>", view_func=fail)
    app.add_url_rule(f"{base}/fall", view_func=fall)
    app.add_url_rule(f"{base}/lose/<int:number>", view_func=lose, methods=["GET", "POST"])
    return app


def check_error(page: Page, language: str) -> None:
    assert page.tree.get("lang") == language
    assert not (found := INSIDE.search(page.response.text.partition("<main")[2])), found
    assert ADVICE[language].search(page.text)
    assert f"/{language}/" in page.links


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_error_has_a_page_in_every_language(broken: Flask, language: str, code: int) -> None:
    page = check_page(broken.test_client().get(f"/{language}/planted/code/{code}"), code)
    check_error(page, language)
    assert str(code) in page.text


def test_no_two_errors_say_the_same(broken: Flask) -> None:
    pages = [
        check_page(broken.test_client().get(f"/en/planted/code/{code}"), code) for code in CODES
    ]
    assert len({page.h1 for page in pages}) == len(CODES)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_failure_shows_nothing_of_the_inside(broken: Flask, language: str) -> None:
    check_error(check_page(broken.test_client().get(f"/{language}/planted/fall"), 500), language)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("number", range(len(UNSAVED)))
def test_a_database_out_of_reach_says_that_nothing_was_saved(
    broken: Flask, language: str, number: int
) -> None:
    alice = Respondent(broken.test_client())
    fields = {"csrf_token": alice.read_token()}
    page = check_page(alice.post(f"/{language}/planted/lose/{number}", fields), 503)
    check_error(page, language)
    assert page.h1 == {"nb": "Det ble ikke lagret", "en": "That was not saved"}[language]
    assert page.response.headers["Retry-After"] == "5"


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("number", range(len(UNSAVED)))
def test_a_page_that_cannot_be_read_just_now_says_so(
    broken: Flask, language: str, number: int
) -> None:
    page = check_page(broken.test_client().get(f"/{language}/planted/lose/{number}"), 503)
    check_error(page, language)
    assert (
        page.h1
        == {"nb": "Det kan ikke vises akkurat nå", "en": "We cannot show this right now"}[language]
    )
    assert page.response.headers["Retry-After"] == "5"


def test_a_failing_statement_is_logged_without_its_values(
    broken: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    broken.test_client().get("/en/planted/lose/0")
    assert "disk /srv/data is full" in caplog.text
    assert "SELECT" not in caplog.text


@pytest.mark.parametrize(("code", "shown"), [(418, 400), (422, 400), (501, 500)])
def test_an_error_without_a_page_gets_the_nearest_and_keeps_its_code(
    broken: Flask, code: int, shown: int
) -> None:
    client = broken.test_client()
    page = check_page(client.get(f"/en/planted/code/{code}"), code)
    assert page.h1 == check_page(client.get(f"/en/planted/code/{shown}"), shown).h1


@pytest.mark.parametrize(
    ("accepted", "language"), [("en", "en"), ("sv", "nb"), ("nn", "nn"), ("", "en")]
)
def test_outside_the_languages_an_error_is_in_the_browsers(
    app: Flask, accepted: str, language: str
) -> None:
    response = app.test_client().get("/nowhere", headers={"Accept-Language": accepted})
    assert check_page(response, 404).tree.get("lang") == language


@pytest.mark.parametrize(
    "path", ["a%00b", "a%3Fb%23c%25", "%22%3E%3Cscript%3E", "%ff%fe", "../../etc", "//x.org"]
)
def test_a_strange_address_is_echoed_by_no_link_but_its_own(app: Flask, path: str) -> None:
    response = app.test_client().get(f"/en/{path}")
    page = check_page(response, response.status_code)
    assert "<script>" not in response.text
    assert response.status_code in (400, 404)
    assert [link for link in page.links if link.startswith("/nb/")]
