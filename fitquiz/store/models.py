"""The tables. Rows stay in this layer: the functions beside this module return plain frozen data."""

from datetime import UTC, datetime

from sqlalchemy import Dialect, ForeignKey, Index, LargeBinary, MetaData, SmallInteger, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zone, so it is taken off on the way in and put on again on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone; store the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Row(DeclarativeBase):
    """The base of all tables; constraints get names that are the same on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class PackRow(Row):
    """A pack's content as it was when somebody started with it; never changed afterwards."""

    __tablename__ = "pack"

    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    files: Mapped[str] = mapped_column(Text)
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AttemptRow(Row):
    """One respondent's run through a pack, found by the hash of a token that only the respondent holds.

    `ticket` says whether and where the result is counted; only the token opens it.
    """

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "finished_at", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    content_hash: Mapped[str] = mapped_column(ForeignKey("pack.content_hash"), index=True)
    may_improve: Mapped[bool]
    ticket: Mapped[bytes | None] = mapped_column(LargeBinary(40))
    open_parts: Mapped[str] = mapped_column(String(400))
    sent_parts: Mapped[str] = mapped_column(String(400))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnswerRow(Row):
    """The raw answer to one item, as given; no value when the item was left out on purpose."""

    __tablename__ = "answer"
    __table_args__ = ({"sqlite_with_rowid": False},)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int | None] = mapped_column(SmallInteger)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeletedAttemptRow(Row):
    """The receipt of a deletion: that something was here, when it went and how many answers it held."""

    __tablename__ = "deleted_attempt"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    deleted_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answers: Mapped[int]
