"""Adds indexes for the searches of a purge.

Without the indexes, a purge of a large database would be slow.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop one index and create three indexes. Rows do not change."""
    is_live = sa.text("attempt_id IS NOT NULL")
    op.drop_index("ix_attempt_finished_at", "attempt")
    op.create_index(
        "ix_attempt_finished_at_started_at", "attempt", ["finished_at", "started_at"]
    )
    op.create_index("ix_link_is_closed_expires_on", "link", ["is_closed", "expires_on"])
    op.create_index(
        "ix_share_live_expires_at",
        "share",
        ["expires_at"],
        sqlite_where=is_live,
        postgresql_where=is_live,
    )
