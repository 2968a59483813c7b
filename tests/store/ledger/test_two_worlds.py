"""Two worlds differ in one person's answers: only the counts differ, and each by at most one.

HR sees these sums plus noise. So the odds of anything seen differ by at most the published factor.
"""

import random
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import fitquiz.core.groups.seal_rules
import fitquiz.store.ledger.sealing
from fitquiz.core.groups.counting import (
    STATISTICS,
    Statistic,
    list_cells,
    list_columns,
    make_plan,
    odds_factor,
    sensitivity,
    write_plan,
)
from fitquiz.core.groups.seal_rules import Batch
from fitquiz.store.ledger.pending_responses import add_response, replace_response, withdraw_response
from fitquiz.store.ledger.publishing import publish
from tests.core.support.shipped_packs import PACK
from tests.store.support.ledger_cast import (
    DURING,
    IT,
    OSLO,
    UNITS,
    find_unit,
    look_up,
    seal,
    start_campaign,
)

NAMES = [statistic.name for statistic in STATISTICS]
PLAN = make_plan(NAMES)
COLUMNS = list_columns(PLAN, PACK)
ALICE = b"a" * 32
Seen = list[tuple[object, ...]]


def draw_cells(rng: random.Random) -> str:
    """Return random cells: one suggestion, one strongest trait, and any number of the others."""
    ones: set[tuple[str, str]] = set()
    for name in PLAN:
        cells = list_cells(name, PACK)
        if name in ("suggestion", "strongest"):
            ones.add((name, rng.choice(cells)))
        else:
            ones |= {(name, cell) for cell in cells if rng.random() < 0.5}
    return "".join("1" if column in ones else "0" for column in COLUMNS)


def live(session: Session, script: int, alices: int) -> Seen:
    """Let a group submit, change, withdraw and be sealed as a script says. Return what HR sees.

    Only Alice's answers differ between two worlds. All rows are rolled back at the end.
    """
    savepoint = session.begin_nested()
    rng = random.Random(script)
    alices_rng = random.Random(alices)

    rule: dict[str, Any] = {
        "sealing": rng.choice(["close", "weekly"]),
        "split_from": rng.choice([0, 30]),
        "threshold": 5,
    }
    campaign = start_campaign(session, statistics=write_plan(PLAN), **rule)
    unit_ids = [0, *(find_unit(session, campaign, unit.path) for unit in UNITS)]
    today = DURING.date()

    keys = []
    alices_step = rng.randrange(40)
    step_count = rng.randrange(41, 90)
    for step in range(step_count):
        unit_id = rng.choice(unit_ids)
        cells = draw_cells(rng)
        if step == alices_step:
            alices_cells = draw_cells(alices_rng)
            add_response(session, ALICE, campaign, unit_id, alices_cells, today)
            campaign = look_up(session, campaign.id)
        keys.append(rng.randbytes(32))
        add_response(session, keys[-1], campaign, unit_id, cells, today)
        if rng.random() < 0.1:
            withdraw_response(session, rng.choice(keys), campaign.id)
        if rng.random() < 0.1:
            replace_response(session, ALICE, campaign.id, draw_cells(alices_rng))
        if rng.random() < 0.05:
            seal(session, campaign, DURING + timedelta(days=step % 20))
    seal(session, campaign)

    seen = look(session)
    savepoint.rollback()
    return seen


def look(session: Session) -> Seen:
    """Return all that HR can ever see, in order."""
    query = (
        "SELECT ledger.id, path, period_from, period_to, n, is_batch, statistic, cell, noise, count "
        "FROM ledger LEFT JOIN ledger_statistic ON batch_id = ledger.id ORDER BY ledger.id, statistic, cell"
    )
    return [tuple(row) for row in session.execute(text(query))]


def compare_worlds(session: Session, script: int) -> tuple[Seen, Seen]:
    """Run a script twice, with different answers of Alice."""
    return live(session, script, alices=1), live(session, script, alices=2)


def find_difference(one: Seen, other: Seen) -> dict[str, int]:
    """Return by how much all counts of each statistic differ.

    Raise AssertionError if anything besides a count differs.
    """
    assert list_all_but_counts(one) == list_all_but_counts(other)
    moved: dict[str, int] = {}
    for row, other_row in zip(one, other, strict=True):
        if row[6] is None:
            continue
        statistic = str(row[6])
        difference = int(str(row[-1])) - int(str(other_row[-1]))
        moved[statistic] = moved.get(statistic, 0) + abs(difference)
    return moved


def list_all_but_counts(seen: Seen) -> Seen:
    """Return the rows without their counts. Their ids are numbered from the first row on."""
    if not seen:
        return []
    first_id = int(str(seen[0][0]))
    return [(int(str(row[0])) - first_id, *row[1:-1]) for row in seen]


