"""The certainty of a suggestion in words: the limits of each word, and that no two lines of a page disagree."""

from fractions import Fraction

import pytest
from hypothesis import given

from fitquiz.core.packs import Keyed, Pack
from fitquiz.core.result.certainty import CERTAINTIES, CLEAR, EDGE, FAIRLY, UNDECIDED
from fitquiz.core.result.certainty import judge_certainty as judge
from fitquiz.core.result.fit import suggest_role
from fitquiz.core.result.scoring import Answers
from tests.core.support.pack_building import build_pack, build_six, find_outcome, find_scores
from tests.core.support.strategies import answered_packs

RULE = build_pack().rule
"""A band of 1 standard error, and clear from 2 standard errors."""


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("lean", "certainty"),
    [
        ("0", UNDECIDED),
        ("7.99", UNDECIDED),
        ("8", EDGE),  # The band reaches 0.2 standard errors past zero.
        ("10", EDGE),  # The band ends exactly at zero.
        ("10.01", EDGE),
        ("12", EDGE),  # The band ends 0.2 standard errors before zero.
        ("12.01", FAIRLY),
        ("20", FAIRLY),
        ("20.01", CLEAR),
    ],
)
def test_each_word_has_its_limits(sign: int, lean: str, certainty: str) -> None:
    assert judge(RULE, sign * Fraction(lean), Fraction(100)) == certainty


def test_the_limits_move_with_the_band_of_the_pack() -> None:
    rule = build_pack(band=1.5, clear=3).rule
    leans = ("12.9", "13", "17", "17.1", "30", "30.1")
    assert [judge(rule, Fraction(lean), Fraction(100)) for lean in leans] == [
        *(UNDECIDED, EDGE, EDGE, FAIRLY, FAIRLY, CLEAR)
    ]


def test_a_lean_of_nothing_is_undecided_also_with_a_narrow_band() -> None:
    rule = build_pack(band=0.1).rule
    assert judge(rule, Fraction(0), Fraction(100)) == UNDECIDED
    assert judge(rule, Fraction(1, 10), Fraction(100)) == EDGE
    assert judge(build_pack(band=0).rule, Fraction(0), Fraction(100)) == UNDECIDED


def test_a_clear_lean_is_never_on_the_edge() -> None:
    rule = build_pack(band=1, clear=1).rule
    assert judge(rule, Fraction("10.01"), Fraction(100)) == CLEAR
    assert judge(rule, Fraction(10), Fraction(100)) == EDGE


@given(answered_packs())
def test_the_certainty_agrees_with_the_suggestion(answered: tuple[Pack, Answers]) -> None:
    pack, answers = answered
    outcome = suggest_role(pack, list(find_scores(pack, answers).values()))
    if outcome is None:
        return
    assert outcome.certainty in CERTAINTIES
    assert (outcome.certainty == CLEAR) == outcome.is_clear
    if outcome.certainty in (CLEAR, FAIRLY):
        assert outcome.is_decided
    if outcome.certainty == UNDECIDED:
        assert not outcome.is_decided


@pytest.mark.parametrize(
    ("steps", "certainty"), [(3, UNDECIDED), (4, EDGE), (5, EDGE), (6, FAIRLY), (10, CLEAR)]
)
def test_one_step_of_one_answer_from_the_limit_is_the_edge(steps: int, certainty: str) -> None:
    # A step of one of 24 answers moves the lean by 25 / 12 = 2.08 points, and the standard error is 10.2.
    pack = build_six()
    raised = [item for item in pack.items if item[0] in "xyz"][:steps]
    agreeing = {item: 3 if pack.items[item].keyed is Keyed.PLUS else 1 for item in raised}
    answers = dict.fromkeys(pack.items, 2) | agreeing
    outcome = find_outcome(pack, answers)
    assert outcome.lean == steps * Fraction(25, 12)
    assert outcome.certainty == certainty
