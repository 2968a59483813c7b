"""Trait scores, by worked examples and by what must hold for any answers."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import SHARPENING, STANDARD, Keyed, Pack
from fitquiz.core.result.scoring import Answers, Score, keyed_value, score_scales, score_traits
from tests.core.support.pack_building import (
    TWO,
    answer,
    answer_alike,
    build_pack,
    build_six,
    build_with_own_sd,
    change,
    find_scores,
    write_files,
)
from tests.core.support.strategies import answered_packs

FOUR = ["calm+ calm- calm+ calm- bold+"]


def test_plus_keyed_answers_count_as_given() -> None:
    # Of five points, each step is worth 100 / 4 = 25.
    assert [keyed_value(each, Keyed.PLUS, 5) for each in range(5)] == [0, 25, 50, 75, 100]


def test_minus_keyed_answers_are_reversed() -> None:
    assert [keyed_value(each, Keyed.MINUS, 5) for each in range(5)] == [100, 75, 50, 25, 0]


def test_answers_without_a_key_count_as_given() -> None:
    assert keyed_value(1, None, 3) == 50


def test_keyed_values_are_exact_where_a_hundred_does_not_divide() -> None:
    assert keyed_value(1, Keyed.PLUS, 4) == Fraction(100, 3)


@pytest.mark.parametrize("outside", [-1, 5])
def test_an_answer_outside_the_points_is_refused(outside: int) -> None:
    with pytest.raises(ValueError, match=f"an answer is from 0 to 4, not {outside}"):
        keyed_value(outside, Keyed.PLUS, 5)


def test_a_trait_score_is_the_mean_of_its_keyed_values() -> None:
    # calm: 4+ -> 100, 3- -> 25, 2+ -> 50, 1- -> 75; mean 250 / 4 = 62.5.
    scores = find_scores(build_pack(FOUR), answer(calm=[4, 3, 2, 1], bold=[0]))
    assert (scores["calm"].score, scores["bold"].score) == (Fraction(125, 2), 0)


def test_scores_stand_in_the_order_of_the_pack() -> None:
    pack = build_pack(["bold+ calm+"], {"calm": ("back", 1), "bold": ("front", 1)})
    assert [score.id for score in score_traits(pack, {}, (STANDARD,))] == ["calm", "bold"]


def test_a_score_carries_its_items_with_their_values() -> None:
    score = find_scores(build_pack(FOUR), answer(calm=[4, 3, None, 1]))["calm"]
    assert [(each.item.id, each.value) for each in score.items] == [
        ("calm-1", 100),
        ("calm-2", 25),
        ("calm-4", 75),
    ]
    assert score.presented == 4


def test_left_out_answers_are_not_part_of_the_mean() -> None:
    # 4+ -> 100 and 3- -> 25; mean 125 / 2, whether the others are None or not there at all.
    pack = build_pack(FOUR)
    assert find_scores(pack, answer(calm=[4, 3, None, None]))["calm"].score == Fraction(125, 2)
    assert find_scores(pack, answer(calm=[4, 3]))["calm"].score == Fraction(125, 2)


def test_a_left_out_answer_is_not_an_answer_of_zero() -> None:
    # The answer 0 to a plus item speaks against the trait: (100 + 0) / 2 = 50.
    assert find_scores(build_pack(FOUR), answer(calm=[4, None, 0, None]))["calm"].score == 50


def test_half_of_the_answers_are_enough_for_a_score() -> None:
    assert find_scores(build_pack(FOUR), answer(calm=[4, 0]))["calm"].score == 100


def test_fewer_than_half_of_the_answers_give_no_score() -> None:
    score = find_scores(build_pack(FOUR), answer(calm=[4]))["calm"]
    assert (score.score, score.variance, score.presented, len(score.items)) == (None, None, 4, 1)


def test_no_answer_gives_no_score_even_where_none_is_needed() -> None:
    pack = build_pack(FOUR, least_answered=0)
    assert find_scores(pack, {})["calm"].score is None
    assert find_scores(pack, answer(calm=[4]))["calm"].score == 100


def test_the_variance_is_the_squared_deviation_over_the_answers() -> None:
    # SEM = 25 / sqrt(4) = 12.5, squared 156.25; with two of four answered 625 / 2.
    pack = build_pack(FOUR)
    assert find_scores(pack, answer(calm=[4, 3, 2, 1]))["calm"].variance == Fraction("156.25")
    assert find_scores(pack, answer(calm=[4, 3]))["calm"].variance == Fraction("312.5")


def test_the_deviation_is_the_one_of_the_pack() -> None:
    assert find_scores(build_pack(FOUR, item_sd=10), answer(calm=[4, 3]))["calm"].variance == 50


def test_the_standard_form_leaves_the_sharpening_items_out() -> None:
    pack = build_pack(["calm+ bold+"], TWO, ["calm+ bold+"])
    score = score_traits(pack, answer(calm=[4, 0]), (STANDARD,))[0]
    assert (score.score, score.presented) == (100, 1)


def test_both_forms_are_scored_together() -> None:
    pack = build_pack(["calm+ bold+"], TWO, ["calm+ bold+"])
    score = score_traits(pack, answer(calm=[4, 0]), (STANDARD, SHARPENING))[0]
    assert (score.score, score.presented) == (50, 2)


def test_a_module_is_never_part_of_a_trait() -> None:
    pack = build_pack(modules={"calm-too": ("everyone", "calm+ calm+")})
    score = score_traits(pack, answer(calm=[4, 0, 0, 0]), (STANDARD, "calm-too"))[0]
    assert (score.score, score.presented) == (100, 2)


def test_nothing_is_scored_of_parts_that_were_not_asked() -> None:
    score = score_traits(build_pack(), answer(calm=[4, 0]), ())[0]
    assert (score.score, score.presented) == (None, 0)


def test_module_scales_are_scored_as_traits_are() -> None:
    # serving: 3+ -> 75, 1- -> 75; steering: 0+ -> 0; the item of no scale counts nowhere.
    pack = build_pack(modules={"leading": ("on-request", "serving+ serving- steering+ -")})
    given = answer(serving=[3, 1], steering=[0], free=[4])
    scores = score_scales(pack, pack.modules[0], given)
    assert [(score.id, score.score, score.presented) for score in scores] == [
        ("serving", 75, 2),
        ("steering", 0, 1),
    ]
    assert scores[0].variance == Fraction(625, 2)


@pytest.mark.parametrize(
    ("score", "level"),
    [(0, "low"), (40, "low"), (41, "middle"), (59, "middle"), (60, "high"), (100, "high")],
)
def test_a_level_is_low_to_40_and_high_from_60(score: int, level: str) -> None:
    assert Score("calm", (), 4, Fraction(score), Fraction(1)).level == level


def test_the_borders_of_a_level_are_exact() -> None:
    assert Score("calm", (), 4, Fraction("59.999"), Fraction(1)).level == "middle"
    assert Score("calm", (), 4, Fraction("40.001"), Fraction(1)).level == "middle"


def test_no_score_is_neither_high_nor_low() -> None:
    assert Score("calm", (), 4, None, None).level == "middle"


@pytest.mark.parametrize(
    ("score", "sd", "level"),
    [
        ("37.5", "12.5", "middle"),  # The band ends exactly at the middle.
        ("37.4", "12.5", "low"),
        ("40", "9.9", "low"),
        ("41", "1", "middle"),
        ("62.5", "12.5", "middle"),
        ("62.6", "12.5", "high"),
        ("75", "26", "middle"),
        ("100", "49", "high"),
    ],
)
def test_a_level_is_told_only_if_the_band_is_on_its_side(score: str, sd: str, level: str) -> None:
    assert Score("calm", (), 4, Fraction(score), Fraction(sd) ** 2).told_level == level


def test_no_score_is_told_as_the_middle() -> None:
    assert Score("calm", (), 4, None, None).told_level == "middle"


def test_a_score_cannot_be_changed() -> None:
    score = find_scores(build_pack(), answer(calm=[4, 0]))["calm"]
    with pytest.raises(AttributeError):
        score.score = Fraction(1)  # type: ignore[misc]  # frozen, as the test shows
    with pytest.raises(AttributeError):
        score.items[0].value = Fraction(1)  # type: ignore[misc]  # frozen, as the test shows


def test_equal_answers_give_equal_scores() -> None:
    pack, given = build_six(), answer(a=[1, 2, 3, 4], x=[0, 0, 0, 0])
    assert find_scores(pack, given) == find_scores(pack, dict(reversed(given.items())))


@given(answered_packs())
def test_scores_stay_between_0_and_100(answered: tuple[Pack, Answers]) -> None:
    for score in find_scores(*answered).values():
        assert score.score is None or 0 <= score.score <= 100
        assert (score.score is None) == (score.variance is None)


@given(answered_packs(), st.data())
def test_agreeing_more_moves_a_trait_only_its_keyed_way(
    answered: tuple[Pack, Answers], data: st.DataObject
) -> None:
    pack, given = answered
    item = data.draw(st.sampled_from(list(pack.items.values())))
    now = given[item.id]
    assume(now is not None and now < pack.answer_points - 1 and item.measures)
    before = find_scores(pack, given)[item.measures or ""].score
    after = find_scores(pack, {**given, item.id: (now or 0) + 1})[item.measures or ""].score
    assume(before is not None and after is not None)
    change = (after or 0) - (before or 0)
    assert change > 0 if item.keyed is Keyed.PLUS else change < 0


@given(answered_packs())
def test_mirrored_answers_mirror_every_score(answered: tuple[Pack, Answers]) -> None:
    pack, given = answered
    mirrored = {
        item: None if a is None else pack.answer_points - 1 - a for item, a in given.items()
    }
    for score, other in zip(
        find_scores(pack, given).values(), find_scores(pack, mirrored).values(), strict=True
    ):
        assert score.score is None or score.score + (other.score or 0) == 100


def test_a_trait_can_have_an_own_standard_error_of_one_answer() -> None:
    # Four answers: 11.5² / 4 for x, and the 25² / 4 of the rule for the other traits.
    pack = build_with_own_sd(x="11.5")
    scores = find_scores(pack, answer_alike(pack, 2))
    assert scores["x"].variance == Fraction("33.0625")
    assert scores["a"].variance == Fraction("156.25")


def test_a_scale_has_the_standard_error_of_the_rule() -> None:
    files = write_files(modules={"extra": ("everyone", "calm+ calm-")})
    files = change(files, "pack.toml", 'id = "calm"\n', 'id = "calm"\nitem_sd = 10\n')
    pack = read_pack(files)
    (score,) = score_scales(pack, pack.modules[0], answer_alike(pack, 2))
    assert score.variance == Fraction("312.5")