def check_worlds(session: Session, scripts: range) -> None:
    for script in scripts:
        moved = find_difference(*compare_worlds(session, script))
        assert all(count <= sensitivity(name, PACK) for name, count in moved.items()), script


def test_worlds_that_differ_in_one_persons_answers_differ_in_few_counts_only(
    session: Session,
) -> None:
    check_worlds(session, range(4))


@pytest.mark.long
def test_so_do_many_more_worlds(session: Session) -> None:
    check_worlds(session, range(4, 300))


def test_the_scripts_publish_something_and_alice_is_in_it(session: Session) -> None:
    assert len(live(session, 3, alices=1)) > 20


@pytest.mark.parametrize("statistic", STATISTICS, ids=lambda each: each.name)
def test_the_odds_of_anything_seen_differ_by_the_published_factor_at_most(
    statistic: Statistic,
) -> None:
    """For each count the odds of z in one world and the other are α^|z - a| and α^|z - b|, exactly."""
    noise = statistic.noise
    odds = [
        noise ** abs(z - a) / noise ** abs(z - b)
        for z in range(-9, 10)
        for a, b in product((0, 1), repeat=2)
    ]
    worst = max(odds)
    assert worst == 1 / noise

    all_counts = worst ** sensitivity(statistic.name, PACK)
    assert all_counts == odds_factor(statistic.name, noise, PACK)


def live_briefly(session: Session, alices: str, others: str = "1111") -> Seen:
    """Let Alice and others of her unit answer, and five of another unit, two of whom lean to the front; seal them."""
    savepoint = session.begin_nested()
    campaign = start_campaign(session)
    alices_unit = find_unit(session, campaign, IT)
    other_unit = find_unit(session, campaign, OSLO)

    responses = [(alices_unit, cells) for cells in alices + others]
    responses += [(other_unit, cells) for cells in "11000"]
    for number, (unit_id, cells) in enumerate(responses):
        key = bytes([number]) * 32
        assert add_response(session, key, campaign, unit_id, cells, DURING.date())
    seal(session, campaign)

    seen = look(session)
    savepoint.rollback()
    return seen


def test_a_unanimous_batch_looks_like_any_other(session: Session) -> None:
    assert find_difference(live_briefly(session, "1"), live_briefly(session, "0")) == {"lean": 1}


def test_a_planted_seal_that_holds_back_unanimous_batches_is_caught(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose = fitquiz.store.ledger.sealing._choose_batches

    def hold_back(session: Session, campaign: Any, sums: Any, is_last: bool) -> list[Batch]:
        batches = choose(session, campaign, sums, is_last)
        return [
            each
            for each in batches
            if any(0 < sums[unit][1] < sums[unit][0] for unit in each.units)
        ]

    monkeypatch.setattr(fitquiz.store.ledger.sealing, "_choose_batches", hold_back)
    with pytest.raises(AssertionError):
        find_difference(live_briefly(session, "1"), live_briefly(session, "0"))


def test_a_planted_order_by_answers_is_caught(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose = fitquiz.store.ledger.sealing._choose_batches

    def by_answers(session: Session, campaign: Any, sums: Any, is_last: bool) -> list[Batch]:
        return sorted(
            choose(session, campaign, sums, is_last),
            key=lambda each: [sums[unit][1:] for unit in each.units],
        )

    assert find_difference(*(live_briefly(session, alices, "1100") for alices in "10")) == {
        "lean": 1
    }
    monkeypatch.setattr(fitquiz.store.ledger.sealing, "_choose_batches", by_answers)
    with pytest.raises(AssertionError):
        find_difference(*(live_briefly(session, alices, "1100") for alices in "10"))


def test_a_planted_count_of_the_same_person_twice_is_caught(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(*arguments: Any) -> None:
        publish(*arguments)
        publish(*arguments)

    monkeypatch.setattr(fitquiz.store.ledger.sealing, "publish", twice)
    assert find_difference(*(live_briefly(session, alices) for alices in "10")) == {"lean": 2}


def test_a_planted_smaller_group_is_caught(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_smallest(live_briefly(session, "1", "111")) >= 5

    choose_batches = fitquiz.core.groups.seal_rules.choose_batches
    monkeypatch.setattr(
        fitquiz.store.ledger.sealing,
        "choose_batches",
        lambda waiting, threshold, *rest: choose_batches(waiting, threshold - 1, *rest),
    )
    assert find_smallest(live_briefly(session, "1", "111")) == 4


def test_no_batch_of_any_script_is_smaller_than_the_threshold(session: Session) -> None:
    for script in range(4):
        assert find_smallest(live(session, script, alices=1)) >= 5


def find_smallest(seen: Seen) -> int:
    """Return the size of the smallest group that HR sees."""
    return min(int(str(row[4])) for row in seen)
