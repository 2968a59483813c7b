"""Somebody who answers at random, and compares what the page calls saved with what the server has."""

import random
import time
from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Error
from selenium.common.exceptions import WebDriverException

from tests.browser.support.answering_person import AnsweringPerson, find_stored

MOST_SECONDS = 300
_READ_JOURNAL = 'JSON.parse(localStorage.getItem("journal") ?? "{}")'
_ANSWER = f"""choice => {{
  const form = document.querySelector("form.item.with-keys");
  if (!form) return false;
  const {{ item }} = form.dataset;
  const button = form.querySelectorAll(".answers button")[choice];
  button.click();
  /* The page marks an answer at once if it takes the answer. */
  if (button.getAttribute("aria-current") !== "true" || form.dataset.item !== item) return true;
  const journal = {_READ_JOURNAL};
  localStorage.setItem("journal", JSON.stringify({{ ...journal, [item]: choice }}));
  return true;
}}"""
_LOOK = f"""() => {{
  const saved = document.querySelector(".progress .saved");
  return [!!saved && !saved.hidden, {_READ_JOURNAL}];
}}"""
_READ_CHECK = """() => {
  const rows = [...document.querySelectorAll(".rows li")];
  const isReady = !document.querySelector("main button:disabled");
  return [isReady, Object.fromEntries(rows.map(row => [row.id, row.querySelector("strong, em").textContent]))];
}"""
_RELOAD = "() => { setTimeout(() => location.reload()); }"
_BACK = "() => { setTimeout(() => history.back()); }"
"""The drivers have such commands, too. But they wait forever if the page goes elsewhere meanwhile."""
_NO_PAGE = (Error, WebDriverException)


class RandomAnswering:
    """One attempt. `saved_seen` counts how often the page said that everything was saved.

    The journal in the storage of the browser holds each answer that the page took. A step of the
    story and its line in the journal are one task of the browser.
    """

    def __init__(self, person: AnsweringPerson, chance: random.Random) -> None:
        self.person = person
        self.page = person.page
        self.chance = chance
        self.saved_seen = 0

    def answer_until_the_check(self, make_trouble: Callable[[], None]) -> None:
        """Answer all statements. Before each step, there may be trouble."""
        self.person.hold()
        self.page.run_script("() => localStorage.removeItem('journal')")
        self.page.new_tab()
        self.come()
        deadline = time.monotonic() + MOST_SECONDS
        while "/check" not in self.page.path:
            assert time.monotonic() < deadline, f"the check never came: {self.page.text()}"
            make_trouble()
            self.take_a_step()
            self.look()

    def expect_everything(self) -> None:
        """The check and the server have exactly what was tapped.

        If an answer still waits when the check comes, the check sends the answer and loads again.
        """
        self.page.wait_until(self._shows_everything, "every answer on the check")
        journal = self._read(_LOOK)[1]
        assert find_stored(self.person.database, self.person.planted.token) == journal
        assert len(journal) == len(self.person.items)

    def take_a_step(self) -> None:
        """Answer, or sometimes go back, reload the page or close the tab."""
        step = self.chance.random()
        if step < 0.04:
            self._read(_RELOAD)
        elif step < 0.08:
            self.page.close_tab()
            self.page.new_tab()
            self.come()
        elif step < 0.12:
            self._read(_BACK)
        else:
            self.answer()
        for _ in range(self.chance.randrange(6)):
            self.page.pause()

    def come(self) -> None:
        """Open the attempt where it goes on."""
        self._go(lambda: self.page.open(f"{self.person.base}/"))

    def answer(self) -> None:
        """Answer the statement. If the tab has no page with its script, open the attempt again."""
        if not self._read(_ANSWER, self.chance.randrange(5)):
            self.come()

    def look(self) -> None:
        """If the page says that all is saved, the server must have everything that was tapped."""
        seen = self._read(_LOOK)
        if seen and seen[0]:
            self.saved_seen += 1
            stored = find_stored(self.person.database, self.person.planted.token)
            assert stored == seen[1], "the page said that this was saved"

    def _go(self, load: Callable[[], None]) -> None:
        """Load a page. The page before it may go elsewhere at the same moment."""
        with suppress(*_NO_PAGE):
            load()

    def _shows_everything(self) -> bool:
        look, check = self._read(_LOOK), self._read(_READ_CHECK)
        if not look or not check or not check[1]:
            # There was trouble while the check was loading, and the browser shows an error page.
            # The error page of Firefox has no storage, so that `look` cannot be read.
            self._go(lambda: self.page.open(f"{self.person.base}/check"))
            return False
        labels = self.person.pack.words_in("en")["answers"]["labels"]
        is_ready, shown = check
        return is_ready and shown == {item: labels[choice] for item, choice in look[1].items()}

    def _read(self, script: str, argument: object = None):
        """Run a script. An error page or a page that goes has nothing to read."""
        try:
            return self.page.run_script(script, argument)
        except _NO_PAGE:
            return None
