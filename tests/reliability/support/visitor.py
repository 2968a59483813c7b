"""A respondent's browser: keeps cookies, and sends the forms that it finds on the pages."""

import contextlib
import http.client
import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TOKEN = re.compile(r'name="token"[^>]*value="([^"]+)"')
BEGIN = "/en/packs/front-back-office/begin"
SKIP = "skip"
"""The value of the form for an item that is left out."""


@dataclass(frozen=True)
class Answer:
    """A response. `address` is the target of a redirect."""

    status: int
    address: str
    text: str
    retry_after: str = ""


class Visitor:
    """One browser. It follows no redirects by itself, so that a test sees what was acknowledged."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    def get(self, address: str) -> Answer:
        """Ask for a page, and remember the token of its forms."""
        answer = self._ask("GET", address)
        if found := CSRF.search(answer.text):
            self.csrf = unescape(found[1])
        return answer

    def post(self, address: str, **fields: str) -> Answer:
        """Send a form with the token that was found last."""
        return self._ask("POST", address, urlencode({"csrf_token": self.csrf, **fields}))

    def post_batch(self, base: str, batch: Mapping[str, str]) -> Answer:
        """Send answers in the background, as the script does. `batch` has the form's value of each item."""
        return self.post(f"{base}/items.json", answers=write_batch(batch))

    def open_begin(self) -> str:
        """Open the page before the quiz, and return the attempt's token that its form brings."""
        page = self.get(BEGIN)
        found = TOKEN.search(page.text)
        assert found, f"no form to begin with: {page.status}"
        return unescape(found[1])

    def begin(self) -> str:
        """Begin an attempt, and return the beginning of the addresses of its pages."""
        answer = self.post(BEGIN, token=self.open_begin(), device="own")
        assert answer.status == 303
        return find_base(answer)

    def _ask(self, method: str, address: str, body: str | None = None) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "X-Forwarded-For": draw_address()}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        ) as connection:
            connection.request(method, address, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        headers_back = response.headers
        return Answer(
            response.status,
            headers_back.get("Location", ""),
            text,
            headers_back.get("Retry-After", ""),
        )


def write_batch(batch: Mapping[str, str]) -> str:
    """Return the form field with which the script sends these answers."""
    return json.dumps(
        [
            {"item": item, "answer": None if value == SKIP else int(value)}
            for item, value in batch.items()
        ]
    )


def read_stored(answer: Answer) -> set[str]:
    """Return the items that the server acknowledges after a batch. An error acknowledges none."""
    if answer.status != 200:
        return set()
    return set(json.loads(answer.text)["stored"])


def draw_address() -> str:
    """Return a random IP address, because tests begin more attempts than one address may."""
    return ".".join(["10", *(str(random.randrange(256)) for _ in range(3))])


def find_base(answer: Answer) -> str:
    """Return the beginning of the addresses of an attempt's pages, from the redirect after its start."""
    found = re.match(r"/en/attempts/[\w-]+", answer.address)
    assert found, f"no attempt was begun: {answer}"
    return found[0]
