"""Adds the table of reports that are shown to respondents."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table. No report of an existing campaign is shown to respondents."""
    op.create_table(
        "respondent_report",
        sa.Column(
            "campaign_id",
            sa.Integer,
            sa.ForeignKey("campaign.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("plans", sa.Text, nullable=False),
        sa.Column("plans_on", sa.Date, nullable=False),
    )
