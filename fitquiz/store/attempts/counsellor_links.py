"""Functions that create, find, change, close, use and delete counsellors' links.

A limited number of people can begin with each link. The row of a link contains how many people
have started, and how many have finished. Only the encrypted ticket of an attempt shows with which
link the attempt began.

If a link is for one person, every attempt of the link belongs to this person. If a link is for
several people, each own device counts as one person. Each attempt on a shared device also counts as
one person.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, delete, or_, select, update
from sqlalchemy.orm import Session

from fitquiz.store.accounts.staff import COUNSELLOR, Staff, find_staff, list_some_staff
from fitquiz.store.engine.field_names import list_fields
from fitquiz.store.engine.paging import take_page
from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.tables.sharing_tables import LinkRow

OPEN = "open"
CLOSED = "closed"
EXPIRED = "expired"
USED_UP = "used-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChoices:
    """The values that a counsellor chooses for a link, and the seed.

    The token and the short code are derived from the seed.
    """

    name: str
    note: str
    language: str
    pack_id: str
    uses: int
    expires_on: date
    seed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink(LinkChoices):
    """A link that is not stored yet. `code_hash` is the hash of the short code."""

    token_hash: bytes
    code_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(LinkChoices):
    """A stored counsellor's link.

    `started` and `finished` are numbers of people. The two numbers never decrease.
    """

    id: int
    owner_id: int
    started: int
    finished: int
    is_closed: bool
    created_at: datetime

    @property
    def is_for_one(self) -> bool:
        """Whether the link is for one person. The person can begin as often as needed."""
        return self.uses == 1

    def state(self, today: date) -> str:
        """Return OPEN, CLOSED, EXPIRED or USED_UP.

        A person can begin for the first time only with an OPEN link. With a link that is USED_UP,
        a person who has begun before can begin again. A link for one person is never USED_UP.
        """
        if today > self.expires_on:
            return EXPIRED
        if self.is_closed:
            return CLOSED
        if self.started >= self.uses and not self.is_for_one:
            return USED_UP
        return OPEN


_COLUMNS = [getattr(LinkRow, name) for name in list_fields(Link)]


def create_link(
    session: Session, owner_id: int, link: NewLink, now: datetime
) -> int | None:
    """Store a link and return its id.

    Return None if a stored link has the same token hash or the same code hash.
    """
    row = {name: getattr(link, name) for name in list_fields(NewLink)}
    row |= {
        "owner_id": owner_id,
        "started": 0,
        "finished": 0,
        "is_closed": False,
        "created_at": now,
    }
    statement = insert_into(session, LinkRow).values(row).on_conflict_do_nothing()
    return session.scalar(statement.returning(LinkRow.id))


def find_own_link(session: Session, owner_id: int, link_id: int) -> Link | None:
    """Return an owner's link. Return None if the link does not exist or has another owner."""
    is_own = and_(
        LinkRow.id == link_id,
        LinkRow.owner_id == owner_id,
    )
    return _find(session, is_own)


def list_links(
    session: Session, owner_id: int, before_id: int | None = None
) -> list[Link]:
    """Return one page of an owner's links, the newest link first.

    If `before_id` is given, return only links whose id is smaller than `before_id`.
    If a next page exists, the list also contains the first link of the next page.
    """
    query = select(*_COLUMNS).where(LinkRow.owner_id == owner_id)
    page = take_page(query, LinkRow.id, before_id)
    return [Link(**row) for row in session.execute(page).mappings()]


def find_link(session: Session, link_token_hash: bytes) -> Link | None:
    """Return the link with this token."""
    return _find(session, LinkRow.token_hash == link_token_hash)


def find_link_by_code(session: Session, code_hash: bytes) -> Link | None:
    """Return the link with this short code."""
    return _find(session, LinkRow.code_hash == code_hash)


def find_counsellor(session: Session, staff_id: int) -> Staff | None:
    """Return the account if the account is enabled and has the permission COUNSELLOR.

    Return None if the account does not exist, is disabled, or does not have this permission.
    """
    staff = find_staff(session, staff_id)
    if staff is None or not _may_counsel(staff):
        return None
    return staff


