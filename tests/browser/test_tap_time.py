"""The next statement is there at once, also on a slow network."""

from collections.abc import Callable
from statistics import median, quantiles

import pytest

from fitquiz.core.packs import Pack
from fitquiz.store.engine.database import Database
from tests.browser.support.answering_person import AnsweringPerson
from tests.browser.support.engines import EnginePage
from tests.browser.support.planting import Plan, plant

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.parametrize("engine", ["chromium", "firefox"], indirect=True),
]
MOST_MS = 50
ROUND_TRIP_MS, KBIT_S = 400, 400
MOST_ROUNDS = 3
"""Other programs on the machine can only make it slower, so a slow round is tried again."""
WATCH = """() => {
  window.times = [];
  let tappedAt = 0;
  addEventListener("click", (event) => { tappedAt = event.timeStamp; }, true);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => times.push(performance.now() - tappedAt);
  /* The page shows the statement in a callback of a frame. The message comes after the frame is painted. */
  new MutationObserver(() => port2.postMessage("")).observe(document.getElementById("statement"), { childList: true });
}"""


def test_a_tap_shows_the_next_statement_within_50_ms_on_a_slow_network(
    engine_page: EnginePage,
    database: Database,
    pack: Pack,
    record_figure: Callable[[str, object], None],
) -> None:
    for _ in range(MOST_ROUNDS):
        times = measure_taps(engine_page, database, pack)
        p95 = quantiles(times, n=20)[-1]
        if p95 <= MOST_MS:
            break
    record_figure("tap to next statement, ms", {"p50": median(times), "p95": p95})
    assert p95 <= MOST_MS


def measure_taps(page: EnginePage, database: Database, pack: Pack) -> list[float]:
    """Tap through all statements, and return the milliseconds until each next statement is painted."""
    planted = plant(database, pack, Plan(answered=0, sent=False))
    person = AnsweringPerson(page, database, pack, planted)
    page.network.set_speed()
    person.hold()
    page.network.set_speed(ROUND_TRIP_MS, KBIT_S)
    person.come_to(1)
    page.run_script(WATCH)
    for number in range(1, len(person.items)):
        person.read()
        page.tap(f".answers button:nth-of-type({number % 5 + 1})")
        person.expect(number + 1)
    times = page.run_script("() => times")
    assert isinstance(times, list)
    assert len(times) == len(person.items) - 1
    return times
