"""The rounded number of people who have finished an attempt with a counsellor's link."""

FINISHED_STEP = 5
"""A page shows the number of people who have finished as a multiple of FINISHED_STEP.

From an exact number, the counsellor could see that a certain client has just finished.
"""


def count_finished_shown(started: int, finished: int) -> int:
    """Return the number that a page may show for the people who have finished.

    `started` is the number of people who have begun. `finished` is the number of people who have
    finished. The returned number is a multiple of FINISHED_STEP, and is at most `finished`.

    The returned number is always smaller than `started`, unless `started` is 0. Therefore the page
    never reveals that all clients have finished.
    """
    at_most = max(0, min(finished, started - 1))
    return at_most // FINISHED_STEP * FINISHED_STEP
