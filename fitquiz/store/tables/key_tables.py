"""The table with the key fingerprint."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row, UtcDateTime


class KeyFingerprintRow(Row):
    """The key fingerprint. The table has at most one row, and this row has the id 1."""

    __tablename__ = "key_fingerprint"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
