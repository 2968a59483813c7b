"""The rounded number of finished attempts that a page shows for a counsellor link."""

FINISHED_STEP = 5
"""A page shows the number of finished attempts as a multiple of FINISHED_STEP.

Otherwise, the counsellor could see that a certain client has just finished.
"""


def count_finished_shown(started: int, finished: int) -> int:
    """Return the number of finished attempts that a page may show.

    The returned number is rounded down to a multiple of FINISHED_STEP.

    If `started` is above 0, the returned number is smaller than `started`. Otherwise, the page
    could reveal that all clients have finished.
    """
    at_most = max(0, min(finished, started - 1))
    return at_most // FINISHED_STEP * FINISHED_STEP
