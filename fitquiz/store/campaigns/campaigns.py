"""Campaigns: create, change, pause, close and delete them.

The first counted response freezes the fields that decide what is counted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.core.groups.units import UnitDraft
from fitquiz.core.packs import Pack
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.campaigns.invitations import MakeOpenLink, add_open_links
from fitquiz.store.campaigns.units import replace_units
from fitquiz.store.engine.paging import take_page
from fitquiz.store.tables.campaign_tables import CampaignRow

NOT_OPEN = "not-open"
OPEN = "open"
PAUSED = "paused"
CLOSED = "closed"

_NAME_FIELDS = frozenset({"title", "inviter", "languages"})
_SCHEDULE_FIELDS = frozenset({"opens_on", "closes_on", "cap"})
_COUNTING_FIELDS = frozenset({"statistics", "sealing", "threshold", "split_from"})


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What an owner chooses when creating a campaign."""

    title: str
    inviter: str
    languages: tuple[str, ...]
    opens_on: date
    closes_on: date
    cap: int | None
    is_personal: bool
    statistics: str
    sealing: str
    threshold: int
    split_from: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """A round of a pack for a group.

    `threshold` is the minimum size of a published batch. Units are published on their own from
    `split_from` responses on.
    `ticked_on` is the day of the latest seal, `sealed_at` the moment of the last one.
    """

    id: int
    owner_id: int
    title: str
    inviter: str
    content_hash: str
    languages: tuple[str, ...]
    opens_on: date
    closes_on: date
    is_personal: bool
    statistics: str
    sealing: str
    threshold: int
    split_from: int
    cap: int | None
    is_frozen: bool
    is_paused: bool
    has_burst: bool
    closed_at: datetime | None
    ticked_on: date | None
    sealed_at: datetime | None
    created_at: datetime

    @property
    def shows_burst(self) -> bool:
        """Return whether the owner may see the warning about a burst of attempts.

        The warning waits for the first seal. Before, it would reveal how many people have begun.
        """
        was_sealed = self.ticked_on is not None or self.sealed_at is not None
        return self.has_burst and was_sealed

    @property
    def is_over(self) -> bool:
        """Return whether the owner has closed it, or the last seal is done."""
        return self.closed_at is not None or self.sealed_at is not None

    def state(self, today: date) -> str:
        """Return NOT_OPEN, OPEN, PAUSED or CLOSED. Respondents can start only if it is OPEN."""
        if self.is_over or today > self.closes_on:
            return CLOSED
        if today < self.opens_on:
            return NOT_OPEN
        if self.is_paused:
            return PAUSED
        return OPEN


def create_campaign(
    session: Session,
    owner: Staff,
    new: NewCampaign,
    pack: Pack,
    units: Sequence[UnitDraft],
    make_open_link: MakeOpenLink,
    now: datetime,
) -> int:
    """Store a campaign with its pack, its units, its open links and the audit entry. Return its id.

    A personal campaign gets no open links. Its owner adds personal invitations later.
    """
    campaign_id = add_campaign(session, owner.id, new, pack, now)
    replace_units(session, campaign_id, units)
    if not new.is_personal:
        add_open_links(session, campaign_id, make_open_link)
    record_audit_entry(session, owner, "campaign-created", new.title, now)
    return campaign_id


def add_campaign(
    session: Session,
    owner_id: int,
    new: NewCampaign,
    pack: Pack,
    now: datetime,
) -> int:
    """Store the campaign and its pack, and nothing more. Return the campaign's id."""
    keep_pack(session, pack, now)
    chosen = {name: getattr(new, name) for name in NewCampaign.__slots__}
    row = _as_stored(chosen) | {
        "owner_id": owner_id,
        "content_hash": pack.content_hash,
        "is_frozen": False,
        "is_paused": False,
        "has_burst": False,
        "created_at": now,
    }
    statement = insert(CampaignRow).values(row).returning(CampaignRow.id)
    return int(session.scalars(statement).one())


