"""Campaigns: created, changed, paused, closed and deleted by their owner. What has been counted freezes the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.core.groups.units import UnitDraft
from fitquiz.core.packs import Pack
from fitquiz.store.accounts.audit_log import record_deed
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.campaigns.invitations import MakeOpenLink, add_open_links
from fitquiz.store.campaigns.units import replace_units
from fitquiz.store.engine.paging import take_page
from fitquiz.store.tables.campaign_tables import CampaignRow
from fitquiz.store.tables.ledger_tables import PendingRow

NOT_OPEN, OPEN, PAUSED, CLOSED = "not-open", "open", "paused", "closed"


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
    """A round of a pack for a group, as it stands."""

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
        """Whether a burst is told: from the first seal on, since told at once it would tell how many have begun."""
        return self.has_burst and (self.ticked_on is not None or self.sealed_at is not None)

    @property
    def is_over(self) -> bool:
        """Whether it has ended for good: closed by its owner, or sealed for the last time."""
        return self.closed_at is not None or self.sealed_at is not None

    def state(self, today: date) -> str:
        """Whether it takes respondents: not-open yet, open, paused or closed."""
        if self.is_over or today > self.closes_on:
            return CLOSED
        if today < self.opens_on:
            return NOT_OPEN
        return PAUSED if self.is_paused else OPEN


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
    record_deed(session, owner, "campaign-created", new.title, now)
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
    """Return a campaign, whoever owns it: what a respondent's invitation leads to."""
    row = (
        session.execute(select(CampaignRow.__table__).where(CampaignRow.id == campaign_id))
        .mappings()
        .one_or_none()
    )
    return _read(row) if row else None


def find_own_campaign(session: Session, owner_id: int, campaign_id: int) -> Campaign | None:
    """Return an owner's campaign; None for another's as for one that is not there."""
    query = select(CampaignRow.__table__).where(
        CampaignRow.id == campaign_id, CampaignRow.owner_id == owner_id
    )
    row = session.execute(query).mappings().one_or_none()
    return _read(row) if row else None


def list_campaigns(session: Session, owner_id: int, before_id: int | None = None) -> list[Campaign]:
    """Return a page of an owner's campaigns and one more, the newest first; those before one if it is named."""
    query = select(CampaignRow.__table__).where(CampaignRow.owner_id == owner_id)
    return [
        _read(row)
        for row in session.execute(take_page(query, CampaignRow.id, before_id)).mappings()
    ]


def list_packs_used(session: Session, owner_id: int) -> dict[int, str]:
    """Return the pack of each campaign of an owner's, by the campaign's id, the newest first."""
    query = select(CampaignRow.id, CampaignRow.content_hash).where(CampaignRow.owner_id == owner_id)
    return {
        row.id: row.content_hash for row in session.execute(query.order_by(CampaignRow.id.desc()))
    }


def list_some_campaigns(session: Session, campaign_ids: Collection[int]) -> list[Campaign]:
    """Return the campaigns with these ids, the newest first."""
    query = (
        select(CampaignRow.__table__)
        .where(CampaignRow.id.in_(campaign_ids))
        .order_by(CampaignRow.id.desc())
    )
    return [_read(row) for row in session.execute(query).mappings()] if campaign_ids else []


def change_campaign(session: Session, campaign: Campaign, changes: Mapping[str, object]) -> bool:
    """Change some fields of a campaign; False, and nothing is changed, if that touches what is frozen.

    What is counted freezes with the first response, the days when it is over: nothing would ever seal what came later.
    The row is held until the commit, so that a first response comes either before the change or after it.
    """
    changed = {name: value for name, value in changes.items() if getattr(campaign, name) != value}
    held = lock_campaign(session, campaign.id)
    if held is None or not _list_free(held).issuperset(changed):
        return False
    if changed:
        session.execute(
            update(CampaignRow).where(CampaignRow.id == campaign.id).values(**_as_stored(changed))
        )
    return True


def lock_campaign(session: Session, campaign_id: int) -> Campaign | None:
    """Return a campaign as it stands; until this transaction ends nobody else changes it, and nothing is counted."""
    query = select(CampaignRow.__table__).where(CampaignRow.id == campaign_id).with_for_update()
    row = session.execute(query).mappings().one_or_none()
    return _read(row) if row else None


def pause_campaign(session: Session, campaign_id: int, is_paused: bool) -> None:
    """Let nobody start for the time being, or let them start again. Who has begun may still send."""
    session.execute(
        update(CampaignRow).where(CampaignRow.id == campaign_id).values(is_paused=is_paused)
    )


def close_campaign(session: Session, campaign_id: int, now: datetime) -> None:
    """End a campaign before its day, for good; closing it twice changes nothing."""
    still_open = update(CampaignRow).where(
        CampaignRow.id == campaign_id, CampaignRow.closed_at.is_(None)
    )
    session.execute(still_open.values(closed_at=now))


def note_burst(session: Session, campaign_id: int) -> None:
    """Remember for its owner that unusually many attempts were begun from one place: that it was so, not how many."""
    first = update(CampaignRow).where(
        CampaignRow.id == campaign_id, CampaignRow.has_burst.is_(False)
    )
    session.execute(first.values(has_burst=True))


def delete_campaign(session: Session, campaign_id: int) -> None:
    """Delete a campaign with its units, its invitations and what waits. What is published stays in the ledger."""
    lock_campaign(session, campaign_id)
    session.execute(delete(PendingRow).where(PendingRow.campaign_id == campaign_id))
    session.execute(delete(CampaignRow).where(CampaignRow.id == campaign_id))


_NAMES = frozenset({"title", "inviter", "languages"})
_COURSE = frozenset({"opens_on", "closes_on", "cap"})
_COUNTING = frozenset({"statistics", "sealing", "threshold", "split_from"})


def _list_free(campaign: Campaign) -> frozenset[str]:
    """The fields that may still change."""
    if campaign.is_over:
        return _NAMES
    return _NAMES | _COURSE if campaign.is_frozen else _NAMES | _COURSE | _COUNTING


def _as_stored(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: " ".join(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def _read(row: RowMapping) -> Campaign:
    return Campaign(**{**row, "languages": tuple(row["languages"].split())})
