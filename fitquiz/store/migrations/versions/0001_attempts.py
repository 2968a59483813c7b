"""Adds the tables of packs, attempts, answers and receipts."""

import sqlalchemy as sa
from alembic import op

from fitquiz.store.tables.base import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "pack",
        sa.Column("content_hash", sa.String(64), primary_key=True),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("stored_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column(
            "content_hash",
            sa.String(64),
            sa.ForeignKey("pack.content_hash"),
            nullable=False,
            index=True,
        ),
        sa.Column("may_improve", sa.Boolean, nullable=False),
        sa.Column("open_parts", sa.String(400), nullable=False),
        sa.Column("sent_parts", sa.String(400), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False, index=True),
        sa.Column("finished_at", UtcDateTime, nullable=True, index=True),
    )
    op.create_table(
        "answer",
        sa.Column(
            "attempt_id",
            sa.Integer,
            sa.ForeignKey("attempt.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("item", sa.String(60), primary_key=True),
        sa.Column("value", sa.SmallInteger, nullable=True),
        sa.Column("answered_at", UtcDateTime, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deleted_attempt",
        sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("deleted_at", UtcDateTime, nullable=False, index=True),
        sa.Column("answers", sa.Integer, nullable=False),
    )