def find_campaign(session: Session, campaign_id: int) -> Campaign | None:
    """Return a campaign of any owner."""
    query = select(CampaignRow.__table__).where(CampaignRow.id == campaign_id)
    return _find(session, query)


def find_own_campaign(
    session: Session, owner_id: int, campaign_id: int
) -> Campaign | None:
    """Return an owner's campaign, or None if it does not exist or has another owner."""
    query = select(CampaignRow.__table__).where(
        CampaignRow.id == campaign_id,
        CampaignRow.owner_id == owner_id,
    )
    return _find(session, query)


def list_campaigns(
    session: Session, owner_id: int, before_id: int | None = None
) -> list[Campaign]:
    """Return one page of an owner's campaigns and one campaign more, the newest first.

    With `before_id`, the page starts with the campaign before that one.
    """
    query = select(CampaignRow.__table__).where(CampaignRow.owner_id == owner_id)
    page = take_page(query, CampaignRow.id, before_id)
    rows = session.execute(page).mappings()
    return [_read(row) for row in rows]


def list_packs_used(session: Session, owner_id: int) -> dict[int, str]:
    """Return the content hash of each campaign's pack by campaign id, the newest campaign first."""
    query = (
        select(CampaignRow.id, CampaignRow.content_hash)
        .where(CampaignRow.owner_id == owner_id)
        .order_by(CampaignRow.id.desc())
    )
    rows = session.execute(query)
    return {row.id: row.content_hash for row in rows}


def list_some_campaigns(
    session: Session, campaign_ids: Collection[int]
) -> list[Campaign]:
    """Return the campaigns with these ids, the newest first."""
    if not campaign_ids:
        return []
    query = (
        select(CampaignRow.__table__)
        .where(CampaignRow.id.in_(campaign_ids))
        .order_by(CampaignRow.id.desc())
    )
    rows = session.execute(query).mappings()
    return [_read(row) for row in rows]


def change_campaign(
    session: Session, campaign: Campaign, changes: Mapping[str, object]
) -> bool:
    """Change some fields of a campaign. Return False, and change nothing, if one of them is frozen.

    The first response freezes the fields that decide what is counted. The end of the campaign
    also freezes the days: nothing would seal a response that came after the last seal.
    """
    changed = {
        name: value
        for name, value in changes.items()
        if getattr(campaign, name) != value
    }

    # With the lock, the first response comes either before the change or after it.
    current = lock_campaign(session, campaign.id)
    if current is None:
        return False
    if not _list_changeable(current).issuperset(changed):
        return False

    if changed:
        statement = update(CampaignRow).where(CampaignRow.id == campaign.id)
        session.execute(statement.values(_as_stored(changed)))
    return True


def lock_campaign(session: Session, campaign_id: int) -> Campaign | None:
    """Return a campaign and lock its row until the transaction ends.

    Meanwhile nobody else changes the campaign, and no response is counted.
    """
    query = (
        select(CampaignRow.__table__)
        .where(CampaignRow.id == campaign_id)
        .with_for_update()
    )
    return _find(session, query)


def _list_changeable(campaign: Campaign) -> frozenset[str]:
    """Return the names of the fields that are not frozen."""
    if campaign.is_over:
        return _NAME_FIELDS
    if campaign.is_frozen:
        return _NAME_FIELDS | _SCHEDULE_FIELDS
    return _NAME_FIELDS | _SCHEDULE_FIELDS | _COUNTING_FIELDS


def _as_stored(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values as the database keeps them: a tuple becomes words parted by spaces."""
    stored = dict(values)
    for name, value in values.items():
        if isinstance(value, tuple):
            stored[name] = " ".join(value)
    return stored


def _find(session: Session, query: Select[*tuple[Any, ...]]) -> Campaign | None:
    row = session.execute(query).mappings().one_or_none()
    if row is None:
        return None
    return _read(row)


def _read(row: RowMapping) -> Campaign:
    values = dict(row)
    values["languages"] = tuple(row["languages"].split())
    return Campaign(**values)
