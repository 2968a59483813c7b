"""What holds of every suggestion, whatever the answers: sums, mirrors, straight lines, order and names."""

import pytest
from hypothesis import given

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import STANDARD, Pack
from fitquiz.core.result.fit import has_suggestion, suggest_role
from fitquiz.core.result.scoring import Answers, score_traits
from tests.core.support.pack_building import (
    SIX,
    SIX_BLOCKS,
    answer_alike,
    build_pack,
    change,
    find_outcome,
    find_scores,
    write_files,
)
from tests.core.support.strategies import SIX_PACK, answered_packs, answers_to_six

MIRRORED = {
    "front": "back",
    "back": "front",
    "versatile": "neither",
    "neither": "versatile",
    "too-close": "too-close",
}


@given(answered_packs())
def test_contributions_add_up_to_the_lean_exactly(answered: tuple[Pack, Answers]) -> None:
    pack, given = answered
    outcome = suggest_role(pack, list(find_scores(pack, given).values()))
    if outcome:
        assert sum(each.points for each in outcome.contributions) == outcome.lean
        assert outcome.lean == outcome.fits["front"] - outcome.fits["back"]


@given(answered_packs())
def test_that_there_is_a_suggestion_is_known_before_it_is_worked_out(
    answered: tuple[Pack, Answers],
) -> None:
    pack, given = answered
    is_there = suggest_role(pack, score_traits(pack, given, (STANDARD,))) is not None
    assert has_suggestion(pack, given, (STANDARD,)) == is_there


@given(answered_packs())
def test_item_contributions_add_up_to_their_trait(answered: tuple[Pack, Answers]) -> None:
    pack, given = answered
    scores = find_scores(pack, given)
    outcome = suggest_role(pack, list(scores.values()))
    contributions, shares = (outcome.contributions, outcome.weights) if outcome else ((), {})
    for each in contributions:
        assert sum(item.points for item in each.items) == each.points
        assert each.points == shares[each.trait] * ((scores[each.trait].score or 0) - 50)


@given(answered_packs())
def test_fits_stay_between_0_and_100_and_shares_add_up(answered: tuple[Pack, Answers]) -> None:
    pack, given = answered
    outcome = suggest_role(pack, list(find_scores(pack, given).values()))
    if outcome:
        assert all(0 <= fit <= 100 for fit in outcome.fits.values())
        assert sum(share for share in outcome.weights.values() if share < 0) == -1
        assert sum(share for share in outcome.weights.values() if share > 0) == 1


@pytest.mark.parametrize("given", range(5))
@pytest.mark.parametrize("pairs", [1, 2, 3])
def test_the_same_answer_throughout_balanced_blocks_leans_nowhere(given: int, pairs: int) -> None:
    pack = build_pack(SIX_BLOCKS[:2] * pairs, SIX)
    outcome = find_outcome(pack, answer_alike(pack, given))
    assert (outcome.lean, set(outcome.fits.values())) == (0, {50})


@given(answered_packs())
def test_mirrored_answers_mirror_the_outcome(answered: tuple[Pack, Answers]) -> None:
    pack, given = answered
    mirrored = {
        item: None if a is None else pack.answer_points - 1 - a for item, a in given.items()
    }
    before, after = (
        suggest_role(pack, list(find_scores(pack, each).values())) for each in (given, mirrored)
    )
    assert (before is None) == (after is None)
    if before and after:
        assert (after.lean, after.variance, after.is_clear) == (
            -before.lean,
            before.variance,
            before.is_clear,
        )
        assert after.suggestion == MIRRORED[before.suggestion]


SHUFFLED = build_pack(
    [" ".join(reversed(block.split())) for block in SIX_BLOCKS], dict(reversed(SIX.items()))
)


@given(answers_to_six)
def test_reordering_traits_and_items_leaves_the_outcome_the_same(given: Answers) -> None:
    outcomes = (find_outcome(pack, given) for pack in (SIX_PACK, SHUFFLED))
    first, second = (
        (o.suggestion, o.is_clear, o.fits, o.lean, o.variance, o.weights) for o in outcomes
    )
    assert first == second


def rename(text: str) -> str:
    return text.replace("a", "zeal").replace("x", "art")


RENAMED = build_pack(
    list(map(rename, SIX_BLOCKS)), {rename(trait): pole for trait, pole in SIX.items()}
)


@given(answers_to_six)
def test_renaming_traits_leaves_the_outcome_the_same(given: Answers) -> None:
    renamed = {rename(item): each for item, each in given.items()}
    first, second = find_outcome(SIX_PACK, given), find_outcome(RENAMED, renamed)
    assert (first.suggestion, first.fits, first.variance) == (
        second.suggestion,
        second.fits,
        second.variance,
    )


SWAPPED = read_pack(
    change(write_files(SIX_BLOCKS, SIX), "pack.toml", "['back', 'front']", "['front', 'back']")
)


@given(answers_to_six)
def test_swapping_the_poles_turns_the_lean_round(given: Answers) -> None:
    first, second = find_outcome(SIX_PACK, given), find_outcome(SWAPPED, given)
    assert (first.suggestion, first.fits, first.lean) == (
        second.suggestion,
        second.fits,
        -second.lean,
    )
