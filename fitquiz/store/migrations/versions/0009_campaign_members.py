"""Adds the table of the owners and readers of campaigns.

Each existing campaign keeps its owner.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and add the present owner of each campaign."""
    op.create_table(
        "campaign_member",
        sa.Column(
            "campaign_id",
            sa.Integer,
            sa.ForeignKey("campaign.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Index(None, "staff_id", "campaign_id"),
    )
    op.execute(
        "INSERT INTO campaign_member (campaign_id, staff_id, role) "
        "SELECT id, owner_id, 'owner' FROM campaign"
    )
