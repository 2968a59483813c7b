"""A whole result, from the stored answers alone."""

from fractions import Fraction

import pytest

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import SHARPENING, STANDARD, Pack
from fitquiz.core.result.scoring import Answers
from fitquiz.core.result.shown_numbers import round_outcome
from fitquiz.core.result.what_if import find_ways_out
from fitquiz.core.result.whole_result import Result, Strength, work_out_result
from tests.core.support.pack_building import (
    SIX,
    SIX_BLOCKS,
    answer,
    answer_alike,
    build_pack,
    build_six,
    find_outcome,
    find_scores,
    write_files,
    write_files_without_poles,
)

BACKWARD = answer(
    a=[4, 0, 4, 0], b=[1, 3, 1, 3], c=[2, 2, 2, 2], x=[4, 0, 4, 0], y=[2, 2, 2, 2], z=[2, 2, 2, 2]
)
"""a is 100, b 75, c 50, x 0, y and z 50: fits 75 and 33.3."""


def work_out(
    pack: Pack, answers: Answers, *parts: str, seconds: dict[str, float] | None = None
) -> Result:
    return work_out_result(pack, answers, parts or (STANDARD,), seconds or {}, "en")


def test_a_result_holds_scores_outcome_and_ways_out() -> None:
    pack = build_six()
    result, outcome = work_out(pack, BACKWARD), find_outcome(pack, BACKWARD)
    assert result.scores == tuple(find_scores(pack, BACKWARD).values())
    assert result.outcome == outcome
    assert outcome.suggestion == "back"
    assert result.ways_out == find_ways_out(pack, BACKWARD, outcome)


def test_the_same_answers_always_give_the_same_result() -> None:
    assert work_out(build_six(), BACKWARD) == work_out(
        build_six(), dict(reversed(BACKWARD.items()))
    )


def test_strengths_are_the_traits_furthest_from_the_middle() -> None:
    pack = build_pack(["a+ b+ c+ x+ y+ z+"], SIX, item_sd=24)
    strengths = work_out(pack, answer(a=[4], b=[3], c=[2], x=[0], y=[2], z=[2])).strengths
    assert [(each.trait, each.level) for each in strengths] == [
        ("a", "high"),
        ("x", "low"),
        ("b", "high"),
    ]


def test_a_strength_is_tied_to_the_answer_that_says_so_most() -> None:
    # calm 3+ -> 75, 0- -> 100; bold 3- -> 25, 0+ -> 0, which says most that it is low.
    pack = build_pack(["calm+ calm- bold- bold+"])
    assert work_out(pack, answer(calm=[3, 0], bold=[3, 0])).strengths == (
        Strength("calm", "high", "calm-2", 0),
        Strength("bold", "low", "bold-2", 0),
    )


def test_there_are_at_most_three_strengths() -> None:
    pack = build_pack(["a+ b+ c+ x+ y+ z+"], SIX, item_sd=24)
    strengths = work_out(pack, answer(a=[3], b=[4], c=[3], x=[0], y=[4], z=[1])).strengths
    assert [each.trait for each in strengths] == ["b", "x", "y"]


def test_equally_strong_traits_are_taken_from_the_poles_in_turn() -> None:
    pack = build_pack(["a+ b+ c+ x+ y+ z+"], SIX, item_sd=24)
    strengths = work_out(pack, answer(a=[3], b=[3], c=[3], x=[3], y=[3], z=[3])).strengths
    assert [each.trait for each in strengths] == ["a", "x", "b"]


def test_a_trait_near_the_middle_is_no_strength() -> None:
    pack = build_pack(["calm+ calm+ bold+ bold-"])
    assert work_out(pack, answer(calm=[3, 2], bold=[2, 2])).scores[0].score == Fraction(125, 2)
    assert [each.trait for each in work_out(pack, answer(calm=[3, 1], bold=[3, 1])).strengths] == [
        "bold"
    ]


def test_a_trait_without_a_score_is_no_strength() -> None:
    pack = build_pack(["calm+ calm+ calm+ bold+"], item_sd=24)
    assert work_out(pack, answer(calm=[4], bold=[3])).strengths == (
        Strength("bold", "high", "bold-1", 3),
    )


def test_two_answers_of_four_are_no_strength() -> None:
    pack = build_six()
    result = work_out(pack, answer(a=[4, 0, None, None], b=[0, 4, 0, None]))
    assert [(score.id, score.score) for score in result.scores[:2]] == [("a", 100), ("b", 100)]
    assert [each.trait for each in result.strengths] == ["b"]


@pytest.mark.parametrize(("deviation", "count"), [(24, 1), (25, 0)])
def test_a_strength_is_more_than_a_standard_error_from_the_middle(
    deviation: int, count: int
) -> None:
    # Four answers with a mean of 62.5; the standard error is half the deviation.
    pack = build_pack(["calm+ bold+"] * 4, item_sd=deviation)
    result = work_out(pack, answer(calm=[3, 3, 2, 2], bold=[2] * 4))
    assert len(result.strengths) == count


def test_a_straight_line_has_no_strengths_but_a_style() -> None:
    result = work_out(build_six(), answer_alike(build_six(), 4))
    assert (result.strengths, result.style.is_straight_line) == ((), True)


