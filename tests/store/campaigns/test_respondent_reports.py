"""A report for respondents is off until HR switches it on, and goes with its campaign."""

from datetime import timedelta

from fitquiz.store.campaigns.campaign_lifecycle import delete_campaign
from fitquiz.store.campaigns.respondent_reports import (
    RespondentReport,
    close_respondent_report,
    find_respondent_report,
    open_respondent_report,
)
from fitquiz.store.engine.database import Database
from tests.store.support.cast import writing
from tests.store.support.ledger_cast import AFTER, start_campaign

DAY = AFTER.date()


def test_a_text_has_the_day_on_which_it_was_written(database: Database) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)
        assert find_respondent_report(session, campaign.id) is None
        open_respondent_report(session, campaign.id, "We will talk.", DAY)
        # The same text on a later day is not a new text.
        open_respondent_report(session, campaign.id, "We will talk.", DAY + timedelta(2))
        found = find_respondent_report(session, campaign.id)
        assert found == RespondentReport(True, "We will talk.", DAY)
    with writing(database) as session:
        open_respondent_report(session, campaign.id, "We have talked.", DAY + timedelta(3))
        found = find_respondent_report(session, campaign.id)
        assert found == RespondentReport(True, "We have talked.", DAY + timedelta(3))


def test_a_closed_report_keeps_its_text_and_a_deleted_campaign_has_none(
    database: Database,
) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)
        assert not close_respondent_report(session, campaign.id)
        open_respondent_report(session, campaign.id, "We will talk.", DAY)
    with writing(database) as session:
        assert close_respondent_report(session, campaign.id)
        assert not close_respondent_report(session, campaign.id)
        found = find_respondent_report(session, campaign.id)
        assert found == RespondentReport(False, "We will talk.", DAY)
    with writing(database) as session:
        delete_campaign(session, campaign.id, AFTER.date())
    with writing(database) as session:
        assert find_respondent_report(session, campaign.id) is None
