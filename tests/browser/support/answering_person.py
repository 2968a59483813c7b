"""Somebody who answers a planted attempt in any browser, and what the server has stored."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from fitquiz.core.packs import Item, Pack
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.attempts import find_attempt
from fitquiz.store.engine.database import Database
from tests.browser.support.engines import EnginePage
from tests.browser.support.planting import Planted
from tests.browser.support.reading import COOKIES
from tests.browser.support.taking import LEAST_READING_MS

_SET_COOKIE = "cookie => { document.cookie = cookie; }"
_IS_FOCUSED = "css => document.activeElement.matches(css)"
_FOCUS = "css => document.querySelector(css).focus()"
_IS_SAVED = "() => !document.querySelector('.progress .saved')?.hidden"
_HAS_READ = """() => performance.getEntriesByType("resource")
  .some(each => each.name.endsWith("/items.json") && each.responseEnd > 0)"""
_LEAVE = """() => {
  const leaving = new Event("beforeunload", { cancelable: true });
  dispatchEvent(leaving);
  return leaving.defaultPrevented;
}"""
_LOOK_AWAY = "() => { document.dispatchEvent(new Event('visibilitychange')); }"
LINE = ".saving [role=status]"


def find_stored(database: Database, token: str) -> Mapping[str, int | None]:
    """Return the answers that the server has stored, or nothing if the attempt was deleted."""
    with database.sessions() as session:
        attempt = find_attempt(session, hash_token(token))
    return attempt.answers if attempt else {}


@dataclass
class AnsweringPerson:
    """A device that holds a planted attempt. `language` is the language of its pages."""

    page: EnginePage
    database: Database
    pack: Pack
    planted: Planted
    device: str = "own"
    language: str = "en"

    @property
    def items(self) -> tuple[Item, ...]:
        return self.pack.items_of(self.pack.first_parts)

    @property
    def base(self) -> str:
        """The path before the paths of the attempt."""
        return f"/{self.language}/attempts/{self.planted.handle}"

    def hold(self) -> None:
        """Give the device the cookie of the attempt."""
        self.page.open("/robots.txt")
        name, prefix = COOKIES[self.device]
        cookie = f"{name}={prefix}.{self.planted.token}; path=/"
        self.page.run_script(_SET_COOKIE, cookie)

    def come_to(self, number: int) -> None:
        """Open the page of a statement, and wait until its script has read the statements."""
        self.page.open(f"{self.base}/items/{self.items[number - 1].id}")
        self.expect(number)
        self.page.wait_until(lambda: self.page.run_script(_HAS_READ), "the statements are read")

    def expect(self, number: int) -> None:
        """Wait until the page shows a statement, and nothing of another statement."""
        item = self.items[number - 1]
        words = self.pack.words_in(self.language)["items"][item.id]
        self.page.wait_until_text(words, "#statement")
        self.page.wait_until_path(f"*/items/{item.id}*")

    def read(self) -> None:
        """Take the time that the page takes for the second tap of a double tap."""
        time.sleep(LEAST_READING_MS / 1000)

    def answer(self, choice: int) -> None:
        """Choose an answer, 1 to 5, with the keyboard. Unlike a tap, the keyboard need not wait."""
        button = f".answers button:nth-of-type({choice})"
        self.page.run_script(_FOCUS, button)
        self.page.press("Enter")

    def answer_from(self, number: int, *choices: int) -> None:
        """Answer statements, beginning with one, and wait for the statement after each answer."""
        for at, choice in enumerate(choices, start=number):
            self.answer(choice)
            self.expect(at + 1)

    def look_away(self) -> None:
        """Look at another app and come back. An own device then sends the answers that it has collected."""
        self.page.run_script(_LOOK_AWAY)

    def expect_focus(self, css: str) -> None:
        self.page.wait_until(lambda: self.page.run_script(_IS_FOCUSED, css), f"focus on {css}")

    def expect_line(self, words: str) -> None:
        """Wait until the line about waiting answers has exactly these words."""
        self.page.wait_until(lambda: self.page.text(LINE) == words, f"the line {words!r}")

    def is_saved(self) -> bool:
        """Whether the page says at this moment that all answers are saved."""
        return bool(self.page.run_script(_IS_SAVED))

    def expect_saved(self) -> None:
        self.page.wait_until(self.is_saved, "saved")

    def expect_chosen(self, choice: int | None) -> None:
        """Wait until the page marks this answer, or none."""
        marked = ".answers [aria-current]"
        if choice is None:
            self.page.wait_until(lambda: self.page.count(marked) == 0, "no marked answer")
        else:
            one = f".answers button:nth-of-type({choice})[aria-current=true]"
            self.page.wait_until(lambda: self.page.count(one) == 1, f"answer {choice} marked")
            assert self.page.count(marked) == 1

    def would_warn(self) -> bool:
        """Whether the page would ask before it is closed."""
        return bool(self.page.run_script(_LEAVE))

    def find_stored(self) -> list[int | None]:
        """Return the stored answers, 1 to 5, in the order of the statements. 0 is unanswered."""
        stored = find_stored(self.database, self.planted.token)
        return [_number(stored, item.id) for item in self.items]

    def expect_stored(self, number: int, *choices: int | None) -> None:
        """Wait until the server has these answers, beginning with a statement."""
        end = number - 1 + len(choices)
        self.page.wait_until(
            lambda: self.find_stored()[number - 1 : end] == list(choices), f"stored {choices}"
        )


def _number(stored: Mapping[str, int | None], item: str) -> int | None:
    if item not in stored:
        return 0
    value = stored[item]
    return None if value is None else value + 1
