"""The tables of who signs in, by what, and what they did. The log of deeds is append-only, by triggers."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row, UtcDateTime


class StaffRow(Row):
    """Somebody who signs in. Without a password hash the account waits for its holder to choose a password."""

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


class SignInRow(Row):
    """One browser's sign-in, found by the hash of the token in its cookie; `awaits_code` until the second factor."""

    __tablename__ = "sign_in"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    awaits_code: Mapped[bool]
    signed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class StaffLinkRow(Row):
    """A one-time link by which a password is chosen. The setup link belongs to nobody yet."""

    __tablename__ = "staff_link"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RecoveryCodeRow(Row):
    """One of ten codes that stand in for the second factor, each once."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)


class ThrottleRow(Row):
    """How far a key (an account, an address) has used up its tries: when it has all again, in ms since 1970."""

    __tablename__ = "throttle"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    full_at: Mapped[int] = mapped_column(BigInteger, index=True)


class AuditRow(Row):
    """One deed of a member of staff. Names are copied in, so that the log stands when an account is gone."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    staff_id: Mapped[int | None]
    staff_name: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(300))
