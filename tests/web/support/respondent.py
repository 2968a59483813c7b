"""A respondent at a browser. The browser follows redirects, and sends forms with the fields of the page."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fitquiz.core.secrets.tokens import hash_token, make_handle
from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import find_attempt
from fitquiz.web.site.database_session import writing
from fitquiz.web.site.installed_packs import pack_of_attempt
from tests.web.support.page import Form, Page
from tests.web.support.page_checks import check_headers, check_page

SHIPPED = "front-back-office"
_REDIRECTS = (301, 302, 303, 307, 308)


class Respondent:
    """A respondent with an own device. The class checks every page that the respondent opens."""

    page: Page

    def __init__(
        self, client: FlaskClient, language: str = "en", host: str = "http://localhost"
    ) -> None:
        self.client = client
        self.language = language
        self.host = host
        self.address = f"/{language}/"

    @property
    def handle(self) -> str:
        """The handle of the attempt that the present address names."""
        found = re.search(r"/attempts/([^/]+)/", self.address)
        assert found, f"{self.address} names no attempt"
        return found[1]

    @property
    def base(self) -> str:
        """The address of the present attempt, without a slash at the end."""
        return f"/{self.language}/attempts/{self.handle}"

    @property
    def item(self) -> str | None:
        """The id of the item on the present page, or None."""
        found = re.search(r"/items/([^/?#]+)", self.address)
        return found[1] if found else None

    def open(self, address: str, status: int = 200) -> Page:
        """Type an address or follow a link."""
        self.address = address
        return self._arrive(self.client.get(address.partition("#")[0], base_url=self.host), status)

    def send(self, form: Form, status: int = 200, button: str = "", **values: str) -> Page:
        """Send a form with its own fields and `values`, by the first button or by `button`. Follow redirects."""
        return self._arrive(self.post(form.action, {**form.press(button), **values}), status)

    def post(self, address: str, fields: Mapping[str, str]) -> TestResponse:
        """Send fields as a browser does, and return the response without following redirects."""
        headers = {
            "Origin": self.host,
            "Sec-Fetch-Site": "same-origin",
            "Referer": f"{self.host}/{self.language}/",
        }
        response = self.client.post(address, data=dict(fields), headers=headers, base_url=self.host)
        check_headers(response)
        return response

    def start(self, pack: str = SHIPPED, **choices: str) -> Page:
        """Start an attempt and arrive at its first item."""
        self.open(f"/{self.language}/packs/{pack}/begin")
        return self.send(self.page.find_form("/begin"), 200, **choices)

    def answer(self, value: int | None) -> Page:
        """Answer the present item. With None, skip the item."""
        form = self.page.find_form(f"/items/{self.item}")
        return self.send(form, answer="skip" if value is None else str(value))

    def answer_all(self, answers: Mapping[str, int | None]) -> Page:
        """Store the answers to the present item and to all later items, without opening the item pages.

        An item that `answers` does not contain is skipped. Then open the check.
        """
        with self.client.application.app_context(), writing() as session:
            attempt = find_attempt(session, hash_token(self.find_token()))
            assert attempt is not None
            items = [
                item.id
                for item in pack_of_attempt(attempt.content_hash).items_of(attempt.open_parts)
            ]
            for item in items[items.index(str(self.item)) :]:
                assert record_answer(session, attempt, item, answers.get(item), datetime.now(UTC))
        return self.open(f"{self.base}/check")

    def find_token(self) -> str:
        """Return the token of the present attempt from this device's cookies."""
        held = [*self._read_cookies("attempts"), *self.read_kept().values()]
        return next(
            token
            for value in held
            for token in value.split(".")
            if make_handle(token) == self.handle
        )

    def read_kept(self) -> dict[str, str]:
        """Return the values of the cookies that an own device keeps, by name."""
        cookies = (self.client._cookies or {}).values()
        names = [each.key for each in cookies if "attempts-kept" in each.key]
        host = urlsplit(self.host).hostname or ""
        found = {name: self.client.get_cookie(name, host) for name in names}
        return {name: cookie.value for name, cookie in found.items() if cookie}

    def finish(self) -> Page:
        """Send the answers on the check, and open the result."""
        return self.send(self.page.find_form("/check"))

    def take(self, answers: Mapping[str, int | None], pack: str = SHIPPED) -> Page:
        """Take a quiz from the start to the result."""
        self.start(pack)
        self.answer_all(answers)
        return self.finish()

    def read_token(self) -> str:
        """Return the form token of this browser, from a page that everybody may open."""
        page = check_page(
            self.client.get(f"/{self.language}/packs/{SHIPPED}/begin", base_url=self.host)
        )
        return page.forms[0].fields["csrf_token"]

    def _read_cookies(self, name: str) -> list[str]:
        host = urlsplit(self.host).hostname or ""
        found = [self.client.get_cookie(each, host) for each in (name, f"__Host-{name}")]
        return [cookie.value for cookie in found if cookie]

    def _arrive(self, response: TestResponse, status: int) -> Page:
        while response.status_code in _REDIRECTS:
            check_headers(response)
            assert response.location.startswith("/"), f"led astray to {response.location}"
            self.address = response.location
            parts = urlsplit(response.location)
            target = f"{parts.path}?{parts.query}" if parts.query else parts.path
            response = self.client.get(target, base_url=self.host)
        self.page = check_page(response, status)
        return self.page
