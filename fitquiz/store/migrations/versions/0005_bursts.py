"""A campaign remembers that unusually many attempts were begun from one place."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing is known of the campaigns there are."""
    op.add_column(
        "campaign", sa.Column("has_burst", sa.Boolean, nullable=False, server_default=sa.false())
    )
