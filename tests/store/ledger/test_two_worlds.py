"""Two worlds differ in one person's answers: only the counts differ, and each by at most one.

HR sees these sums plus noise. So the odds of anything seen differ by at most the published factor.
"""

from itertools import product
from typing import Any

import pytest
from sqlalchemy.orm import Session

import fitquiz.core.groups.seal_rules
import fitquiz.store.ledger.sealing
from fitquiz.core.groups.counting import (
    STATISTICS,
    Statistic,
    odds_factor,
    sensitivity,
)
from fitquiz.core.groups.seal_rules import Batch
from fitquiz.store.ledger.pending_responses import add_response
from fitquiz.store.ledger.publishing import publish
from tests.core.support.shipped_packs import PACK
from tests.store.support.ledger_cast import (
    DURING,
    IT,
    OSLO,
    find_unit,
    seal,
    start_campaign,
)
from tests.store.support.two_worlds import Seen, compare_worlds, find_difference, live, look


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
