"""The numbers that the method page shows are the numbers that the code uses."""

import pytest

from fitquiz.core.result.answering_style import describe_style
from fitquiz.core.result.fixed_numbers import FIXED_NUMBERS
from tests.core.support.pack_building import answer, build_pack, find_scores


@pytest.mark.parametrize(("count", "fewest"), [(2, 1), (3, 1), (4, 2), (5, 2), (6, 2), (7, 3)])
def test_a_hint_about_contradictions_comes_from_this_number_of_areas(
    count: int, fewest: int
) -> None:
    names = "abcdefg"[:count]
    pack = build_pack(
        [" ".join(f"{name}+ {name}-" for name in names)] * 3,
        {name: ("back" if name == "a" else "front", 1) for name in names},
    )
    assert FIXED_NUMBERS.count_contradicted(pack) == fewest
    for contradicted in range(count + 1):
        given = {
            name: [4, 4] * 3 if at < contradicted else [2, 2] * 3 for at, name in enumerate(names)
        }
        answers = answer(**given)
        scores = list(find_scores(pack, answers).values())
        style = describe_style(list(pack.items.values()), answers, scores, {}, {})
        has_enough = len(answers) >= FIXED_NUMBERS.style_answers
        assert bool(style.contradictions) == (has_enough and contradicted >= fewest)
