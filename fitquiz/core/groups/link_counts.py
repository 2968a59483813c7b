"""The number of finished attempts of a counsellor's link, as pages show it."""

FINISHED_STEP = 5
"""Finished attempts are shown in steps of five.

An exact number would reveal that the person who was just answering has finished.
"""


def count_finished_shown(started: int, finished: int) -> int:
    """Return the number of finished attempts that a page may show.

    The number is rounded down to a step. It is also always below the number of started
    attempts. Otherwise the number could reveal that everybody has finished.
    """
    at_most = max(0, min(finished, started - 1))
    return at_most // FINISHED_STEP * FINISHED_STEP
