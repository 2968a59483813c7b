"""The tables of counsellors' links, shares and job ratings."""

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
    """A counsellor's link. At most `uses` people can begin with the link.

    `started` and `finished` are the numbers of people who have begun and who have finished.

    `expires_on` is the last day on which an attempt can begin with the link.

    The token and the short code of the link are derived from `seed` and the server's secret key.

    The id of a deleted link is never used again, because tickets of attempts may still contain the
    id. The tickets are encrypted, so that no row shows which attempts began with a link.
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
    who has the link of the share.

    The id is random, so that the id does not reveal the number of shares.

    The row of a stopped share contains no attempt and no name. The row stays in the table for some
    time. During this time, the page of the share shows that the share has ended.
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
    has_jobs: Mapped[bool]


class OfferRow(Row):
    """A job rating. `ratings` contains the raw answer for each trait, as JSON.

    `kind` is "present" for the present job, and "advertised" for an advertised job.
    """

    __tablename__ = "offer"

    attempt_id: Mapped[int] = mapped_column(
        ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    ratings: Mapped[str] = mapped_column(Text)
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime)
