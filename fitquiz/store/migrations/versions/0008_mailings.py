"""Adds the tables of mailings and messages, and the column `is_mailed` of invitations.

`is_mailed` is true for a personal invitation that the server itself sends by e-mail.
"""

import sqlalchemy as sa
from alembic import op

from fitquiz.store.tables.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and create the tables. The column is false for existing invitations."""
    op.add_column(
        "invitation",
        sa.Column("is_mailed", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "mailing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "campaign_id",
            sa.Integer,
            sa.ForeignKey("campaign.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("site", sa.String(300), nullable=False),
        sa.Column("own_words", sa.Text, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("first_reminder_on", sa.Date, nullable=True),
        sa.Column("second_reminder_on", sa.Date, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "mailing_id",
            sa.Integer,
            sa.ForeignKey("mailing.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("number", sa.SmallInteger, nullable=False),
        sa.Column("stop_hash", sa.LargeBinary(32), nullable=False, index=True),
        sa.Column("address_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("recipient", sa.LargeBinary, nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False),
        sa.Column("next_try_at", UtcDateTime, nullable=False),
        sa.Column("lease", sa.LargeBinary(16), nullable=True),
        sa.Column("leased_until", UtcDateTime, nullable=True),
        sa.Index("ix_outbox_state_next_try_at", "state", "next_try_at"),
        sqlite_autoincrement=True,
    )
