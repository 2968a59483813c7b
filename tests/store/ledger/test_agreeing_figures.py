"""A seal publishes figures that agree, and takes nothing but noisy counts and head-counts for that."""

import random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import fitquiz.store.ledger.sealing
from fitquiz.core.groups.counting import write_plan
from fitquiz.core.groups.seal_rules import Count
from tests.store.support.ledger_cast import IT, OSLO, respond_often, seal, start_campaign, week
from tests.store.support.two_worlds import COLUMNS, PLAN, compare_worlds, find_difference

_TOTALS = """SELECT batch_id, n, statistic, sum(count) AS total, min(count) AS least, max(count) AS most
    FROM ledger_statistic JOIN ledger ON ledger.id = batch_id GROUP BY batch_id, n, statistic"""
_ALL = "SELECT ledger.id, path, n, statistic, cell, count FROM ledger JOIN ledger_statistic ON batch_id = id"


def test_only_noisy_counts_and_head_counts_make_the_figures_agree(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In two worlds with different answers and the same noisy counts, HR sees the same."""

    def publish_nonsense(sums: Any, statistics: Any, plan: Any, _: Any) -> tuple[Count, ...]:
        columns = [column for column in sums if column[0] in statistics]
        return tuple(
            Count(name, cell, plan[name], 7919 * at % 41 - 9)
            for at, (name, cell) in enumerate(columns)
        )

    monkeypatch.setattr(fitquiz.store.ledger.sealing, "publish_counts", publish_nonsense)
    assert find_difference(*compare_worlds(session, 3)) == dict.fromkeys(PLAN, 0)


def test_each_seal_publishes_possible_figures_and_edits_no_earlier_batch(session: Session) -> None:
    campaign = start_campaign(session, sealing="weekly", statistics=write_plan(PLAN))
    front = {("lean", "front"), ("suggestion", "front"), ("strongest", "people")}
    cells = "".join("1" if column in front else "0" for column in COLUMNS)
    rng = random.Random(5)
    earlier: list[Any] = []
    for number in (1, 2):
        respond_often(session, campaign, {OSLO: 26, IT: 30}, cells)
        seal(session, campaign, week(number), rng.randrange)
        published = list(session.execute(text(_ALL)))
        assert set(earlier) < set(published)
        earlier = published

    for row in session.execute(text(_TOTALS)):
        assert row.least >= 0
        assert row.most <= row.n
        if row.statistic in ("suggestion", "strongest"):
            assert row.total == row.n


def test_a_seal_makes_up_for_what_an_earlier_seal_moved(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """26 of 26 lean to the front. The noise is +3 in the first seal, and -4 in the second."""
    noise = [3, -4]

    def publish_counts(sums: Any, _names: Any, plan: Any, _: Any) -> tuple[Count, ...]:
        drawn = noise.pop(0)
        return tuple(
            Count(name, cell, plan[name], total + drawn) for (name, cell), total in sums.items()
        )

    monkeypatch.setattr(fitquiz.store.ledger.sealing, "publish_counts", publish_counts)
    campaign = start_campaign(session, sealing="weekly")
    for number in (1, 2):
        respond_often(session, campaign, {IT: 26}, "1")
        seal(session, campaign, week(number))
    rows = session.execute(text("SELECT count, moved FROM ledger_statistic ORDER BY batch_id"))
    assert [tuple(row) for row in rows] == [(26, 3), (25, -3)]
