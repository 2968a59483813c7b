"""Adds the column `reset_at` of staff accounts, and the column `has_jobs` of shares.

`reset_at` is the moment of the latest reset. Shares that are older are closed until each client
confirms them. `has_jobs` is true for a share that also shows the job ratings.
"""

import sqlalchemy as sa
from alembic import op

from fitquiz.store.tables.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns.

    `reset_at` is empty for existing accounts, so that their shares stay open. `has_jobs` is false
    for existing shares.
    """
    op.add_column("staff", sa.Column("reset_at", UtcDateTime, nullable=True))
    op.add_column(
        "share",
        sa.Column("has_jobs", sa.Boolean, nullable=False, server_default=sa.false()),
    )
