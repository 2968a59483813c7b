"""The tables of packs, attempts and answers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row, UtcDateTime


class PackRow(Row):
    """The content of a pack that an attempt or a campaign uses.

    `files` never changes, so that the results of old attempts do not change.
    """

    __tablename__ = "pack"

    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    files: Mapped[str] = mapped_column(Text)
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AttemptRow(Row):
    """An attempt. The row is found by the hash of the attempt's token. The token is not stored.

    The encrypted `ticket` contains the id of the campaign that counts the attempt. The ticket also
    contains the id of the counsellor's link with which the attempt began. Only the token decrypts
    the ticket.

    `declined_parts` contains the ids of the optional parts to which the respondent said no.
    """

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "finished_at", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    content_hash: Mapped[str] = mapped_column(
        ForeignKey("pack.content_hash"), index=True
    )
    may_improve: Mapped[bool]
    ticket: Mapped[bytes | None] = mapped_column(LargeBinary(40))
    open_parts: Mapped[str] = mapped_column(String(400))
    sent_parts: Mapped[str] = mapped_column(String(400))
    declined_parts: Mapped[str] = mapped_column(String(400))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnswerRow(Row):
    """The answer to one item.

    `value` is 0 for "strongly disagree". The highest value is for "strongly agree". `value` is NULL
    if the respondent left the item out on purpose. `value` is -1 if the item does not apply to the
    respondent.
    """

    __tablename__ = "answer"
    __table_args__ = ({"sqlite_with_rowid": False},)

    attempt_id: Mapped[int] = mapped_column(
        ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True
    )
    item: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int | None] = mapped_column(SmallInteger)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeletedAttemptRow(Row):
    """The receipt of a deleted attempt.

    `deleted_at` is the moment of the deletion. `answers` is the number of deleted answers.
    """

    __tablename__ = "deleted_attempt"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    deleted_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answers: Mapped[int]
