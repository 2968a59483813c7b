"""Adds the column `reset_at` of staff accounts.

`reset_at` is the moment of the latest reset. Shares that are older are closed until each client
confirms them.
"""

import sqlalchemy as sa
from alembic import op

from fitquiz.store.tables.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. The value is empty for existing accounts, so that their shares stay open."""
    op.add_column("staff", sa.Column("reset_at", UtcDateTime, nullable=True))