def test_the_statements_words_decide_about_haste() -> None:
    # "I am a here." has four words: 0.3 + 0.4 = 0.7 seconds.
    pack = build_six()
    for seconds, hasty in ((0.6, True), (0.8, False)):
        assert (
            work_out(pack, BACKWARD, seconds=dict.fromkeys(pack.items, seconds)).style.is_hasty
            is hasty
        )


def test_words_are_counted_in_the_language_that_was_read() -> None:
    files = write_files(SIX_BLOCKS, SIX, languages=("en", "nb"))
    pack = read_pack(
        files | {"nb.toml": files["nb.toml"].replace(" here.", " here, now and then, as it comes.")}
    )
    seconds = dict.fromkeys(pack.items, 0.8)
    assert work_out_result(pack, BACKWARD, (STANDARD,), seconds, "nb").style.is_hasty
    assert not work_out_result(pack, BACKWARD, (STANDARD,), seconds, "en").style.is_hasty


def test_answered_and_presented_count_the_scored_items_only() -> None:
    pack = build_pack(modules={"extra": ("everyone", "calm+ -")})
    result = work_out(pack, answer(calm=[1, None, 2], bold=[0], free=[1]), STANDARD, "extra")
    assert (result.answered, result.presented) == (2, 4)


def test_all_answers_to_the_parts_of_the_result_are_counted() -> None:
    modules = {"extra": ("everyone", "own+ -"), "leading": ("on-request", "lead+")}
    pack = build_pack(modules=modules)
    given = answer(calm=[1, None], bold=[0], own=[2], free=[None], lead=[4])
    assert work_out(pack, given, STANDARD, "extra").answered_in_all == 3
    assert work_out(pack, given, STANDARD, "extra", "leading").answered_in_all == 4


def test_whether_there_are_scores_at_all_is_told() -> None:
    pack = build_pack()
    results = [work_out(pack, each) for each in ({}, answer(calm=[2, 2]), answer_alike(pack, 2))]
    told = [(result.has_scores, result.has_all_scores) for result in results]
    assert told == [(False, False), (True, False), (True, True)]


def test_the_shown_numbers_are_those_of_the_outcome() -> None:
    result = work_out(build_six(), BACKWARD)
    assert result.outcome is not None
    assert result.shown == round_outcome(result.outcome)
    assert work_out(build_six(), {}).shown is None


def test_modules_are_scored_only_where_they_were_asked() -> None:
    modules = {"extra": ("everyone", "own+"), "leading": ("on-request", "lead+")}
    result = work_out(build_pack(modules=modules), answer(own=[3], lead=[4]), STANDARD, "extra")
    assert {
        module: [score.score for score in scores] for module, scores in result.modules.items()
    } == {"extra": [75]}


def test_a_module_without_scales_has_no_scores() -> None:
    pack = build_pack(modules={"conditions": ("campaign", "- -")})
    assert work_out(pack, answer(free=[1, 2]), STANDARD, "conditions").modules == {}


def test_modules_never_move_the_suggestion() -> None:
    pack = build_pack([*SIX_BLOCKS], SIX, modules={"extra": ("everyone", "a+ a+ a+ x+")})
    given = {**BACKWARD, "a-5": 0, "a-6": 0, "a-7": 0, "x-5": 4}
    assert (
        work_out(pack, given, STANDARD, "extra").outcome == work_out(build_six(), BACKWARD).outcome
    )


def test_an_undecided_standard_form_can_be_sharpened() -> None:
    pack = build_six(sharpening=2)
    assert work_out(pack, answer_alike(pack, 2)).can_sharpen


def test_a_decided_result_is_not_sharpened() -> None:
    assert not work_out(build_six(sharpening=2), BACKWARD).can_sharpen


def test_a_sharpened_result_is_not_sharpened_again() -> None:
    pack = build_six(sharpening=2)
    assert not work_out(pack, answer_alike(pack, 2), STANDARD, SHARPENING).can_sharpen


def test_a_pack_without_sharpening_items_cannot_be_sharpened() -> None:
    assert not work_out(build_six(), answer_alike(build_six(), 2)).can_sharpen


def test_too_few_answers_give_neither_outcome_nor_sharpening() -> None:
    result = work_out(build_six(sharpening=2), answer(a=[1]))
    assert (result.outcome, result.ways_out, result.can_sharpen, result.strengths) == (
        None,
        (),
        False,
        (),
    )
    assert (result.answered, result.presented) == (1, 24)


def test_sharpening_is_computed_anew_from_all_answers() -> None:
    # a stands at 100 after four answers and at (4 * 100 + 0 + 0) / 6 = 66.7 after six; the band narrows.
    pack = build_six(sharpening=2)
    given = {
        **BACKWARD,
        **dict.fromkeys(["b-5", "b-6", "c-5", "c-6", "x-5", "x-6", "y-5", "y-6", "z-5", "z-6"], 2),
    }
    result = work_out(pack, {**given, "a-5": 0, "a-6": 4}, STANDARD, SHARPENING)
    assert result.scores[0].score == Fraction(200, 3)
    assert result.outcome is not None
    assert result.outcome.standard_error == pytest.approx(8.333, abs=0.001)
    assert result.presented == 36


def test_a_pack_without_poles_has_a_profile_and_no_suggestion() -> None:
    result = work_out(read_pack(write_files_without_poles()), answer(calm=[4, 0]))
    assert (result.scores[0].score, result.outcome, result.ways_out) == (100, None, ())
    assert result.strengths == (Strength("calm", "high", "calm-1", 4),)
