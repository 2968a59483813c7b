"""The requests with answers that the script of the item pages sends for somebody who reads each statement.

The numbers come from the script itself. A test in a browser compares the script with this module.
"""

import re

from tests.browser.support.server import ROOT

READING_SECONDS = 4.5
"""The time in which somebody reads a statement and answers it."""
_SCRIPT = (ROOT / "static" / "answering.js").read_text("utf-8")


def read_constant(name: str) -> int:
    """Return the value of a constant of the script."""
    found = re.search(rf"^const {name} = (\d+);$", _SCRIPT, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"static/answering.js has no constant {name}")
    return int(found[1])


def plan_batches(answers: int) -> list[int]:
    """Return the number of answers in each request of an own device. The check waits for the last request."""
    collect_seconds = read_constant("COLLECT_MS") / 1000
    most = read_constant("MAX_COLLECTED")
    batches: list[int] = []
    sent_at = -collect_seconds
    waiting = 0
    for number in range(answers):
        now = number * READING_SECONDS
        if waiting and sent_at + collect_seconds < now:
            batches.append(waiting)
            sent_at += collect_seconds
            waiting = 0
        waiting += 1
        is_last = number == answers - 1
        if is_last or waiting == most or now - sent_at >= collect_seconds:
            batches.append(waiting)
            sent_at = now
            waiting = 0
    return batches
