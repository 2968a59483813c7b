import pytest

from fitquiz.core.groups.link_counts import count_finished_shown


@pytest.mark.parametrize(
    ("started", "finished", "shown"),
    [
        (0, 0, 0),
        (1, 1, 0),
        (5, 5, 0),
        (6, 4, 0),
        (6, 5, 5),
        (6, 6, 5),
        (10, 10, 5),
        (11, 9, 5),
        (11, 10, 10),
        (11, 11, 10),
    ],
)
def test_finished_attempts_are_shown_in_steps_and_never_for_all(
    started: int, finished: int, shown: int
) -> None:
    assert count_finished_shown(started, finished) == shown
