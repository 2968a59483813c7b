"""Functions for the report that respondents of a sealed campaign can see.

The table says only whether respondents can see the report, and what HR will do. The figures are
read with HR's connection.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.tables.report_tables import RespondentReportRow


@dataclass(frozen=True, slots=True)
class RespondentReport:
    """A report that respondents can see if `is_open` is true.

    `plans` is what HR will do, and `plans_on` is the day on which HR wrote the text.
    """

    is_open: bool
    plans: str
    plans_on: date


def find_respondent_report(
    session: Session, campaign_id: int
) -> RespondentReport | None:
    """Return the report for respondents of a campaign. Return None if HR has never switched it on."""
    row = session.get(RespondentReportRow, campaign_id)
    if row is None:
        return None
    return RespondentReport(row.is_open, row.plans, row.plans_on)


def open_respondent_report(
    session: Session, campaign_id: int, plans: str, today: date
) -> None:
    """Let respondents see the report of a sealed campaign, and store what HR will do.

    If the text is unchanged, its day stays the same.
    """
    known = session.scalar(
        select(RespondentReportRow.plans_on).where(
            RespondentReportRow.campaign_id == campaign_id,
            RespondentReportRow.plans == plans,
        )
    )
    row = {
        "campaign_id": campaign_id,
        "is_open": True,
        "plans": plans,
        "plans_on": known or today,
    }
    statement = insert_into(session, RespondentReportRow)
    changed = {name: statement.excluded[name] for name in row if name != "campaign_id"}
    statement = statement.on_conflict_do_update(
        index_elements=("campaign_id",), set_=changed
    )
    session.execute(statement, [row])


def close_respondent_report(session: Session, campaign_id: int) -> bool:
    """Take the report away from respondents. Keep the text. Return whether the report was open."""
    statement = (
        update(RespondentReportRow)
        .where(
            RespondentReportRow.campaign_id == campaign_id,
            RespondentReportRow.is_open.is_(True),
        )
        .values(is_open=False)
        .returning(RespondentReportRow.campaign_id)
    )
    return session.scalar(statement) is not None
