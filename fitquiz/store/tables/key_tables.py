"""The table that tells which secret key the database belongs to."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row, UtcDateTime


class KeyFingerprintRow(Row):
    """The one row, with id 1: the fingerprint of the key that links and codes are derived with, never the key."""

    __tablename__ = "key_fingerprint"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
