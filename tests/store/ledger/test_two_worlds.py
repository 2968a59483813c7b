"""Two worlds that differ in one person's answers: everything but the noise is the same, and each count moves by one.

What HR sees in either is the true sums plus noise, so the odds of anything seen differ by the published factor at most.
"""

import random
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import fitquiz.core.groups.sealing
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
from fitquiz.core.groups.sealing import Batch
from fitquiz.store.ledger.pending import add_response, replace_response, withdraw_response
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


def draw_cells(lots: random.Random) -> str:
    """Return what some answers count: one suggestion, one strongest trait, anything else."""
    ones: set[tuple[str, str]] = set()
    for name in PLAN:
        cells = list_cells(name, PACK)
        if name in ("suggestion", "strongest"):
            ones.add((name, lots.choice(cells)))
        else:
            ones |= {(name, cell) for cell in cells if lots.random() < 0.5}
    return "".join("1" if column in ones else "0" for column in COLUMNS)


def live(session: Session, script: int, alices: int) -> Seen:
    """Let a group submit, change, withdraw and be sealed by a script; Alice's answers alone hang on the world.

    What HR sees is returned, and all of it is forgotten.
    """
    start, lots, mine = session.begin_nested(), random.Random(script), random.Random(alices)
    rule: dict[str, Any] = {
        "sealing": lots.choice(["close", "weekly"]),
        "split_from": lots.choice([0, 30]),
        "threshold": 5,
    }
    campaign = start_campaign(session, statistics=write_plan(PLAN), **rule)
    units = [0, *(find_unit(session, campaign, unit.path) for unit in UNITS)]
    keys, alice_at, steps = [], lots.randrange(40), lots.randrange(41, 90)
    for step in range(steps):
        unit, others = lots.choice(units), draw_cells(lots)
        if step == alice_at:
            add_response(session, ALICE, campaign, unit, draw_cells(mine), DURING.date())
            campaign = look_up(session, campaign.id)
        keys.append(lots.randbytes(32))
        add_response(session, keys[-1], campaign, unit, others, DURING.date())
        if lots.random() < 0.1:
            withdraw_response(session, lots.choice(keys), campaign.id)
        if lots.random() < 0.1:
            replace_response(session, ALICE, campaign.id, draw_cells(mine))
        if lots.random() < 0.05:
            seal(session, campaign, DURING + timedelta(days=step % 20))
    seal(session, campaign)
    seen = look(session)
    start.rollback()
    return seen


def look(session: Session) -> Seen:
    """Return all that HR can ever see, in order."""
    query = (
        "SELECT ledger.id, path, period_from, period_to, n, is_batch, statistic, cell, noise, count "
        "FROM ledger LEFT JOIN ledger_statistic ON batch_id = ledger.id ORDER BY ledger.id, statistic, cell"
    )
    return [tuple(row) for row in session.execute(text(query))]


def compare_worlds(session: Session, script: int) -> tuple[Seen, Seen]:
    """Live through a script twice, with other answers of Alice's."""
    return live(session, script, alices=1), live(session, script, alices=2)


def find_difference(one: Seen, other: Seen) -> dict[str, int]:
    """Return by how much all counts of each statistic differ; AssertionError if anything but a count does."""
    first = one[0][0] if one else 0
    shape, other_shape = (
        [(int(str(row[0])) - int(str(seen[0][0])), *row[1:-1]) for row in seen]
        for seen in (one, other)
    )
    assert shape == other_shape, first
    moved: dict[str, int] = {}
    for row, other_row in zip(one, other, strict=True):
        if row[6] is not None:
            moved[str(row[6])] = moved.get(str(row[6]), 0) + abs(
                int(str(row[-1])) - int(str(other_row[-1]))
            )
    return moved


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
    noise, name = statistic.noise, statistic.name
    worst = max(
        noise ** abs(z - a) / noise ** abs(z - b)
        for z in range(-9, 10)
        for a, b in product((0, 1), repeat=2)
    )
    assert worst == 1 / noise
    assert worst ** sensitivity(name, PACK) == odds_factor(name, noise, PACK)


def live_briefly(session: Session, alices: str, others: str = "1111") -> Seen:
    """Let Alice and others of her unit answer, and five of another unit, two of whom lean to the front; seal them."""
    start = session.begin_nested()
    campaign = start_campaign(session)
    alices_unit, other_unit = find_unit(session, campaign, IT), find_unit(session, campaign, OSLO)
    responses = [(alices_unit, cells) for cells in alices + others] + [
        (other_unit, cells) for cells in "11000"
    ]
    for number, (unit, cells) in enumerate(responses):
        assert add_response(session, bytes([number]) * 32, campaign, unit, cells, DURING.date())
    seal(session, campaign)
    seen = look(session)
    start.rollback()
    return seen


def test_a_unanimous_batch_looks_like_any_other(session: Session) -> None:
    assert find_difference(live_briefly(session, "1"), live_briefly(session, "0")) == {"lean": 1}


def test_a_planted_seal_that_holds_back_unanimous_batches_is_caught(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = fitquiz.store.ledger.sealing._plan

    def hold_back(session: Session, campaign: Any, sums: Any, is_last: bool) -> list[Batch]:
        batches = plan(session, campaign, sums, is_last)
        return [
            each
            for each in batches
            if any(0 < sums[unit][1] < sums[unit][0] for unit in each.units)
        ]

    monkeypatch.setattr(fitquiz.store.ledger.sealing, "_plan", hold_back)
    with pytest.raises(AssertionError):
        find_difference(live_briefly(session, "1"), live_briefly(session, "0"))


def test_a_planted_order_by_answers_is_caught(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = fitquiz.store.ledger.sealing._plan

    def by_answers(session: Session, campaign: Any, sums: Any, is_last: bool) -> list[Batch]:
        return sorted(
            plan(session, campaign, sums, is_last),
            key=lambda each: [sums[unit][1:] for unit in each.units],
        )

    assert find_difference(*(live_briefly(session, alices, "1100") for alices in "10")) == {
        "lean": 1
    }
    monkeypatch.setattr(fitquiz.store.ledger.sealing, "_plan", by_answers)
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
    choose_batches = fitquiz.core.groups.sealing.choose_batches
    assert min(int(str(row[4])) for row in live_briefly(session, "1", "111")) >= 5
    monkeypatch.setattr(
        fitquiz.store.ledger.sealing,
        "choose_batches",
        lambda w, k, s, c: choose_batches(w, k - 1, s, c),
    )
    assert min(int(str(row[4])) for row in live_briefly(session, "1", "111")) == 4


def test_no_batch_of_any_script_is_smaller_than_the_threshold(session: Session) -> None:
    seen = [row for script in range(4) for row in live(session, script, 1)]
    assert min(int(str(row[4])) for row in seen) >= 5
