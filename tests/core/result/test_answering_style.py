"""What is said of the way of answering: straight lines, haste and contradictions, each on both sides of its limit."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.packs import STANDARD, Pack
from fitquiz.core.result.answering_style import AnsweringStyle, describe_style, measure_seconds
from fitquiz.core.result.scoring import Answers, score_traits
from tests.core.support.pack_building import answer, answer_alike, build_pack, build_six
from tests.core.support.strategies import SIX_PACK

TWENTY = [" ".join(["calm+ bold+"] * 10)]
TEN = [" ".join(["calm+ bold+"] * 5)]
VARIED = [0, 1, 2, 3, 4]


def describe(
    pack: Pack, answers: Answers, seconds: Mapping[str, float] | None = None, words: int = 7
) -> AnsweringStyle:
    items = pack.parts[STANDARD].items
    scores = score_traits(pack, answers, (STANDARD,))
    return describe_style(items, answers, scores, seconds or {}, {item.id: words for item in items})


def in_order(pack: Pack, answers: Sequence[int | None]) -> Answers:
    """Answers in the order in which the items are asked."""
    return dict(zip(pack.items, answers, strict=True))


@pytest.mark.parametrize("given", range(5))
def test_the_same_answer_throughout_is_a_straight_line(given: int) -> None:
    assert describe(build_six(), answer_alike(build_six(), given)).is_straight_line


def test_four_fifths_of_one_answer_are_a_straight_line() -> None:
    # 8 of 10 are 80 %; the longest run of them is 2.
    pack = build_pack(TEN)
    assert describe(pack, in_order(pack, [3, 3, 0, 3, 3, 3, 3, 4, 3, 3])).is_straight_line


def test_less_than_four_fifths_of_one_answer_are_none() -> None:
    # 7 of 10, and no run of more than 5.
    pack = build_pack(TEN)
    assert not describe(pack, in_order(pack, [3, 3, 0, 3, 3, 2, 3, 4, 3, 3])).is_straight_line


def test_a_run_of_more_than_half_is_a_straight_line() -> None:
    pack = build_pack(TEN)
    assert describe(pack, in_order(pack, [0, 1, 3, 3, 3, 3, 3, 3, 4, 2])).is_straight_line


def test_a_run_of_exactly_half_is_none() -> None:
    pack = build_pack(TEN)
    assert not describe(pack, in_order(pack, [0, 1, 3, 3, 3, 3, 3, 2, 4, 2])).is_straight_line


def test_a_run_goes_on_over_a_left_out_answer() -> None:
    # Eleven are answered, six of them in one run.
    pack = build_pack([TEN[0] + " calm+ bold+"])
    assert describe(pack, in_order(pack, [0, 1, 3, 3, 3, None, 3, 3, 3, 2, 4, 2])).is_straight_line


def test_raw_answers_make_the_line_and_not_keyed_ones() -> None:
    # 4 to plus and 0 to minus items is one keyed value throughout, but no straight line.
    pack = build_pack([" ".join(["calm+ calm- bold+ bold-"] * 3)])
    assert not describe(pack, in_order(pack, [4, 0] * 6)).is_straight_line


@pytest.mark.parametrize(("answered", "told"), [(9, False), (10, True)])
def test_nothing_is_said_with_fewer_than_ten_answers(answered: int, told: bool) -> None:
    pack = build_pack(TEN)
    answers = in_order(pack, [2] * answered + [None] * (10 - answered))
    assert describe(pack, answers).stands_out is told


# A statement of seven words needs 0.3 + 7 * 0.1 = 1 second.


@pytest.mark.parametrize(("seconds", "hasty"), [(0.95, True), (1.05, False)])
def test_haste_is_answering_faster_than_can_be_read(seconds: float, hasty: bool) -> None:
    pack = build_pack(TEN)
    assert (
        describe(pack, in_order(pack, VARIED * 2), dict.fromkeys(pack.items, seconds)).is_hasty
        is hasty
    )


def test_exactly_as_long_as_it_takes_is_no_haste() -> None:
    pack = build_pack(TEN)
    assert not describe(
        pack, in_order(pack, VARIED * 2), dict.fromkeys(pack.items, 0.3), words=0
    ).is_hasty


def test_seconds_are_counted_from_the_answer_before_or_the_start() -> None:
    start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    answered_at = {
        item: start + timedelta(seconds=each) for item, each in (("b", 10), ("c", 2.5), ("a", 3670))
    }
    assert measure_seconds(start, answered_at) == {"c": 2.5, "b": 7.5, "a": 3660}
    assert measure_seconds(start, {}) == {}


def test_longer_statements_take_longer_to_read() -> None:
    pack = build_pack(TEN)
    seconds = dict.fromkeys(pack.items, 1.1)
    assert describe(pack, in_order(pack, VARIED * 2), seconds, words=9).is_hasty
    assert not describe(pack, in_order(pack, VARIED * 2), seconds, words=6).is_hasty


def test_the_middle_answer_decides_about_haste() -> None:
    # Six slow answers of eleven are the middle one's side, however long the slowest took.
    pack = build_pack([TEN[0] + " calm+"])
    for slow, hasty in ((5, True), (6, False)):
        seconds = dict(zip(pack.items, [600.0] * slow + [0.1] * (11 - slow), strict=True))
        assert describe(pack, in_order(pack, [*VARIED, *VARIED, 0]), seconds).is_hasty is hasty


@pytest.mark.parametrize(("timed", "hasty"), [(9, False), (10, True)])
def test_haste_is_not_told_from_fewer_than_ten_times(timed: int, hasty: bool) -> None:
    pack = build_pack(TWENTY)
    seconds = dict.fromkeys(list(pack.items)[:timed], 0.1)
    assert describe(pack, in_order(pack, VARIED * 4), seconds).is_hasty is hasty


def test_items_without_words_are_not_timed() -> None:
    pack = build_pack(TEN)
    answers, scores = in_order(pack, VARIED * 2), score_traits(pack, {}, (STANDARD,))
    style = describe_style(
        pack.parts[STANDARD].items, answers, scores, dict.fromkeys(pack.items, 0.1), {}
    )
    assert not style.is_hasty


# A six-trait pack with two plus and two minus items a trait: agreeing with all of a trait sets its halves 100 apart.

FITTING = [4, 0, 3, 1]
"""To a's items (plus, minus, plus, minus): keyed 100, 100, 75, 75."""