def list_counsellors(session: Session, staff_ids: Collection[int]) -> dict[int, Staff]:
    """Return, by id, the enabled accounts of `staff_ids` with the permission COUNSELLOR."""
    accounts = list_some_staff(session, staff_ids)
    return {staff.id: staff for staff in accounts if _may_counsel(staff)}


def list_owners(session: Session, link_ids: Collection[int]) -> list[int]:
    """Return the owner ids of these links, in the order of the link ids.

    The result contains each owner id once. Links that are not open are also included.
    """
    if not link_ids:
        return []
    query = (
        select(LinkRow.owner_id).where(LinkRow.id.in_(link_ids)).order_by(LinkRow.id)
    )
    owner_ids = session.scalars(query)
    return list(dict.fromkeys(owner_ids))


def find_counsellor_of_link(session: Session, link_id: int) -> Staff | None:
    """Return the counsellor who owns a link. The link need not be open.

    Return None if the link does not exist. Also return None if the owner is disabled or does not
    have the permission COUNSELLOR.
    """
    link = _find(session, LinkRow.id == link_id)
    if link is None:
        return None
    return find_counsellor(session, link.owner_id)


def change_link(session: Session, link: Link, changes: Mapping[str, object]) -> None:
    """Change `name`, `note`, `uses`, `expires_on` or `is_closed` of a link."""
    statement = update(LinkRow).where(LinkRow.id == link.id)
    session.execute(statement.values(**changes))


def delete_link(session: Session, link: Link) -> None:
    """Delete a link. The attempts of the link and the shares of these attempts stay stored."""
    statement = delete(LinkRow).where(LinkRow.id == link.id)
    session.execute(statement)


def close_expired_links(session: Session, today: date) -> None:
    """Close all expired links, so that setting the clock back does not open the links again.

    The owner can open a closed link again.
    """
    expired = update(LinkRow).where(
        LinkRow.expires_on < today,
        ~LinkRow.is_closed,
    )
    session.execute(expired.values(is_closed=True))


def use_link(session: Session, link_id: int, today: date) -> bool:
    """Take one use of a link. Return False if the link is used up, closed, expired or deleted.

    If the link is for one person who has begun before, take no use and return True.

    One SQL statement checks and counts the use. With two statements, two requests could both take
    the last use.
    """
    has_use_left = LinkRow.started < LinkRow.uses
    is_for_one = LinkRow.uses == 1
    started = case((has_use_left, LinkRow.started + 1), else_=LinkRow.started)
    statement = (
        update(LinkRow)
        .where(
            LinkRow.id == link_id,
            or_(has_use_left, is_for_one),
            ~LinkRow.is_closed,
            LinkRow.expires_on >= today,
        )
        .values(started=started)
        .returning(LinkRow.id)
    )
    return session.scalar(statement) is not None


def may_begin_again(session: Session, link_id: int, today: date) -> bool:
    """Return whether a person who has begun with this link can begin again.

    Beginning again takes no use. Return False if the link is closed, expired or deleted.
    """
    link = _find(session, LinkRow.id == link_id)
    return link is not None and link.state(today) in (OPEN, USED_UP)


def note_finished(session: Session, link_id: int) -> None:
    """Add 1 to `finished` of a link. Change nothing if `finished` is already equal to `started`.

    Therefore `finished` of a link for one person is at most 1, even if the person finishes several
    attempts.
    """
    statement = (
        update(LinkRow)
        .where(
            LinkRow.id == link_id,
            LinkRow.finished < LinkRow.started,
        )
        .values(finished=LinkRow.finished + 1)
    )
    session.execute(statement)


def _find(session: Session, condition: ColumnElement[bool]) -> Link | None:
    row = session.execute(select(*_COLUMNS).where(condition)).mappings().one_or_none()
    if row is None:
        return None
    return Link(**row)


def _may_counsel(staff: Staff) -> bool:
    return COUNSELLOR in staff.permissions and not staff.is_disabled
