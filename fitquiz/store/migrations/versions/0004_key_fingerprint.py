"""Adds the table of the key fingerprint.

The hashes of links and codes in the database depend on the secret key. Authenticator secrets also
depend on the secret key.
"""

import sqlalchemy as sa
from alembic import op

from fitquiz.store.tables.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table. The next start of the server stores the only row."""
    op.create_table(
        "key_fingerprint",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("fingerprint", sa.LargeBinary(32), nullable=False),
        sa.Column("noted_at", UtcDateTime, nullable=False),
    )
