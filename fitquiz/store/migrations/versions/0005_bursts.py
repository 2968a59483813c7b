"""A mark on campaigns in which unusually many attempts began from one address."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Existing campaigns get no mark."""
    op.add_column(
        "campaign",
        sa.Column("has_burst", sa.Boolean, nullable=False, server_default=sa.false()),
    )
