"""The tables of mailings, of notices to staff, and of their messages.

No row of these tables refers to an invitation, an attempt or an answer.
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row, UtcDateTime


class MailingRow(Row):
    """The invitations and reminders that HR has sent to a list of addresses.

    `people` is the number of addresses. `site` is the address of the server, as HR has opened it.
    """

    __tablename__ = "mailing"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"), index=True
    )
    site: Mapped[str] = mapped_column(String(300))
    own_words: Mapped[str] = mapped_column(Text)
    people: Mapped[int]
    first_reminder_on: Mapped[date | None] = mapped_column(Date)
    second_reminder_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoticeRow(Row):
    """What the server writes to one staff member.

    - `kind`: `invitation` or `reset` for a one-time link. `sealed` for the seal of a campaign.
      `shared` for a report that the staff member can read from now on.
    - `site`: the address of the server, as staff have opened it. The text is empty if the address
      is not known.
    - `language`: the language of a message about a one-time link. Otherwise, the text is empty.
    """

    __tablename__ = "notice"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    campaign_id: Mapped[int | None] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(10))
    site: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class OutboxRow(Row):
    """One message to one address. The message belongs either to a mailing or to a notice.

    - `number`: 0 for the invitation, 1 and 2 for the reminders. 0 for a notice.
    - `stop_hash`: the hash of the token with which the recipient stops all messages. The messages
      to one recipient have the same `stop_hash`. A notice has no `stop_hash`.
    - `address_hash`: a hash of the address that only the secret key can compute. Only the
      invitation has this hash.
    - `recipient`: the encrypted address, and the encrypted seed of the link in the message. The
      value is NULL after the message was sent or stopped.
    - `state`: waiting, sent or refused.
    - `lease` and `leased_until`: the sender that is sending the message, and the moment from which
      another sender may send the message.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_next_try_at", "state", "next_try_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int | None] = mapped_column(
        ForeignKey("mailing.id", ondelete="CASCADE"), index=True
    )
    notice_id: Mapped[int | None] = mapped_column(
        ForeignKey("notice.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column(SmallInteger)
    stop_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    address_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    recipient: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(SmallInteger)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
