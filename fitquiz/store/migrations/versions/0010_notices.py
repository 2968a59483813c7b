"""Adds the table of notices to staff, and lets a message of the outbox belong to a notice.

Also adds the column `site` of campaigns: the address of the server, as the owner has opened it.
"""

import sqlalchemy as sa
from alembic import op

from fitquiz.store.tables.base import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and add the columns. Existing messages keep their mailing."""
    op.add_column(
        "campaign",
        sa.Column("site", sa.String(300), nullable=False, server_default=""),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "staff_id",
            sa.Integer,
            sa.ForeignKey("staff.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column(
            "campaign_id",
            sa.Integer,
            sa.ForeignKey("campaign.id", ondelete="CASCADE"),
            nullable=True,
            index=True,
        ),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("site", sa.String(300), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False, index=True),
        sqlite_autoincrement=True,
    )
    # SQLite cannot change a column. There, Alembic copies the rows into a new table.
    with op.batch_alter_table(
        "outbox", table_kwargs={"sqlite_autoincrement": True}
    ) as batch:
        batch.alter_column("mailing_id", existing_type=sa.Integer, nullable=True)
        batch.alter_column("stop_hash", existing_type=sa.LargeBinary(32), nullable=True)
        batch.add_column(sa.Column("notice_id", sa.Integer, nullable=True))
        batch.create_foreign_key(
            "fk_outbox_notice_id_notice",
            "notice",
            ["notice_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch.create_index("ix_outbox_notice_id", ["notice_id"])
