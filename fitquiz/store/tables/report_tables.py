"""The table of reports that are shown to respondents."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row


class RespondentReportRow(Row):
    """A report that everybody with a link of the campaign can see, as long as `is_open` is true.

    `plans` is what HR will do. `plans_on` is the day on which HR wrote `plans`. The row contains no
    figures.
    """

    __tablename__ = "respondent_report"

    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    is_open: Mapped[bool]
    plans: Mapped[str] = mapped_column(Text)
    plans_on: Mapped[date] = mapped_column(Date)
