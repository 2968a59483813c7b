"""Invitations: open links and personal ones. Nobody is ever told which of them are spent, or how many."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.orm import Session

from fitquiz.store.campaigns.units import list_units
from fitquiz.store.tables.campaign_tables import InvitationRow


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation to store: its seed, and the hashes of the token and the code that follow from it."""

    unit_id: int | None
    seed: bytes
    token_hash: bytes
    code_hash: bytes
    is_personal: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """A permission to start; no unit means the campaign as a whole."""

    id: int
    campaign_id: int
    unit_id: int | None
    seed: bytes
    is_personal: bool
    is_revoked: bool
    is_spent: bool


MakeOpenLink = Callable[[int | None], NewInvitation]
"""Makes an open link for a unit, or for the whole campaign (None). Only the pages have the key for it."""

_AT_ONCE = 1000
"""Databases take only so many values in one statement."""
_COLUMNS = [getattr(InvitationRow, name) for name in Invitation.__slots__]


def add_invitations(
    session: Session, campaign_id: int, invitations: Sequence[NewInvitation]
) -> None:
    """Store new invitations, all alive and unspent."""
    rows = [
        {name: getattr(each, name) for name in NewInvitation.__slots__}
        | {"campaign_id": campaign_id, "is_revoked": False, "is_spent": False}
        for each in invitations
    ]
    if rows:
        session.execute(insert(InvitationRow), rows)


def add_open_links(session: Session, campaign_id: int, make_open_link: MakeOpenLink) -> None:
    """Store the open links that are missing: one for the whole campaign and one for each unit."""
    existing = {link.unit_id for link in list_open_links(session, campaign_id)}
    unit_ids: list[int | None] = [None]
    unit_ids.extend(unit.id for unit in list_units(session, campaign_id))
    missing = [unit_id for unit_id in unit_ids if unit_id not in existing]
    add_invitations(session, campaign_id, [make_open_link(unit_id) for unit_id in missing])


def find_invitation(session: Session, token_hash: bytes) -> Invitation | None:
    """Return the invitation of a token."""
    row = session.execute(
        select(*_COLUMNS).where(InvitationRow.token_hash == token_hash)
    ).one_or_none()
    return Invitation(*row) if row else None


def find_invitation_by_code(session: Session, code_hash: bytes) -> Invitation | None:
    """Return the invitation of a short code."""
    row = session.execute(
        select(*_COLUMNS).where(InvitationRow.code_hash == code_hash)
    ).one_or_none()
    return Invitation(*row) if row else None


def list_open_links(session: Session, campaign_id: int) -> list[Invitation]:
    """Return a campaign's open links that have not been revoked: the one for the whole first."""
    return _list(session, campaign_id, is_personal=False)


def list_personal(session: Session, campaign_id: int) -> list[Invitation]:
    """Return a campaign's personal invitations that have not been revoked, spent or not."""
    return _list(session, campaign_id, is_personal=True)


def count_personal(session: Session, campaign_id: int) -> Mapping[int | None, int]:
    """Return by unit how many personal invitations there are that have not been revoked, spent or not."""
    query = select(InvitationRow.unit_id, func.count()).where(
        InvitationRow.campaign_id == campaign_id
    )
    alive = query.where(InvitationRow.is_personal, ~InvitationRow.is_revoked).group_by(
        InvitationRow.unit_id
    )
    return Counter({row[0]: row[1] for row in session.execute(alive)})


def find_personal(session: Session, campaign_id: int, hashes: Sequence[bytes]) -> set[bytes]:
    """Return which of these hashes are a token's or a code's of a campaign's personal invitations, in whatever state.

    So the answer does not tell who has answered.
    """
    found: set[bytes] = set()
    for some in _part(hashes):
        query = select(InvitationRow.token_hash, InvitationRow.code_hash).where(
            *_are_personal(campaign_id, some)
        )
        found.update(value for row in session.execute(query) for value in row)
    return found.intersection(hashes)


def revoke_invitations(session: Session, campaign_id: int, hashes: Sequence[bytes]) -> None:
    """Revoke those of a campaign's personal invitations that have these tokens or codes, spent or not."""
    for some in _part(hashes):
        query = (
            update(InvitationRow).where(*_are_personal(campaign_id, some)).values(is_revoked=True)
        )
        session.execute(query, execution_options={"synchronize_session": False})


def revoke_open_links(session: Session, campaign_id: int, unit_id: int | None) -> None:
    """Revoke the open links of a unit, or of the whole."""
    of_unit = (
        InvitationRow.unit_id.is_(None) if unit_id is None else InvitationRow.unit_id == unit_id
    )
    query = update(InvitationRow).where(
        InvitationRow.campaign_id == campaign_id, ~InvitationRow.is_personal, of_unit
    )
    session.execute(query.values(is_revoked=True))


def spend_invitation(session: Session, invitation_id: int) -> bool:
    """Spend a personal invitation; False if somebody else has, or if it has been revoked."""
    alive = (InvitationRow.id == invitation_id, ~InvitationRow.is_spent, ~InvitationRow.is_revoked)
    spent = update(InvitationRow).where(*alive).values(is_spent=True)
    return session.scalar(spent.returning(InvitationRow.id)) is not None


def free_invitation(session: Session, invitation_id: int) -> None:
    """Let a personal invitation be used again: its response has been withdrawn, or could not be counted."""
    session.execute(
        update(InvitationRow).where(InvitationRow.id == invitation_id).values(is_spent=False)
    )


def _list(session: Session, campaign_id: int, is_personal: bool) -> list[Invitation]:
    query = select(*_COLUMNS).where(
        InvitationRow.campaign_id == campaign_id, ~InvitationRow.is_revoked
    )
    kind = query.where(InvitationRow.is_personal == is_personal).order_by(
        InvitationRow.unit_id, InvitationRow.id
    )
    invitations = [Invitation(*row) for row in session.execute(kind)]
    return sorted(
        invitations, key=lambda each: each.unit_id is not None
    )  # Databases put NULL at different ends.


def _are_personal(campaign_id: int, hashes: Sequence[bytes]) -> tuple[ColumnElement[bool], ...]:
    named = or_(InvitationRow.token_hash.in_(hashes), InvitationRow.code_hash.in_(hashes))
    return InvitationRow.campaign_id == campaign_id, InvitationRow.is_personal.is_(True), named


def _part(hashes: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (hashes[start : start + _AT_ONCE] for start in range(0, len(hashes), _AT_ONCE))
