"""Adds the column `has_burst` of campaigns.

`has_burst` is true if unusually many attempts of the campaign began from one address.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. The value is false for existing campaigns."""
    op.add_column(
        "campaign",
        sa.Column("has_burst", sa.Boolean, nullable=False, server_default=sa.false()),
    )
