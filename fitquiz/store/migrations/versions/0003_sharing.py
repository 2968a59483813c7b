"""Adds the tables of counsellor links, shares and job ratings."""

import sqlalchemy as sa
from alembic import op

from fitquiz.store.tables.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    create_links()
    create_shares()
    op.create_table(
        "offer",
        sa.Column(
            "attempt_id",
            sa.Integer,
            sa.ForeignKey("attempt.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("kind", sa.String(12), primary_key=True),
        sa.Column("ratings", sa.Text, nullable=False),
        sa.Column("rated_at", UtcDateTime, nullable=False),
    )


def create_links() -> None:
    """Create the table of counsellor links."""
    op.create_table(
        "link",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "owner_id",
            sa.Integer,
            sa.ForeignKey("staff.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("pack_id", sa.String(60), nullable=False),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.Column("started", sa.Integer, nullable=False),
        sa.Column("finished", sa.Integer, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("is_closed", sa.Boolean, nullable=False),
        sa.Column("seed", sa.LargeBinary(16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sqlite_autoincrement=True,
    )


def create_shares() -> None:
    """Create the table of shares."""
    op.create_table(
        "share",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column(
            "attempt_id",
            sa.Integer,
            sa.ForeignKey("attempt.id", ondelete="SET NULL"),
            nullable=True,
        ),
        sa.Column(
            "owner_id", sa.Integer, sa.ForeignKey("staff.id"), nullable=True, index=True
        ),
        sa.Column("client", sa.LargeBinary(16), nullable=False),
        sa.Column("seed", sa.LargeBinary(16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("has_answers", sa.Boolean, nullable=False),
        sa.Column("parts", sa.String(400), nullable=False),
        sa.Column("opened", sa.Integer, nullable=False),
        sa.Column("shared_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
        sa.UniqueConstraint("attempt_id", "owner_id"),
    )
