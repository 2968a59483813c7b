"""The tables of campaigns, their owners and readers, units and invitations.

No row of these tables refers to an attempt or an answer.
"""

from datetime import date, datetime

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from fitquiz.store.tables.base import Row, UtcDateTime


class CampaignRow(Row):
    """A campaign.

    The id of a deleted campaign is never used again, because the ledger still contains the id.

    `owner_id` is the owner who gets the replies to e-mails of the campaign. Who may open the campaign
    is in `CampaignMemberRow`.

    `site` is the address of the server, as the owner has opened it. The text is empty if the address
    is not known.

    `ticked_on` is the day of the most recent seal. `sealed_at` is the moment of the final seal.
    A restore from a backup can set both columns without a seal.
    """

    __tablename__ = "campaign"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    inviter: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(
        ForeignKey("pack.content_hash"), index=True
    )
    languages: Mapped[str] = mapped_column(String(40))
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    is_personal: Mapped[bool]
    statistics: Mapped[str] = mapped_column(String(200))
    sealing: Mapped[str] = mapped_column(String(10))
    threshold: Mapped[int] = mapped_column(SmallInteger)
    split_from: Mapped[int]
    cap: Mapped[int | None]
    is_frozen: Mapped[bool]
    is_paused: Mapped[bool]
    has_burst: Mapped[bool]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ticked_on: Mapped[date | None] = mapped_column(Date)
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    site: Mapped[str] = mapped_column(String(300))


class CampaignMemberRow(Row):
    """An owner or a reader of a campaign.

    An owner runs the campaign and reads its report. A reader only reads the report.
    """

    __tablename__ = "campaign_member"
    __table_args__ = (Index(None, "staff_id", "campaign_id"),)

    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10))


class CampaignFactorRow(Row):
    """The odds factor that a campaign takes from the yearly account.

    The row has no foreign key, because the row stays when its campaign is deleted.

    `factor` is stored as a fraction, for example "12" or "2401/200". `last_day` is the last day on
    which the campaign counts responses.
    """

    __tablename__ = "campaign_factor"
    __table_args__ = ({"sqlite_with_rowid": False},)

    campaign_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    factor: Mapped[str] = mapped_column(Text)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date, index=True)


class UnitRow(Row):
    """A department or a team in a campaign.

    `path` contains the label of the unit and the labels of all units above, as JSON. The label of
    the top level comes first.
    """

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("campaign_id", "path"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE")
    )
    path: Mapped[str] = mapped_column(Text)
    people: Mapped[int | None]


class InvitationRow(Row):
    """The permission to start an attempt that a campaign counts.

    The invitation is an open link or a personal invitation. When the campaign counts the
    response to a personal invitation, the invitation is used up, and `is_used` is true. The column
    of `is_used` has an older name.

    The database contains only the hashes of the token and of the short code. Pages can still show
    the token and the short code, because both are derived from `seed` and the secret key.

    If `unit_id` is NULL, the invitation is for the whole campaign. `is_kiosk` is true only for open
    links. `is_mailed` is true for a personal invitation that the server itself sends by e-mail.
    """

    __tablename__ = "invitation"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaign.id", ondelete="CASCADE"), index=True
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit.id", ondelete="CASCADE"), index=True
    )
    seed: Mapped[bytes] = mapped_column(LargeBinary(16))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    is_personal: Mapped[bool]
    is_revoked: Mapped[bool]
    is_used: Mapped[bool] = mapped_column("is_spent")
    is_kiosk: Mapped[bool]
    is_mailed: Mapped[bool]
