"""What would change the suggestion, held against trying every possible set of answers on small packs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitquiz.core.packs import Pack
from fitquiz.core.result.what_if import AnswerChange, WayOut
from tests.core.support.pack_building import answer, build_pack
from tests.core.support.strategies import answers_to, packs
from tests.core.support.ways_out import apply, find_ways, suggest, try_all

FOUR = ["calm+ calm+ bold+ bold+"]
scarce_packs = packs(
    most_traits=1, most_items=3, most_points=3, deviations=(25, 40, 60), bands=(0.5, 1, 1, 2)
)
small_packs = packs(most_traits=2, most_items=2, most_points=4, deviations=(1, 5, 12, 25))


def test_one_answer_that_ends_a_decision_is_found() -> None:
    # Variance 625: a lean of 30 is front, and one step of any answer brings it to 25, which is too close to call.
    pack = build_pack(FOUR, points=11)
    ways = find_ways(pack, answer(calm=[3, 3], bold=[6, 6]), max_ways=9)
    assert [(way.changes[0].item, way.changes[0].now, way.changes[0].then) for way in ways] == [
        ("calm-1", 3, 4),
        ("calm-2", 3, 4),
        ("bold-1", 6, 5),
        ("bold-2", 6, 5),
    ]
    assert {way.suggestion for way in ways} == {"too-close"}


def test_a_limit_that_no_fit_can_lie_on_is_not_rounded() -> None:
    # Fits are whole even numbers here: 62 and 70. From 62.5 on both are versatile, so only calm can bring it about.
    pack = build_pack([" ".join(["calm+"] * 5 + ["bold+"] * 5)], points=11, both_from=62.5)
    ways = find_ways(pack, answer(calm=[6, 6, 6, 6, 7], bold=[7] * 5), max_ways=99)
    assert {way.changes[0].item[:4] for way in ways if way.suggestion == "versatile"} == {"calm"}


def test_an_edge_between_two_leans_is_not_rounded() -> None:
    # The variance 2 * 7.06^2 = 99.69 is the edge: a lean of 10, one step of any answer, is just beyond it.
    pack = build_pack(["calm+ bold+"], points=11, item_sd=7.06)
    ways = find_ways(pack, answer(calm=[5], bold=[5]), max_ways=9)
    assert [abs(way.changes[0].then - 5) for way in ways] == [1] * 4


def test_a_minus_keyed_answer_is_changed_the_other_way() -> None:
    pack = build_pack(["calm+ calm- bold+ bold-"], points=11)
    ways = find_ways(pack, answer(calm=[3, 7], bold=[6, 4]), max_ways=9)
    assert [way.changes[0] for way in ways] == [
        AnswerChange("calm-1", 3, 4),
        AnswerChange("calm-2", 7, 6),
        AnswerChange("bold-1", 6, 5),
        AnswerChange("bold-2", 4, 5),
    ]


def test_the_nearest_ways_come_first_and_no_more_than_asked_for() -> None:
    # Fits (20 + 3 * 30) / 4 = 27.5 and 70. The variance (1/16 + 9/16 + 1) * 25 = 40.6 makes the standard error 6.4: the
    # lean of 42.5 must fall by 36.1, which is four steps of 10 for bold, five of 7.5 for calm, and too much for quiet.
    traits = {"quiet": ("back", 1), "calm": ("back", 3), "bold": ("front", 1)}
    pack = build_pack(["quiet+ calm+ bold+"], traits, points=11, item_sd=5)
    given = answer(quiet=[2], calm=[3], bold=[7])
    ways = find_ways(pack, given)
    assert [(way.changes[0].item, way.steps) for way in ways] == [("bold-1", 4), ("calm-1", 5)]
    assert find_ways(pack, given, max_ways=1) == ways[:1]


def test_three_ways_are_given_where_there_are_more() -> None:
    pack, given = build_pack(FOUR, points=11), answer(calm=[3, 3], bold=[6, 6])
    assert find_ways(pack, given) == find_ways(pack, given, max_ways=9)[:3]


def test_a_lean_on_the_border_is_moved_by_one_step() -> None:
    # A lean of exactly 25 is not clear of zero; any step away from the other pole is.
    pack = build_pack(FOUR, points=11)
    ways = find_ways(pack, answer(calm=[3, 4], bold=[6, 6]), max_ways=9)
    assert {(way.steps, way.suggestion) for way in ways if way.suggestion == "front"} == {
        (1, "front")
    }


def test_versatile_ends_where_one_fit_falls_below_its_limit() -> None:
    ways = find_ways(build_pack(FOUR, points=11), answer(calm=[6, 6], bold=[6, 6]))
    assert {(way.steps, way.suggestion) for way in ways} == {(1, "too-close")}


def test_neither_ends_where_one_fit_rises_above_its_limit() -> None:
    ways = find_ways(build_pack(FOUR, points=11), answer(calm=[4, 4], bold=[4, 4]))
    assert {(way.steps, way.suggestion) for way in ways} == {(1, "too-close")}


def test_several_answers_are_named_where_one_is_not_enough() -> None:
    # Fits 0 and 100 with a standard error of 25: one answer brings calm to 50, and half of another to 75, which is
    # not clear of zero; as both fits are from 60, both suit.
    ways = find_ways(build_pack(FOUR, points=11), answer(calm=[0, 0], bold=[10, 10]))
    assert ways == (
        WayOut((AnswerChange("calm-1", 0, 10), AnswerChange("calm-2", 0, 5)), "versatile"),
    )


def test_each_of_several_changes_takes_only_the_steps_it_needs() -> None:
    # Shares 1/4, 3/4 and 1: a step moves quiet by 2.5, calm by 7.5 and each bold by 1.25. Fits 60 and 95, the standard
    # error 0.9: calm can add 15 and quiet must add 20, eight of its ten steps.
    traits = {"quiet": ("back", 1), "calm": ("back", 3), "bold": ("front", 1)}
    pack = build_pack(["quiet+ calm+ " + " bold+" * 8], traits, points=11, item_sd=1)
    ways = find_ways(pack, answer(quiet=[0], calm=[8], bold=[10, 10, 10, 10, 9, 9, 9, 9]))
    assert ways == (
        WayOut((AnswerChange("quiet-1", 0, 8), AnswerChange("calm-1", 8, 10)), "versatile"),
    )


def test_both_fits_are_moved_where_only_both_together_end_it() -> None:
    # One answer of 5 points a trait, a standard error of 141: no lean is ever clear of zero.
    pack = build_pack(["calm+ bold+"], item_sd=100)
    assert find_ways(pack, answer(calm=[2], bold=[2])) == (
        WayOut((AnswerChange("calm-1", 2, 3), AnswerChange("bold-1", 2, 3)), "versatile"),
        WayOut((AnswerChange("calm-1", 2, 1), AnswerChange("bold-1", 2, 1)), "neither"),
    )


def test_all_other_suggestions_are_named_where_they_are_as_near() -> None:
    # Each answer moves a fit of 50 by 12.5 at most. The standard error is 17.7, so a pole takes two answers, as do
    # both fits of 62.5 and both of 37.5.
    pack = build_pack(["calm+ " * 4 + "bold+ " * 4], points=3)
    ways = find_ways(pack, answer(calm=[1] * 4, bold=[1] * 4), max_ways=9)
    assert {way.suggestion for way in ways} == {"front", "back", "versatile", "neither"}
    assert [(len(way.changes), way.steps) for way in ways] == [(2, 2)] * 4


def test_a_lean_is_moved_by_the_answers_of_either_pole_that_move_it_most() -> None:
    # Full moves: calm 25 up or down, bold 33.3 and 16.7. To pass 2.9 * 19.1 = 55.4 takes the 33.3 and one of the 25.
    pack = build_pack(["calm+ " * 4 + "bold+ " * 3], points=11, band=2.9, clear=3)
    ways = find_ways(pack, answer(calm=[10, 10, 0, 0], bold=[0, 5, 10]), max_ways=9)
    items = {way.suggestion: {change.item for change in way.changes} for way in ways}
    assert items["front"] == {"bold-1", "calm-1"}
    assert items["back"] == {"bold-3", "calm-3"}
    assert set(items) == {"front", "back", "versatile", "neither"}


def turn(answers: list[int], is_turned: bool) -> list[int]:
    """The answers, mirrored on eleven points where asked for."""
    return [10 - each for each in answers] if is_turned else answers


def find_far_ways(
    short: list[int], long: list[int], is_swapped: bool
) -> list[tuple[str, set[str], int]]:
    """The ways out where no lean is ever clear of zero (suggestion, traits, steps); calm is short, or long."""
    given = {"bold": short, "calm": long} if is_swapped else {"calm": short, "bold": long}
    block = " ".join(f"{trait}+" for trait, answers in given.items() for _ in answers)
    pack = build_pack([block], points=11, item_sd=100, band=5, clear=5)
    ways = find_ways(pack, answer(**given), max_ways=9)
    return [
        (way.suggestion, {change.item[:4] for change in way.changes}, way.steps) for way in ways
    ]


@pytest.mark.parametrize("is_swapped", [False, True])
@pytest.mark.parametrize("is_turned", [False, True])
def test_each_fit_alone_may_end_versatile_or_neither(is_swapped: bool, is_turned: bool) -> None:
    # Fits 84 and 87.1. A step moves the one by 2, the other by 1.43: below 60 after 10 + 3 and 10 + 10 steps, as
    # 10 + 2 and 10 + 9 end at exactly 60. Turned, the fits are 16 and 12.9, and must rise above 40.
    short, long = turn([10, 10, 10, 10, 2], is_turned), turn([10, 10, 10, 10, 10, 9, 2], is_turned)
    near, far = ("bold", "calm") if is_swapped else ("calm", "bold")
    assert find_far_ways(short, long, is_swapped) == [
        ("too-close", {near}, 13),
        ("too-close", {far}, 20),
    ]


@pytest.mark.parametrize("is_swapped", [False, True])
@pytest.mark.parametrize("is_turned", [False, True])
def test_too_close_ends_where_one_fit_reaches_its_limit(is_swapped: bool, is_turned: bool) -> None:
    # Fits 64 and 35.7. Down to exactly 40 the first takes 12 steps of 2; up to exactly 60 the other takes 17 of 1.43.
    short, long = turn([10, 10, 10, 2, 0], is_turned), turn([10, 10, 5, 0, 0, 0, 0], is_turned)
    near, far = ("bold", "calm") if is_swapped else ("calm", "bold")
    down, up = ("versatile", "neither") if is_turned else ("neither", "versatile")
    assert find_far_ways(short, long, is_swapped) == [(down, {near}, 12), (up, {far}, 17)]


def test_only_the_smallest_of_several_sets_is_named() -> None:
    # No lean is ever clear of zero; 75 takes one answer a trait, and 0 takes two.
    pack = build_pack(
        ["calm+ " * 4 + "bold+ " * 4], points=2, item_sd=100, band=5, clear=5, neither_to=10
    )
    ways = find_ways(pack, answer(calm=[1, 1, 0, 0], bold=[1, 1, 0, 0]))
    assert [(len(way.changes), way.suggestion) for way in ways] == [(2, "versatile")]


def test_a_lean_of_less_than_one_point_is_still_to_be_undone() -> None:
    # Twenty answers a trait, each moving a fit by 5 at most: a lean of 100 must fall to 0, as the error is 0.03.
    pack = build_pack(["calm+ " * 20 + "bold+ " * 20], points=11, item_sd=0.1)
    (way,) = find_ways(pack, answer(calm=[0] * 20, bold=[10] * 20))
    assert (len(way.changes), way.steps, way.suggestion) == (20, 200, "versatile")


def test_the_packs_own_band_is_what_must_be_cleared() -> None:
    # The variance is 625: with a band of 2 a lean of 50 is to be passed, with one of 0.5 one of 12.5.
    given = answer(calm=[5, 5], bold=[5, 5])
    for band, steps in ((2, 11), (0.5, 3)):
        pack = build_pack(FOUR, points=11, band=band, both_from=90, neither_to=10)
        ways = [way for way in find_ways(pack, given, max_ways=99) if way.suggestion == "front"]
        assert {way.steps for way in ways} == {steps}


def test_left_out_answers_are_never_named() -> None:
    pack = build_pack(FOUR, points=11)
    ways = find_ways(pack, answer(calm=[0, None], bold=[10, None]), max_ways=9)
    assert {change.item for way in ways for change in way.changes} <= {"calm-1", "bold-1"}


@pytest.mark.parametrize("max_ways", [0, 1, 5])
def test_at_most_so_many_ways_are_given(max_ways: int) -> None:
    assert (
        len(find_ways(build_pack(FOUR, points=11), answer(calm=[6, 6], bold=[6, 6]), max_ways))
        <= max_ways
    )


@given(small_packs | scarce_packs, st.data())
def test_no_fewer_answers_could_change_the_suggestion(pack: Pack, data: st.DataObject) -> None:
    answers = data.draw(answers_to(pack))
    fewest, _ = try_all(pack, answers)
    ways = find_ways(pack, answers, max_ways=99)
    assert {len(way.changes) for way in ways} == {fewest}


@given(packs(deviations=(1, 5, 12, 25), bands=(0.5, 1, 2)), st.data())
def test_every_way_out_gives_the_suggestion_that_it_states(pack: Pack, data: st.DataObject) -> None:
    answers = data.draw(answers_to(pack))
    now = suggest(pack, answers)
    for way in find_ways(pack, answers, max_ways=99):
        assert suggest(pack, apply(answers, way.changes)) == way.suggestion != now
        assert all(change.now == answers[change.item] for change in way.changes)
        assert len({change.item for change in way.changes}) == len(way.changes)


@given(small_packs, st.data())
def test_single_answers_are_all_found_with_no_step_too_many(
    pack: Pack, data: st.DataObject
) -> None:
    answers = data.draw(answers_to(pack))
    now, wanted = suggest(pack, answers), set()
    for item, at in answers.items():
        for direction in (range((at or 0) + 1, pack.answer_points), range((at or 0) - 1, -1, -1)):
            moved = [each for each in direction if suggest(pack, {**answers, item: each}) != now]
            wanted |= {(item, each) for each in moved[:1]}
    ways = find_ways(pack, answers, max_ways=99)
    assert {
        (way.changes[0].item, way.changes[0].then) for way in ways if len(way.changes) == 1
    } == wanted


@settings(max_examples=100)
@given(packs(most_traits=2, deviations=(1, 5, 12, 25)), st.data())
def test_no_way_out_takes_a_step_more_than_it_needs(pack: Pack, data: st.DataObject) -> None:
    answers = data.draw(answers_to(pack))
    for way in find_ways(pack, answers, max_ways=99):
        for each in way.changes:
            nearer = AnswerChange(
                each.item, each.now, each.then + (1 if each.then < each.now else -1)
            )
            others = tuple(change for change in way.changes if change != each)
            assert suggest(pack, apply(answers, (*others, nearer))) != way.suggestion


@given(small_packs, st.data())
def test_the_order_of_the_ways_is_by_their_steps(pack: Pack, data: st.DataObject) -> None:
    ways = find_ways(pack, data.draw(answers_to(pack)), max_ways=99)
    assert [way.steps for way in ways] == sorted(way.steps for way in ways)
    assert len(set(ways)) == len(ways)
