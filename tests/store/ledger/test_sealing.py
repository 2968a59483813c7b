"""Each response is published once, in a large enough batch, and is deleted in the same transaction."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import make_plan, write_plan
from fitquiz.core.groups.reporting import Figures
from fitquiz.core.groups.unit_lists import Path, UnitDraft
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign
from fitquiz.store.campaigns.units import replace_units
from fitquiz.store.ledger.reading import read_figures, read_period
from fitquiz.store.ledger.sealing import Sealed, list_due
from tests.store.support.ledger_cast import (
    AFTER,
    ALL,
    BEFORE,
    BERGEN,
    CLOSES,
    DURING,
    IT,
    OPENS,
    OSLO,
    SALES,
    count_waiting,
    look_up,
    read_batches,
    respond,
    respond_often,
    seal,
    start_campaign,
    week,
)


def tally(
    figures: dict[Path, Figures], path: Path, statistic: str = "answers", cell: str = ""
) -> tuple[int, int]:
    found = figures[path][statistic, cell]
    return found.n, found.count


def test_at_the_close_units_are_published_and_nothing_waits_any_more(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {OSLO: 6, BERGEN: 5, IT: 5})
    assert seal(session, campaign) == Sealed(3, 16, True)
    assert read_batches(session) == [
        ('["IT"]', 5),
        ('["Sales","Bergen"]', 5),
        ('["Sales","Oslo"]', 6),
    ]
    assert count_waiting(session) == 0
    assert look_up(session, campaign.id).sealed_at == AFTER


def test_small_units_are_published_one_level_up(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {OSLO: 3, BERGEN: 2, IT: 6})
    seal(session, campaign)
    assert read_batches(session) == [('["IT"]', 6), ('["Sales"]', 5)]


def test_a_last_remainder_makes_the_smallest_batch_one_of_the_whole(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {OSLO: 3, BERGEN: 2, IT: 6, ALL: 1})
    seal(session, campaign)
    assert read_batches(session) == [("[]", 6), ('["IT"]', 6)]


def test_a_campaign_that_is_too_small_publishes_nothing_and_is_over(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {OSLO: 2, IT: 2})
    assert seal(session, campaign) == Sealed(0, 0, True)
    assert read_batches(session) == []
    assert count_waiting(session) == 4


def test_nothing_is_sealed_before_its_time_or_twice(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {IT: 9})
    assert seal(session, campaign, DURING) is None
    assert seal(session, campaign) is not None
    assert seal(session, campaign) is None
    assert read_batches(session) == [('["IT"]', 9)]


def test_closing_a_campaign_makes_it_due_at_once(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {IT: 9})
    assert list_due(session, DURING.date()) == []
    close_campaign(session, campaign.id, DURING, DURING.date())
    assert list_due(session, DURING.date()) == [campaign.id]
    assert seal(session, campaign, DURING) == Sealed(1, 9, True)
    assert list_due(session, AFTER.date()) == []


def test_a_weekly_campaign_publishes_week_by_week_and_each_response_once(session: Session) -> None:
    campaign = start_campaign(session, sealing="weekly")
    respond_often(session, campaign, {OSLO: 6, IT: 3})
    assert seal(session, campaign, week(1)) == Sealed(1, 6, False)
    assert seal(session, campaign, week(1)) is None
    respond_often(session, campaign, {OSLO: 1, IT: 2})
    assert seal(session, campaign, week(2)) == Sealed(1, 5, False)
    respond_often(session, campaign, {IT: 5})
    assert seal(session, campaign) == Sealed(1, 6, True)
    assert read_batches(session) == [('["Sales","Oslo"]', 6), ('["IT"]', 5), ("[]", 6)]


def test_a_campaign_below_its_split_is_published_as_a_whole(session: Session) -> None:
    campaign = start_campaign(session, split_from=30)
    respond_often(session, campaign, {OSLO: 15, IT: 14})
    seal(session, campaign)
    assert read_batches(session) == [("[]", 29)]


def test_a_unit_publishes_no_more_responses_than_its_people_over_all_seals(
    session: Session,
) -> None:
    campaign = start_campaign(session, sealing="weekly")
    assert replace_units(session, campaign.id, [UnitDraft(IT, 11), UnitDraft(OSLO)], BEFORE)
    respond_often(session, campaign, {IT: 6, OSLO: 5})
    seal(session, campaign, week(1))
    respond_often(session, campaign, {IT: 6, OSLO: 5})
    seal(session, campaign, week(2))
    assert read_batches(session)[2:] == [('["Sales","Oslo"]', 5)]
    seal(session, campaign)
    assert read_batches(session)[3:] == [("[]", 6)]


def test_what_is_published_already_counts_for_the_split(session: Session) -> None:
    campaign = start_campaign(session, split_from=30, sealing="weekly")
    respond_often(session, campaign, {OSLO: 15, IT: 15})
    seal(session, campaign, week(1))
    respond_often(session, campaign, {OSLO: 5, IT: 5})
    seal(session, campaign, week(2))
    assert [n for _, n in read_batches(session)] == [15, 15, 5, 5]


def test_totals_add_up_at_every_level(session: Session) -> None:
    campaign = start_campaign(session)
    respond_often(session, campaign, {OSLO: 6, BERGEN: 5, IT: 8}, "1")
    respond_often(session, campaign, {OSLO: 4, SALES: 7})
    seal(session, campaign)
    whole = read_figures(session, campaign.id, ALL)
    assert [tally(whole, path) for path in (ALL, SALES, IT)] == [(30, 30), (22, 22), (8, 8)]
    lean = [tally(whole, path, "lean", "front") for path in (ALL, SALES, IT)]
    assert lean == [(30, 19), (22, 11), (8, 8)]
    sales = read_figures(session, campaign.id, SALES)
    assert [tally(sales, path) for path in (SALES, OSLO, BERGEN)] == [(22, 22), (10, 10), (5, 5)]


def test_a_statistic_that_needs_more_people_is_published_one_level_up(session: Session) -> None:
    campaign = start_campaign(session, statistics=write_plan(make_plan(["lean", "suggestion"])))
    respond_often(session, campaign, {OSLO: 12, BERGEN: 11, IT: 19}, "1" + "010")
    seal(session, campaign)

    whole = read_figures(session, campaign.id, ALL)
    sales = read_figures(session, campaign.id, SALES)
    assert tally(whole, ALL) == (42, 42)
    assert tally(whole, ALL, "suggestion", "front") == (42, 42)
    for path in (SALES, OSLO, IT):
        figures_of_unit = (whole | sales).get(path, {})
        assert ("suggestion", "front") not in figures_of_unit
    assert tally(sales, OSLO, "lean", "front") == (12, 12)
    assert read_batches(session) == [
        ('["IT"]', 19),
        ('["Sales","Bergen"]', 11),
        ('["Sales","Oslo"]', 12),
    ]


def test_the_rollup_is_the_sum_of_the_ledger(session: Session) -> None:
    campaign = start_campaign(session, sealing="weekly")
    draws = iter(range(100_000))
    for number in (1, 2, 3):
        respond_often(session, campaign, {OSLO: 3, IT: 4}, "1")
        respond_often(session, campaign, {OSLO: 3, IT: 3}, "0")
        seal(session, campaign, week(number), lambda bound: next(draws) * 7919 % 104729 % bound)

    lean = "SELECT sum(count) FROM ledger_statistic WHERE statistic = 'lean'"
    published = session.execute(text(lean)).scalar_one()
    whole = "FROM ledger_rollup WHERE statistic = 'lean' AND path = '[]'"
    rollup = session.execute(text(f"SELECT count, batches {whole}")).one()
    assert tuple(rollup) == (published, 6)
    assert published != 21, "there is no noise"


def test_a_batch_has_its_period_and_the_report_the_whole_of_them(session: Session) -> None:
    campaign = start_campaign(session, sealing="weekly")
    assert read_period(session, campaign.id) is None
    respond_often(session, campaign, {IT: 6})
    seal(session, campaign, week(1))
    respond_often(session, campaign, {IT: 6})
    seal(session, campaign)
    periods = session.execute(text("SELECT period_from, period_to FROM ledger ORDER BY id")).all()
    assert [str(period) for row in periods for period in row] == [
        "2026-03-01",
        "2026-03-08",
        "2026-03-08",
        "2026-03-31",
    ]
    assert read_period(session, campaign.id) == (OPENS, CLOSES)


def test_another_campaigns_responses_are_left_alone(session: Session) -> None:
    campaign = start_campaign(session)
    other = start_campaign(session, owner_id=campaign.owner_id)
    respond_often(session, campaign, {IT: 6})
    respond_often(session, other, {IT: 7})
    seal(session, campaign)
    assert read_batches(session) == [('["IT"]', 6)]
    assert count_waiting(session) == 7


def test_noise_is_drawn_for_every_count_of_every_batch(session: Session) -> None:
    campaign = start_campaign(session, statistics=write_plan(make_plan(["lean", "strongest"])))
    respond_often(session, campaign, {OSLO: 20, IT: 20}, "0000000")
    draws = []

    def randbelow(bound: int) -> int:
        draws.append(bound)
        return bound - 1

    seal(session, campaign, AFTER, randbelow)
    batches = 2
    counts = 7
    draws_per_count = 2
    assert len(draws) == batches * counts * draws_per_count


@pytest.mark.parametrize("cells", ["0", "1"])
def test_a_unanimous_batch_is_published_like_any_other(session: Session, cells: str) -> None:
    campaign = start_campaign(session)
    for _ in range(5):
        respond(session, campaign, IT, cells)
    seal(session, campaign)
    assert read_batches(session) == [('["IT"]', 5)]
