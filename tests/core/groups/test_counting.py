"""What is counted of a response, and how much one person's answers can change."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.groups.counting import (
    BY_DEFAULT,
    CONDITIONS,
    HIGH,
    LEADING,
    LEAN,
    STATISTICS,
    STRONGEST,
    SUGGESTION,
    asked_parts,
    count_response,
    list_cells,
    list_columns,
    make_plan,
    odds_factor,
    offered_statistics,
    published_from,
    read_plan,
    sensitivity,
    write_plan,
)
from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import Keyed, Pack
from fitquiz.core.result.scoring import Answers
from tests.core.support.pack_building import build_pack, write_files_without_poles
from tests.core.support.shipped_packs import PACK

NAMES = [statistic.name for statistic in STATISTICS]
ALL = make_plan(NAMES)
PARTS = (*asked_parts(ALL, PACK), "leading")
ITEMS = [item.id for item in PACK.items_of(PARTS)]
ANSWERS = st.fixed_dictionaries({item: st.one_of(st.none(), st.integers(0, 4)) for item in ITEMS})
SMALL = build_pack(["calm+ bold+"])


def ones(answers: Answers, name: str, lot: int = 0, pack: Pack = PACK) -> set[str]:
    plan = make_plan([name])
    counted = count_response(plan, pack, answers, PARTS, lot)
    return {
        cell for (_, cell), one in zip(list_columns(plan, pack), counted, strict=True) if one == "1"
    }


def lean_to(pole: str) -> Answers:
    """Agree with all that speaks for a pole, and disagree with the rest."""
    poles = {trait.id: trait.pole for trait in PACK.traits}
    items = PACK.items_of(("standard",))
    return {
        item.id: 4 if (poles[item.measures or ""] == pole) == (item.keyed is Keyed.PLUS) else 0
        for item in items
    }


def test_the_statistics_are_those_that_are_published_about_them() -> None:
    table = {s.name: (sensitivity(s.name, PACK), s.noise, s.published_from) for s in STATISTICS}
    assert table == {
        "lean": (1, Fraction(1, 3), 5),
        "suggestion": (2, Fraction(1, 2), 20),
        "strongest": (2, Fraction(1, 2), 20),
        "high": (6, Fraction(3, 4), 50),
        "conditions": (6, Fraction(3, 4), 50),
        "leading": (3, Fraction(3, 4), 50),
    }
    assert BY_DEFAULT == ("lean", "strongest")


def test_the_odds_factors_are_exact() -> None:
    factors = [odds_factor(statistic.name, statistic.noise, PACK) for statistic in STATISTICS]
    assert factors == [3, 4, 4, Fraction(4096, 729), Fraction(4096, 729), Fraction(64, 27)]


def test_the_lean_counts_who_leans_to_the_second_pole() -> None:
    assert ones(lean_to("front"), LEAN) == {"front"}
    assert ones(lean_to("back"), LEAN) == set()
    assert ones(dict.fromkeys(ITEMS, 2), LEAN) == set()


def test_the_suggestion_counts_each_in_one_cell() -> None:
    assert ones(lean_to("front"), SUGGESTION) == {"front"}
    assert ones(lean_to("back"), SUGGESTION) == {"back"}
    assert ones(dict.fromkeys(ITEMS, 2), SUGGESTION) == {"undecided"}


def test_the_strongest_trait_is_one_and_a_tie_is_settled_by_lot() -> None:
    assert ones({"calm-1": 4, "bold-1": 1}, STRONGEST, pack=SMALL) == {"calm"}
    tie = {"calm-1": 3, "bold-1": 3}
    assert [ones(tie, STRONGEST, lot, SMALL) for lot in (0, 1, 2)] == [{"calm"}, {"bold"}, {"calm"}]


def test_traits_scored_high_are_counted_from_the_published_limit() -> None:
    assert ones(lean_to("front"), HIGH) == {"people", "problem-solving", "listening"}
    assert ones({"calm-1": 2, "bold-1": 3}, HIGH, pack=SMALL) == {"bold"}


def test_a_condition_counts_when_it_is_agreed_with() -> None:
    answers = {"fixed-hours": 4, "telework": 3, "dress-code": 2, "flexitime": 1, "one-policy": None}
    assert ones(answers, CONDITIONS) == {"fixed-hours", "telework"}


def test_leading_counts_who_answered_it_and_who_scored_high() -> None:
    assert ones({}, LEADING) == set()
    assert ones({f"leading-{number}": 2 for number in range(1, 9)}, LEADING) == {"answered"}
    front = {"leading-1": 4, "leading-4": 0, "leading-6": 4, "leading-8": 0}
    assert ones(front, LEADING) == {"answered", "front-line"}


def test_a_response_without_answers_is_undecided_and_has_a_strongest_trait_by_lot() -> None:
    traits = list_cells(STRONGEST, PACK)
    assert ones({}, SUGGESTION) == {"undecided"}
    assert [ones({}, STRONGEST, lot) for lot in (0, 5)] == [{traits[0]}, {traits[5]}]
    assert [ones({}, name) for name in (LEAN, HIGH, CONDITIONS, LEADING)] == [set()] * 4


@given(ANSWERS, st.integers(0, 99))
def test_no_suggestion_contradicts_the_lean(answers: Answers, lot: int) -> None:
    (suggestion,) = ones(answers, SUGGESTION)
    assert (suggestion == "front") <= bool(ones(answers, LEAN))
    assert (suggestion == "back") <= (not ones(answers, LEAN))
    assert len(ones(answers, STRONGEST, lot)) == 1


@given(ANSWERS, ANSWERS, st.integers(0, 99), st.integers(0, 99))
def test_no_change_of_answers_changes_more_counts_than_the_sensitivity(
    one: Answers, other: Answers, lot: int, other_lot: int
) -> None:
    for name in NAMES:
        assert len(ones(one, name, lot) ^ ones(other, name, other_lot)) <= sensitivity(name, PACK)


@pytest.mark.parametrize("name", NAMES)
def test_a_sensitivity_is_reached_so_that_no_factor_is_overstated(name: str) -> None:
    high = {f"leading-{n}": 4 if n in (1, 3, 5, 6) else 0 for n in range(1, 9)}
    extremes: list[Answers] = [
        {},
        lean_to("front"),
        lean_to("back"),
        dict.fromkeys(list_cells(CONDITIONS, PACK), 4),
        high,
        {item.id: 4 if item.keyed is Keyed.PLUS else 0 for item in PACK.items_of(("standard",))},
    ]
    most = max(len(ones(a, name) ^ ones(b, name)) for a, b in product(extremes, repeat=2))
    assert most == sensitivity(name, PACK)


def test_a_pack_without_poles_offers_what_it_can_count() -> None:
    pack = read_pack(write_files_without_poles())
    assert [statistic.name for statistic in offered_statistics(pack)] == ["strongest", "high"]
    assert sensitivity("strongest", pack) == 1
    assert [statistic.name for statistic in offered_statistics(PACK)] == NAMES


def test_a_plan_is_written_and_read() -> None:
    plan = make_plan(["strongest", "lean", "nonsense"])
    assert write_plan(plan) == "lean:1/3 strongest:1/2"
    assert read_plan(write_plan(plan)) == plan
    assert read_plan("lean:2/5") == {"lean": Fraction(2, 5)}
    assert read_plan("") == {}


def test_the_conditions_are_asked_only_where_they_count() -> None:
    assert asked_parts(make_plan(BY_DEFAULT), PACK) == PACK.first_parts
    assert asked_parts(ALL, PACK) == (*PACK.first_parts, "conditions")


def test_no_statistic_is_published_below_the_campaigns_threshold() -> None:
    third, three_quarters = Fraction(1, 3), Fraction(3, 4)
    assert published_from("lean", third, 5) == 5
    assert published_from("lean", third, 12) == 12
    assert published_from("high", three_quarters, 12) == 50


def test_more_noise_needs_a_larger_group_and_less_noise_no_smaller_one() -> None:
    """The range of one count is ±3 people for 1/3, and ±10 people for 3/4."""
    assert published_from("lean", Fraction(3, 4), 5) == 17
    assert published_from("strongest", Fraction(3, 4), 5) == 50
    assert published_from("high", Fraction(1, 3), 5) == 50
