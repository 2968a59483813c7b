"""Adds the column `is_kiosk` of invitations.

`is_kiosk` is true for an open link that is used on a shared tablet.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. The value is false for existing invitations."""
    op.add_column(
        "invitation",
        sa.Column("is_kiosk", sa.Boolean, nullable=False, server_default=sa.false()),
    )