def answers_against(*contradicting: str, to: list[int] | None = None) -> Answers:
    fitting = {
        "a": FITTING,
        "b": [1, 4, 0, 3],
        "c": FITTING,
        "x": [1, 4, 0, 3],
        "y": FITTING,
        "z": [1, 4, 0, 3],
    }
    return answer(
        **{
            trait: (to or [4, 4, 3, 4]) if trait in contradicting else fitting[trait]
            for trait in fitting
        }
    )


def test_agreeing_with_opposites_contradicts_itself() -> None:
    # Two of six traits are a third.
    assert describe(build_six(), answers_against("a", "c")).contradictions == ("a", "c")


def test_contradictions_in_less_than_a_third_of_the_traits_are_not_told() -> None:
    assert describe(build_six(), answers_against("a")).contradictions == ()


def test_disagreeing_with_opposites_contradicts_itself_too() -> None:
    assert describe(build_six(), answers_against("a", "c", to=[0, 0, 0, 1])).contradictions == (
        "a",
        "c",
    )


def test_halves_exactly_50_apart_do_not_contradict() -> None:
    # Plus 75 and 75, minus 25 and 25: 50 apart. With minus 25 and 0 they are 62.5 apart.
    assert describe(build_six(), answers_against("a", "c", to=[3, 3, 3, 3])).contradictions == ()
    assert describe(build_six(), answers_against("a", "c", to=[3, 3, 3, 4])).contradictions == (
        "a",
        "c",
    )


def test_halves_a_point_more_than_50_apart_contradict() -> None:
    # Nine times 50 and once 60 have a mean of 51; the minus item is 0. Of two traits one is more than a third.
    pack = build_pack(["calm+ " * 10 + "calm- bold+"], points=11)
    assert describe(pack, answer(calm=[5] * 9 + [6, 10], bold=[5])).contradictions == ("calm",)
    assert describe(pack, answer(calm=[5] * 10 + [10], bold=[5])).contradictions == ()


def test_a_trait_answered_on_one_side_only_cannot_contradict() -> None:
    given = {**answers_against("a", "c"), "a-2": None, "a-4": None}
    assert describe(build_six(), given).contradictions == ()


def test_an_ordinary_way_of_answering_does_not_stand_out() -> None:
    style = describe(build_six(), answers_against(), dict.fromkeys(build_six().items, 5.0))
    assert style == AnsweringStyle(False, False, ())
    assert not style.stands_out


@pytest.mark.parametrize("style", [(True, False, ()), (False, True, ()), (False, False, ("a",))])
def test_each_of_the_three_stands_out(style: tuple[bool, bool, tuple[str, ...]]) -> None:
    assert AnsweringStyle(*style).stands_out


@given(st.lists(st.integers(0, 4) | st.none(), min_size=24, max_size=24))
def test_the_mirrored_answers_have_the_same_style(answers: list[int | None]) -> None:
    pack = SIX_PACK
    mirrored = [None if a is None else 4 - a for a in answers]
    assert describe(pack, in_order(pack, answers)) == describe(pack, in_order(pack, mirrored))
