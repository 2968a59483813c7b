"""Counsellors' links: made, changed, closed and opened again; started from so many times, and no more.

Starts and finishes are counted on the link alone. No row says which attempt came by it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from fitquiz.store.accounts.staff import COUNSELLOR, Staff, find_staff, list_some_staff
from fitquiz.store.engine.paging import take_page
from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.tables.sharing_tables import LinkRow

OPEN, CLOSED, EXPIRED, USED_UP = "open", "closed", "expired", "used-up"
TOLD_IN_STEPS_OF = 5
"""Told one by one, each step would tell that the one who was just at it has a result."""


@dataclass(frozen=True, slots=True)
class NewLink:
    """What a counsellor chooses of a link, with what its token and code are found by."""

    seed: bytes
    token_hash: bytes
    code_hash: bytes
    name: str
    note: str
    language: str
    uses: int
    expires_on: date
    pack_id: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands; `started` and `finished` never go down."""

    id: int
    owner_id: int
    name: str
    note: str
    language: str
    pack_id: str
    uses: int
    started: int
    finished: int
    expires_on: date
    is_closed: bool
    seed: bytes
    created_at: datetime

    @property
    def told(self) -> int:
        """How many have finished, as it is told: in steps, and never that all who have started have."""
        return max(0, min(self.finished, self.started - 1)) // TOLD_IN_STEPS_OF * TOLD_IN_STEPS_OF

    def state(self, today: date) -> str:
        """Whether somebody may start: open, closed by its owner, expired or used-up."""
        if today > self.expires_on:
            return EXPIRED
        if self.is_closed:
            return CLOSED
        return OPEN if self.started < self.uses else USED_UP


_COLUMNS = [getattr(LinkRow, name) for name in Link.__slots__]


def create_link(session: Session, owner_id: int, link: NewLink, now: datetime) -> int | None:
    """Store a new link and return its id; None if there is one of its seed already."""
    row = {name: getattr(link, name) for name in NewLink.__slots__}
    row |= {
        "owner_id": owner_id,
        "started": 0,
        "finished": 0,
        "is_closed": False,
        "created_at": now,
    }
    insert = insert_into(session, LinkRow).values(row).on_conflict_do_nothing()
    return session.scalar(insert.returning(LinkRow.id))


def find_own_link(session: Session, owner_id: int, link_id: int) -> Link | None:
    """Return an owner's link; None for another's as for one that is not there."""
    return _find(session, (LinkRow.id == link_id) & (LinkRow.owner_id == owner_id))


def list_links(session: Session, owner_id: int, before_id: int | None = None) -> list[Link]:
    """Return a page of an owner's links and one more, the newest first; those before one if it is named."""
    query = select(*_COLUMNS).where(LinkRow.owner_id == owner_id)
    return [Link(*row) for row in session.execute(take_page(query, LinkRow.id, before_id))]


def find_link(session: Session, token_hash: bytes) -> Link | None:
    """Return the link of a token."""
    return _find(session, LinkRow.token_hash == token_hash)


def find_link_by_code(session: Session, code_hash: bytes) -> Link | None:
    """Return the link of a short code."""
    return _find(session, LinkRow.code_hash == code_hash)


def find_counsellor(session: Session, staff_id: int) -> Staff | None:
    """Return a counsellor; None for who is disabled or may not counsel any more."""
    staff = find_staff(session, staff_id)
    return staff if staff and _may_counsel(staff) else None


def list_counsellors(session: Session, staff_ids: Collection[int]) -> dict[int, Staff]:
    """Return those of these who may counsel, by their id."""
    return {staff.id: staff for staff in list_some_staff(session, staff_ids) if _may_counsel(staff)}


def list_owners(session: Session, link_ids: Collection[int]) -> list[int]:
    """Return whose these links are, open or not, each once, the oldest link's first."""
    owners = select(LinkRow.owner_id).where(LinkRow.id.in_(link_ids)).order_by(LinkRow.id)
    return list(dict.fromkeys(session.scalars(owners) if link_ids else ()))


def find_counsellor_of_link(session: Session, link_id: int) -> Staff | None:
    """Return the counsellor whose link this is, open or not, as long as there is such a one."""
    link = _find(session, LinkRow.id == link_id)
    return find_counsellor(session, link.owner_id) if link else None


def change_link(session: Session, link: Link, changes: Mapping[str, object]) -> None:
    """Change some fields of a link: its name, its note, its uses, its last day, or whether it is closed."""
    session.execute(update(LinkRow).where(LinkRow.id == link.id).values(**changes))


def delete_link(session: Session, link: Link) -> None:
    """Delete a link. Who came by it keeps everything, and what is shared stays shared."""
    session.execute(delete(LinkRow).where(LinkRow.id == link.id))


def close_expired_links(session: Session, today: date) -> None:
    """Close what has expired, so that no clock that is turned back opens it again; its owner may."""
    expired = update(LinkRow).where(LinkRow.expires_on < today, ~LinkRow.is_closed)
    session.execute(expired.values(is_closed=True))


def use_link(session: Session, link_id: int, today: date) -> bool:
    """Take one use; False if there is none (any more), or the link is closed or expired. The database decides."""
    may_start = (
        (LinkRow.started < LinkRow.uses) & ~LinkRow.is_closed & (LinkRow.expires_on >= today)
    )
    started = (
        update(LinkRow).where(LinkRow.id == link_id, may_start).values(started=LinkRow.started + 1)
    )
    return session.scalar(started.returning(LinkRow.id)) is not None


def note_finished(session: Session, link_id: int) -> None:
    """Count one who started by the link and has sent the answers."""
    finished = update(LinkRow).where(LinkRow.id == link_id, LinkRow.finished < LinkRow.started)
    session.execute(finished.values(finished=LinkRow.finished + 1))


def _find(session: Session, which: ColumnElement[bool]) -> Link | None:
    row = session.execute(select(*_COLUMNS).where(which)).one_or_none()
    return Link(*row) if row else None


def _may_counsel(staff: Staff) -> bool:
    return COUNSELLOR in staff.permissions and not staff.is_disabled
