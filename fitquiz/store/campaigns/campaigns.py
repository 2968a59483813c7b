"""Functions that create, find, change and lock campaigns. `own_campaigns.py` finds a person's campaigns.

From the first day of a campaign on, the fields in `_COUNTING_FIELDS` cannot be changed. If these
fields froze with the first response, HR could see when the first person answers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import UnitDraft
from fitquiz.core.packs import Pack
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.kept_packs import keep_pack, load_pack
from fitquiz.store.campaigns.factor_account import take_factor
from fitquiz.store.campaigns.invitations import MakeOpenLink, add_open_links
from fitquiz.store.campaigns.units import add_units
from fitquiz.store.engine.field_names import list_fields
from fitquiz.store.tables.campaign_tables import CampaignMemberRow, CampaignRow

NOT_OPEN = "not-open"
OPEN = "open"
PAUSED = "paused"
CLOSED = "closed"

OWNER = "owner"
READER = "reader"
"""The roles of staff in a campaign. An owner runs the campaign. A reader only reads its report."""

_NAME_FIELDS = frozenset({"title", "inviter", "languages"})
_SCHEDULE_FIELDS = frozenset({"closes_on", "cap"})
_COUNTING_FIELDS = frozenset(
    {"opens_on", "statistics", "sealing", "threshold", "split_from"}
)
_CHARGED_FIELDS = frozenset({"opens_on", "closes_on", "statistics"})
"""The fields that decide what a campaign takes from the yearly account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChoices:
    """The values that an owner chooses for a campaign.

    - `threshold`: the smallest number of responses in a batch.
    - `split_from`: units are published separately only from this number of responses on.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(CampaignChoices):
    """A stored campaign.

    - `owner_id`: the owner who gets the replies to e-mails of the campaign.
    - `ticked_on`: the day of the most recent seal.
    - `sealed_at`: the moment of the final seal. The value is None before the final seal.
    - `site`: the address of the server, as the owner has opened it, or an empty text.
    """

    id: int
    owner_id: int
    content_hash: str
    is_frozen: bool
    is_paused: bool
    has_burst: bool
    closed_at: datetime | None
    ticked_on: date | None
    sealed_at: datetime | None
    created_at: datetime
    site: str

    @property
    def shows_burst(self) -> bool:
        """Return whether the owner may see the warning about a burst of attempts.

        The owner sees the warning only after the first seal. Before the first seal, the warning
        would reveal that many respondents have begun.
        """
        was_sealed = self.ticked_on is not None or self.sealed_at is not None
        return self.has_burst and was_sealed

    @property
    def is_over(self) -> bool:
        """Return whether the owner has closed the campaign, or the final seal is done."""
        return self.closed_at is not None or self.sealed_at is not None

    def is_fixed(self, today: date) -> bool:
        """Return whether the units and the settings for counting can no longer be changed.

        `is_frozen` matters only if the clock was set back after the first response.
        """
        return self.is_over or self.is_frozen or self.opens_on <= today

    def state(self, today: date) -> str:
        """Return NOT_OPEN, OPEN, PAUSED or CLOSED. Attempts can begin only in the state OPEN."""
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
    new: CampaignChoices,
    pack: Pack,
    units: Sequence[UnitDraft],
    make_open_link: MakeOpenLink,
    now: datetime,
    site: str = "",
) -> int:
    """Store a campaign, its pack, its units, its open links and the audit entry.

    If `new.is_personal` is true, store no open links. The owner of a personal campaign adds
    personal invitations later. Return the id of the campaign.
    """
    campaign_id = add_campaign(session, owner.id, new, pack, now, site)
    add_units(session, campaign_id, units)
    if not new.is_personal:
        add_open_links(session, campaign_id, make_open_link)
    record_audit_entry(session, owner, "campaign-created", new.title, now)
    return campaign_id


def add_campaign(
    session: Session,
    owner_id: int,
    new: CampaignChoices,
    pack: Pack,
    now: datetime,
    site: str = "",
) -> int:
    """Store only a campaign, its pack, its odds factor and its owner. Return the id of the campaign."""
    keep_pack(session, pack, now)
    chosen = {name: getattr(new, name) for name in list_fields(CampaignChoices)}
    row = _as_stored(chosen) | {
        "owner_id": owner_id,
        "content_hash": pack.content_hash,
        "is_frozen": False,
        "is_paused": False,
        "has_burst": False,
        "created_at": now,
        "site": site,
    }
    statement = insert(CampaignRow).values(row).returning(CampaignRow.id)
    campaign_id = int(session.scalars(statement).one())
    take_factor(session, campaign_id, pack)

    member = {"campaign_id": campaign_id, "staff_id": owner_id, "role": OWNER}
    session.execute(insert(CampaignMemberRow).values(member))
    return campaign_id


def find_campaign(session: Session, campaign_id: int) -> Campaign | None:
    """Return the campaign with this id. The campaign may have any owner."""
    query = select(CampaignRow.__table__).where(CampaignRow.id == campaign_id)
    return _find(session, query)


def list_some_campaigns(
    session: Session, campaign_ids: Collection[int]
) -> list[Campaign]:
    """Return the campaigns with these ids, the newest campaign first."""
    if not campaign_ids:
        return []
    query = (
        select(CampaignRow.__table__)
        .where(CampaignRow.id.in_(campaign_ids))
        .order_by(CampaignRow.id.desc())
    )
    rows = session.execute(query).mappings()
    return [read_campaign(row) for row in rows]


def change_campaign(
    session: Session, campaign: Campaign, changes: Mapping[str, object], today: date
) -> bool:
    """Change fields of a campaign.

    Return False and change nothing if a field cannot be changed, or if the campaign was deleted.

    - `_NAME_FIELDS` can always be changed.
    - `_SCHEDULE_FIELDS` can be changed until the campaign is over (`Campaign.is_over`).
    - `_COUNTING_FIELDS` can be changed before the first day of the campaign.
    """
    changed = {
        name: value
        for name, value in changes.items()
        if getattr(campaign, name) != value
    }

    # The lock stops other transactions from counting a response during the change.
    current = lock_campaign(session, campaign.id)
    if current is None:
        return False
    if not _list_changeable(current, today).issuperset(changed):
        return False

    if changed:
        statement = update(CampaignRow).where(CampaignRow.id == campaign.id)
        session.execute(statement.values(_as_stored(changed)))
    if not _CHARGED_FIELDS.isdisjoint(changed):
        pack = load_pack(session, campaign.content_hash)
        take_factor(session, campaign.id, pack)
    return True


def lock_campaign(session: Session, campaign_id: int) -> Campaign | None:
    """Return a campaign, and lock its row until the transaction ends.

    The lock stops other transactions from changing the campaign and from counting a response.
    """
    query = (
        select(CampaignRow.__table__)
        .where(CampaignRow.id == campaign_id)
        .with_for_update()
    )
    return _find(session, query)


def _list_changeable(campaign: Campaign, today: date) -> frozenset[str]:
    """Return the names of the fields that `change_campaign` may change."""
    if campaign.is_over:
        return _NAME_FIELDS
    if campaign.is_fixed(today):
        return _NAME_FIELDS | _SCHEDULE_FIELDS
    return _NAME_FIELDS | _SCHEDULE_FIELDS | _COUNTING_FIELDS


def _as_stored(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values to store. A tuple becomes one text with spaces between its words."""
    stored = dict(values)
    for name, value in values.items():
        if isinstance(value, tuple):
            stored[name] = " ".join(value)
    return stored


def _find(session: Session, query: Select[*tuple[Any, ...]]) -> Campaign | None:
    row = session.execute(query).mappings().one_or_none()
    if row is None:
        return None
    return read_campaign(row)


def read_campaign(row: RowMapping) -> Campaign:
    """Return the campaign in a row of its table."""
    values = dict(row)
    values["languages"] = tuple(row["languages"].split())
    return Campaign(**values)
