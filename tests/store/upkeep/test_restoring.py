"""After a restore, a campaign still takes responses on its last day, and not on the day after."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from fitquiz.store.upkeep.restoring import RestoreSummary, apply_restore_rules
from tests.store.support.cast import NOW
from tests.store.support.ledger_cast import look_up, start_campaign

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("closes_on", "summary"),
    [(TODAY - DAY, RestoreSummary(ended=1)), (TODAY, RestoreSummary(restarted=1))],
)
def test_only_a_campaign_whose_last_day_is_over_is_marked_as_sealed(
    session: Session, closes_on: object, summary: RestoreSummary
) -> None:
    campaign = start_campaign(session, opens_on=TODAY - 9 * DAY, closes_on=closes_on)
    assert apply_restore_rules(session, NOW, TODAY, keeps_pending=False) == summary
    session.expire_all()
    assert (look_up(session, campaign.id).sealed_at is not None) == bool(summary.ended)


@pytest.mark.parametrize(
    ("opens_on", "summary"),
    [(TODAY, RestoreSummary(restarted=1)), (TODAY + DAY, RestoreSummary())],
)
def test_a_campaign_that_has_not_begun_begins_no_new_period(
    session: Session, opens_on: object, summary: RestoreSummary
) -> None:
    start_campaign(session, opens_on=opens_on, closes_on=TODAY + 9 * DAY)
    assert apply_restore_rules(session, NOW, TODAY, keeps_pending=False) == summary
