"""Adds the column `declined_parts` of attempts.

`declined_parts` contains the ids of the optional parts to which the respondent said no.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. In existing attempts, nobody has said no."""
    declined_parts = sa.Column(
        "declined_parts", sa.String(400), nullable=False, server_default=""
    )
    op.add_column("attempt", declined_parts)
