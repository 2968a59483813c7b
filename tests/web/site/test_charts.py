"""Where things stand in a chart, in per cent of its width."""

import pytest

from fitquiz.core.result.fit import suggest_role
from fitquiz.core.result.scoring import score_traits
from fitquiz.web.site.charts import Mark, place_points
from tests.web.support.answering import PACK, agree


@pytest.mark.parametrize(
    ("level", "mark"),
    [(0, Mark(50.0, 50.0, 50.0)), (1, Mark(50.0, 50.0, 25.0)), (2, Mark(50.0, 50.0, 0.0))],
)
def test_the_bar_of_a_pull_goes_from_the_middle_to_its_side(level: int, mark: Mark) -> None:
    # Autonomy speaks for the back office, the first pole: against it is a pull to the right, for it one to the left.
    low = suggest_role(PACK, score_traits(PACK, agree(autonomy=level), PACK.first_parts))
    high = suggest_role(PACK, score_traits(PACK, agree(autonomy=4 - level), PACK.first_parts))
    assert low is not None
    assert high is not None
    assert place_points(low)["autonomy"] == mark
    assert place_points(high)["autonomy"] == Mark(50.0, 50.0 - mark.width, mark.width)
