"""Every error page passes axe-core, in both languages and colour schemes, and fits a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template
from playwright.sync_api import Response

from fitquiz.config.settings import read_settings
from fitquiz.web.accounts.staff_forms import SignInForm
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.browser.support.measuring import LARGE, list_small_targets, list_sticking_out
from tests.browser.support.planting import Plan
from tests.browser.support.reading import Reader, list_violations
from tests.browser.support.spots import NB_AND_EN_AT_ONCE, Spot

pytestmark = pytest.mark.browser
every_language = pytest.mark.parametrize("language", NB_AND_EN_AT_ONCE)

ADDRESSES = {
    "400": Spot("/privacy?x=%00"),
    "404": Spot("/nothing"),
    "404-foreign": Spot("/attempts/AAAAAAAAAAAA/result"),
    "404-not-stored": Spot(f"/return/{'A' * 43}"),
    "410": Spot("/attempts/{handle}/result", Plan(deleted=True)),
}
SPOILT_FORMS = {
    "400": "form => { form.elements.csrf_token.value = 'spoilt'; }",
    "405": "form => { form.action = '../../privacy'; }",
    "413": "form => { form.elements.csrf_token.value = 'x'.repeat(70000); }",
}
OTHERS = {
    "too_many_begun": 429,
    "too_many_begun_by_one": 429,
    "unreadable": 503,
    "ledger": 503,
    "signed_out": 403,
    "foreign_form": 403,
}
HARD_TO_PROVOKE = {str(code): code for code in (429, 500, 503)} | OTHERS
_FOREIGN_FORM = "<!doctype html><form method=post action='{action}'><button>Send</button></form>"


@every_language
@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_that_fails_is_explained(reader: Reader, name: str, language: str) -> None:
    response = reader.go_to(ADDRESSES[name], language)
    check_error_page(reader, response, int(name[:3]))


@every_language
@pytest.mark.parametrize("code", SPOILT_FORMS)
def test_a_form_that_fails_is_explained(reader: Reader, code: str, language: str) -> None:
    reader.go_to(Spot("/packs/front-back-office/begin"), language)
    reader.page.locator("main form").evaluate(SPOILT_FORMS[code])
    with reader.page.expect_navigation() as navigation:
        reader.page.locator("main form button").first.click()
    check_error_page(reader, navigation.value, int(code))


@every_language
def test_a_form_sent_from_another_site_is_explained(reader: Reader, language: str) -> None:
    reader.go_to(Spot("/"), language)
    reader.page.goto("about:blank")
    reader.page.set_content(_FOREIGN_FORM.format(action=f"{reader.address}/{language}/clear"))
    with reader.page.expect_navigation() as navigation:
        reader.page.locator("button").click()
    assert navigation.value.status == 403
    check_error_page(reader, navigation.value, 403)


@every_language
@pytest.mark.parametrize("name", HARD_TO_PROVOKE)
def test_an_error_that_is_hard_to_provoke_is_explained(
    reader: Reader, app: Flask, name: str, language: str
) -> None:
    code = HARD_TO_PROVOKE[name]
    with app.test_request_context(f"/{language}/broken"):
        form = SignInForm(formdata=None)  # Only the page of a signed-out form shows it.
        html = render_template(f"errors/{name}.html", code=code, form=form)
    reader.page.route(
        "**/broken", lambda route: route.fulfill(status=code, body=html, content_type="text/html")
    )
    response = reader.go_to(Spot("/broken"), language)
    reader.page.unroute("**/broken")
    check_error_page(reader, response, code)


@pytest.fixture(scope="module")
def app(base_url: str, instance: Path) -> Iterator[Flask]:
    """The app inside the tests, for errors that a healthy server and an honest browser don't make."""
    built = create_app(read_settings({"FITQUIZ_INSTANCE": str(instance)}))
    yield built
    dispose_database(built)


def check_error_page(reader: Reader, response: Response | None, code: int) -> None:
    page = reader.page
    assert response is not None
    assert response.status == code
    assert page.locator("main .quiet").inner_text().endswith(str(code))
    assert list_violations(page) == []
    assert list_small_targets(page) == []
    assert list_sticking_out(page, 320) == []
    assert list_sticking_out(page, 375, LARGE) == []
    page.emulate_media(color_scheme="dark")
    assert list_violations(page, only_colours=True) == []
