"""The fingerprint of the secret key that links, codes and authenticator apps were created with."""

import sqlalchemy as sa
from alembic import op

from fitquiz.store.tables.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table. The next start writes its one row."""
    op.create_table(
        "key_fingerprint",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("fingerprint", sa.LargeBinary(32), nullable=False),
        sa.Column("noted_at", UtcDateTime, nullable=False),
    )
