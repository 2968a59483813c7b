"""The tables of counsellor links, shares and job ratings."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row, UtcDateTime

_IS_LIVE = text("attempt_id IS NOT NULL")


class LinkRow(Row):
    """A counsellor link. Until the day `expires_on`, up to `uses` attempts can begin with the link.

    The token and the short code of the link are derived from `seed` and the server's secret key.

    Ids are never used again, because tickets of attempts contain ids of links. No row shows
    which attempts began with a link.
    """

    __tablename__ = "link"
    __table_args__ = (
        Index(None, "is_closed", "expires_on"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10))
    pack_id: Mapped[str] = mapped_column(String(60))
    uses: Mapped[int]
    started: Mapped[int]
    finished: Mapped[int]
    expires_on: Mapped[date] = mapped_column(Date)
    is_closed: Mapped[bool]
    seed: Mapped[bytes] = mapped_column(LargeBinary(16))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ShareRow(Row):
    """A respondent's permission to see a result.

    The share is for the counsellor `owner_id`. If `owner_id` is NULL, the share is for everybody
    who has the token of the share.

    The id is random. Otherwise, the id would reveal the number of shares.

    The row of a stopped share contains no attempt and no name. The row is kept for some days.
    Therefore the page of the share can show that the share has ended.
    """

    __tablename__ = "share"
    __table_args__ = (
        UniqueConstraint("attempt_id", "owner_id"),
        Index(
            "ix_share_live_expires_at",
            "expires_at",
            sqlite_where=_IS_LIVE,
            postgresql_where=_IS_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    attempt_id: Mapped[int | None] = mapped_column(
        ForeignKey("attempt.id", ondelete="SET NULL")
    )
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    client: Mapped[bytes] = mapped_column(LargeBinary(16))
    seed: Mapped[bytes] = mapped_column(LargeBinary(16))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    has_answers: Mapped[bool]
    parts: Mapped[str] = mapped_column(String(400))
    opened: Mapped[int]
    shared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class OfferRow(Row):
    """A job rating. `ratings` contains the raw answers by trait, as JSON.

    `kind` is "present" or "advertised".
    """

    __tablename__ = "offer"

    attempt_id: Mapped[int] = mapped_column(
        ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    ratings: Mapped[str] = mapped_column(Text)
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime)
