"""Two worlds that differ in one person's answers only, and the difference in what HR sees of them."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import (
    STATISTICS,
    list_cells,
    list_columns,
    make_plan,
    write_plan,
)
from fitquiz.store.ledger.pending_responses import add_response, replace_response, withdraw_response
from tests.core.support.shipped_packs import PACK
from tests.store.support.ledger_cast import (
    DURING,
    UNITS,
    find_unit,
    look_up,
    seal,
    start_campaign,
)

PLAN = make_plan(statistic.name for statistic in STATISTICS)
COLUMNS = list_columns(PLAN, PACK)
ALICE = b"a" * 32
Seen = list[tuple[object, ...]]


def draw_cells(rng: random.Random) -> str:
    """Return random cells that one person can have."""
    ones: set[tuple[str, str]] = set()
    for name in PLAN:
        cells = list_cells(name, PACK)
        if name in ("suggestion", "strongest"):
            ones.add((name, rng.choice(cells)))
        else:
            ones |= {(name, cell) for cell in cells if rng.random() < 0.5}
    if ("suggestion", "front") in ones:
        ones.add(("lean", "front"))
    if ("suggestion", "back") in ones:
        ones.discard(("lean", "front"))
    if ("leading", "answered") not in ones:
        ones = {column for column in ones if column[0] != "leading"}
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
