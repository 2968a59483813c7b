"""Many batches are written in one statement, and each keeps its own counts."""

from fractions import Fraction

from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.core.groups.seal_rules import Count
from fitquiz.store.ledger.publishing import Published, publish
from fitquiz.store.ledger.reading import read_overview
from tests.store.support.ledger_cast import (
    ALL,
    BERGEN,
    CLOSES,
    IT,
    OPENS,
    OSLO,
    SALES,
    respond_often,
    seal,
    start_campaign,
)

MANY = 1500
_PAIRS = """SELECT ledger.path, ledger.n, ledger_statistic.count FROM ledger
    JOIN ledger_statistic ON ledger_statistic.batch_id = ledger.id ORDER BY ledger.id"""
_SUMS = "SELECT n, count, batches FROM ledger_rollup WHERE path = '[]' AND statistic = 'lean'"


def test_every_count_belongs_to_its_own_batch(session: Session) -> None:
    campaign = start_campaign(session)
    sizes = [
        5 + 7 * number % MANY for number in range(MANY)
    ]  # In no order that an id could follow.
    batches = [
        Published((f"Unit {n}",), n, True, (Count("lean", "front", Fraction(1, 3), n),))
        for n in sizes
    ]
    publish(session, campaign.id, (OPENS, CLOSES), batches)
    rows = session.execute(text(_PAIRS)).all()
    assert [(row.path, row.n, row.count) for row in rows] == [
        (f'["Unit {n}"]', n, n) for n in sizes
    ]
    assert tuple(session.execute(text(_SUMS)).one()) == (sum(sizes), sum(sizes), MANY)


def test_the_overview_knows_how_many_answers_are_counted_further_up(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {OSLO: 12, BERGEN: 4, IT: 3})
    seal(session, campaign)
    whole = read_overview(session, campaign.id, ALL)
    sales = read_overview(session, campaign.id, SALES)
    oslo = read_overview(session, campaign.id, OSLO)
    assert (whole.all_answers, whole.answers, whole.further_up) == (19, 12, 0)
    assert (sales.all_answers, sales.answers, sales.further_up) == (19, 12, 7)
    assert (oslo.all_answers, oslo.answers, oslo.further_up) == (19, 0, 7)
