"""The tables of staff, sign-ins, one-time links, recovery codes, rate limits and audit entries.

Triggers refuse to change or delete audit entries.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row, UtcDateTime


class StaffRow(Row):
    """The account of a staff member.

    `password_hash` is NULL until the staff member chooses a password, and again after a reset.
    """

    __tablename__ = "staff"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    permissions: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str | None] = mapped_column(Text)
    totp_seed: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    is_disabled: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reset_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInRow(Row):
    """The sign-in of one browser. The browser's cookie contains the token.

    The row is found by the hash of the token.

    `awaits_code` is true if the sign-in waits for the code of the second factor. After the
    correct code, a row with another token replaces this row.
    """

    __tablename__ = "sign_in"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    awaits_code: Mapped[bool]
    signed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class StaffLinkRow(Row):
    """A one-time link for choosing a password.

    `staff_id` is NULL for the set-up link, because the first account does not exist yet.
    """

    __tablename__ = "staff_link"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RecoveryCodeRow(Row):
    """A recovery code. The code can be used once, instead of a code from the authenticator app."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )


class ThrottleRow(Row):
    """The state of one rate limit for one account, one network address or another key.

    The column `key` contains a hash of the rate limit's name and the key.
    `full_at` is the moment when all tries are available again, in milliseconds since 1970.
    """

    __tablename__ = "throttle"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    full_at: Mapped[int] = mapped_column(BigInteger, index=True)


class AuditRow(Row):
    """An audit entry.

    `staff_name` is a copy of the account's name, so that the entry can be read without the account.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    staff_id: Mapped[int | None]
    staff_name: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(300))
