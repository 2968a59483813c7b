"""Adds the tables of staff, audit entries, campaigns, units, invitations and the ledger.

Also adds the ticket of attempts.
"""

import sqlalchemy as sa
from alembic import op

from fitquiz.store.tables.base import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("ledger", "ledger_statistic", "audit")


def upgrade() -> None:
    """Add the column, create the tables, and create triggers for the tables in APPEND_ONLY."""
    op.add_column("attempt", sa.Column("ticket", sa.LargeBinary(40), nullable=True))
    create_staff_tables()
    create_staff_records()
    create_campaign_tables()
    create_invitation_tables()
    create_ledger_tables()
    if op.get_bind().dialect.name == "postgresql":
        refuse_changes_on_postgresql()
    else:
        refuse_changes_on_sqlite()


def create_staff_tables() -> None:
    """Create the tables of accounts, sign-ins and one-time links."""
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("permissions", sa.String(60), nullable=False),
        sa.Column("password_hash", sa.Text, nullable=True),
        sa.Column("totp_seed", sa.LargeBinary(16), nullable=True),
        sa.Column("totp_step", sa.BigInteger, nullable=True),
        sa.Column("is_disabled", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column(
            "staff_id",
            sa.Integer,
            sa.ForeignKey("staff.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("awaits_code", sa.Boolean, nullable=False),
        sa.Column("signed_in_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False, index=True),
    )
    op.create_table(
        "staff_link",
        sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column(
            "staff_id",
            sa.Integer,
            sa.ForeignKey("staff.id", ondelete="CASCADE"),
            nullable=True,
            index=True,
        ),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    )


def create_staff_records() -> None:
    """Create the tables of recovery codes, rate limits and audit entries."""
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column(
            "staff_id",
            sa.Integer,
            sa.ForeignKey("staff.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.LargeBinary(32), primary_key=True),
        sa.Column("full_at", sa.BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False, index=True),
        sa.Column("staff_id", sa.Integer, nullable=True),
        sa.Column("staff_name", sa.String(100), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
    )


def create_campaign_tables() -> None:
    """Create the table of campaigns."""
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "owner_id",
            sa.Integer,
            sa.ForeignKey("staff.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("inviter", sa.String(120), nullable=False),
        sa.Column(
            "content_hash",
            sa.String(64),
            sa.ForeignKey("pack.content_hash"),
            nullable=False,
            index=True,
        ),
        sa.Column("languages", sa.String(40), nullable=False),
        sa.Column("opens_on", sa.Date, nullable=False),
        sa.Column("closes_on", sa.Date, nullable=False),
        sa.Column("is_personal", sa.Boolean, nullable=False),
        sa.Column("statistics", sa.String(200), nullable=False),
        sa.Column("sealing", sa.String(10), nullable=False),
        sa.Column("threshold", sa.SmallInteger, nullable=False),
        sa.Column("split_from", sa.Integer, nullable=False),
        sa.Column("cap", sa.Integer, nullable=True),
        sa.Column("is_frozen", sa.Boolean, nullable=False),
        sa.Column("is_paused", sa.Boolean, nullable=False),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        sa.Column("ticked_on", sa.Date, nullable=True),
        sa.Column("sealed_at", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sqlite_autoincrement=True,
    )


def create_invitation_tables() -> None:
    """Create the tables of units and invitations."""
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "campaign_id",
            sa.Integer,
            sa.ForeignKey("campaign.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("people", sa.Integer, nullable=True),
        sa.UniqueConstraint("campaign_id", "path"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "campaign_id",
            sa.Integer,
            sa.ForeignKey("campaign.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column(
            "unit_id",
            sa.Integer,
            sa.ForeignKey("unit.id", ondelete="CASCADE"),
            nullable=True,
            index=True,
        ),
        sa.Column("seed", sa.LargeBinary(16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("is_personal", sa.Boolean, nullable=False),
        sa.Column("is_revoked", sa.Boolean, nullable=False),
        sa.Column("is_spent", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )


def create_ledger_tables() -> None:
    """Create the tables of pending responses and of the ledger."""
    op.create_table(
        "pending",
        sa.Column("key", sa.LargeBinary(32), primary_key=True),
        sa.Column("campaign_id", sa.Integer, nullable=False, index=True),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign_id", sa.Integer, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("period_from", sa.Date, nullable=False),
        sa.Column("period_to", sa.Date, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("is_batch", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_campaign_id_id", "ledger", ["campaign_id", "id"])
    op.create_table(
        "ledger_statistic",
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("ledger.id"), primary_key=True),
        sa.Column("statistic", sa.String(20), primary_key=True),
        sa.Column("cell", sa.String(60), primary_key=True),
        sa.Column("noise", sa.String(10), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_rollup",
        sa.Column("campaign_id", sa.Integer, primary_key=True),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("statistic", sa.String(20), primary_key=True),
        sa.Column("cell", sa.String(60), primary_key=True),
        sa.Column("parent", sa.Text, nullable=True),
        sa.Column("noise", sa.String(10), nullable=False),
        sa.Column("batches", sa.Integer, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_ledger_rollup_campaign_id_parent",
        "ledger_rollup",
        ["campaign_id", "parent"],
    )


def refuse_changes_on_sqlite() -> None:
    """Create triggers that refuse UPDATE and DELETE on the tables in APPEND_ONLY."""
    for table in APPEND_ONLY:
        for statement in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{statement.lower()} BEFORE {statement} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the table {table} is append-only'); END"
            )


def refuse_changes_on_postgresql() -> None:
    """Create triggers that refuse UPDATE, DELETE and TRUNCATE on the tables in APPEND_ONLY."""
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the table % is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
