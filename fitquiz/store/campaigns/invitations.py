"""Invitations of a campaign: open links and personal invitations.

When the campaign counts the response to a personal invitation, the invitation is used up. The field
`is_used` is then true. No page shows which or how many personal invitations are used up, because
such a page would reveal who has answered.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from fitquiz.store.campaigns.units import list_units
from fitquiz.store.engine.field_names import list_fields
from fitquiz.store.tables.campaign_tables import InvitationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationChoices:
    """The values of an invitation that never change.

    If `unit_id` is None, the invitation is for the whole campaign.
    """

    unit_id: int | None
    seed: bytes
    is_personal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation(InvitationChoices):
    """An invitation that is not stored yet.

    `token_hash` and `code_hash` are the hashes of the token and the short code. The token and the
    short code are not stored. `is_mailed` is true if the server itself sends the invitation by
    e-mail.
    """

    token_hash: bytes
    code_hash: bytes
    is_mailed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(InvitationChoices):
    """A stored invitation. `is_kiosk` is true for an open link that a shared tablet uses."""

    id: int
    campaign_id: int
    is_revoked: bool
    is_used: bool
    is_kiosk: bool


MakeOpenLink = Callable[[int | None], NewInvitation]
"""A function that takes a unit id and makes an open link for the unit.

If the unit id is None, the open link is for the whole campaign. The function needs
the secret key, which the store does not have.
"""

_MAX_VALUES = 1000
"""The largest number of hashes in one statement, because databases limit this number."""
_COLUMNS = [getattr(InvitationRow, name) for name in list_fields(Invitation)]


def add_invitations(
    session: Session,
    campaign_id: int,
    invitations: Sequence[NewInvitation],
) -> None:
    rows = []
    for invitation in invitations:
        row = {name: getattr(invitation, name) for name in list_fields(NewInvitation)}
        row |= {"campaign_id": campaign_id, "is_kiosk": False}
        row |= {"is_revoked": False, "is_used": False}
        rows.append(row)
    if rows:
        session.execute(insert(InvitationRow), rows)


def add_open_links(
    session: Session, campaign_id: int, make_open_link: MakeOpenLink
) -> None:
    """Store the missing open links of a campaign.

    The campaign needs one open link for the whole campaign and one open link for each unit.
    """
    links = list_open_links(session, campaign_id)
    linked_ids = {link.unit_id for link in links}

    unit_ids: list[int | None] = [None]
    units = list_units(session, campaign_id)
    unit_ids.extend(unit.id for unit in units)

    missing_ids = [unit_id for unit_id in unit_ids if unit_id not in linked_ids]
    new_links = [make_open_link(unit_id) for unit_id in missing_ids]
    add_invitations(session, campaign_id, new_links)


def find_invitation(session: Session, token_hash: bytes) -> Invitation | None:
    """Return the invitation with this token."""
    return _find(session, InvitationRow.token_hash == token_hash)


def find_invitation_by_code(session: Session, code_hash: bytes) -> Invitation | None:
    """Return the invitation with this short code."""
    return _find(session, InvitationRow.code_hash == code_hash)


def list_open_links(session: Session, campaign_id: int) -> list[Invitation]:
    """Return the open links that are not revoked. Links for the whole campaign come first."""
    return _list(session, campaign_id, is_personal=False)


def list_personal(session: Session, campaign_id: int) -> list[Invitation]:
    """Return the personal invitations that are not revoked.

    The list also contains used-up invitations. The list contains no invitation that the server
    sends by e-mail, because nobody but the recipient may see its link.
    """
    return _list(session, campaign_id, is_personal=True)


def count_personal(session: Session, campaign_id: int) -> Mapping[int | None, int]:
    """Return, by unit id, the number of personal invitations that are not revoked.

    The number includes used-up invitations.
    """
    query = (
        select(InvitationRow.unit_id, func.count())
        .where(
            InvitationRow.campaign_id == campaign_id,
            InvitationRow.is_personal,
            ~InvitationRow.is_revoked,
        )
        .group_by(InvitationRow.unit_id)
    )
    rows = session.execute(query)
    return Counter({row[0]: row[1] for row in rows})


def find_personal_hashes(
    session: Session, campaign_id: int, hashes: Sequence[bytes]
) -> set[bytes]:
    """Return those `hashes` that belong to personal invitations of the campaign.

    A hash may be a token hash or a code hash. The search includes revoked and used-up
    invitations. Without the used-up invitations, the result would reveal who has answered.
    """
    found: set[bytes] = set()
    for chunk in _split_into_chunks(hashes):
        is_named = _is_personal_with(campaign_id, chunk)
        query = select(InvitationRow.token_hash, InvitationRow.code_hash).where(
            is_named
        )
        for row in session.execute(query):
            found.update(row)
    return found.intersection(hashes)


def find_standing_hashes(session: Session, hashes: Sequence[bytes]) -> set[bytes]:
    """Return those token hashes whose invitations exist and are not revoked.

    Whether an invitation is used up changes nothing.
    """
    standing: set[bytes] = set()
    for chunk in _split_into_chunks(hashes):
        query = select(InvitationRow.token_hash).where(
            InvitationRow.token_hash.in_(chunk), ~InvitationRow.is_revoked
        )
        standing.update(session.scalars(query))
    return standing


def revoke_invitations(
    session: Session, campaign_id: int, hashes: Sequence[bytes]
) -> None:
    """Revoke the campaign's personal invitations with these token hashes or code hashes.

    The function also revokes used-up invitations.
    """
    for chunk in _split_into_chunks(hashes):
        is_named = _is_personal_with(campaign_id, chunk)
        statement = update(InvitationRow).where(is_named).values(is_revoked=True)
        session.execute(statement, execution_options={"synchronize_session": False})


def revoke_open_links(session: Session, campaign_id: int, unit_id: int | None) -> None:
    """Revoke the open links of a unit.

    If `unit_id` is None, revoke only the open links for the whole campaign.
    """
    statement = update(InvitationRow).where(
        InvitationRow.campaign_id == campaign_id,
        ~InvitationRow.is_personal,
        InvitationRow.unit_id == unit_id,  # SQLAlchemy writes IS NULL for None.
    )
    session.execute(statement.values(is_revoked=True))


def is_standing(session: Session, invitation_id: int) -> bool:
    """Return whether an invitation is neither revoked nor deleted. It may be used up."""
    invitation = _find(session, InvitationRow.id == invitation_id)
    return invitation is not None and not invitation.is_revoked


def use_invitation(session: Session, invitation_id: int) -> bool:
    """Mark an invitation as used up. Return False if the invitation is used up or revoked."""
    statement = (
        update(InvitationRow)
        .where(
            InvitationRow.id == invitation_id,
            ~InvitationRow.is_used,
            ~InvitationRow.is_revoked,
        )
        .values(is_used=True)
        .returning(InvitationRow.id)
    )
    return session.scalar(statement) is not None


def free_invitation(session: Session, invitation_id: int) -> None:
    """Mark an invitation as not used up, after its response was withdrawn or refused."""
    statement = update(InvitationRow).where(InvitationRow.id == invitation_id)
    session.execute(statement.values(is_used=False))


def _find(session: Session, condition: ColumnElement[bool]) -> Invitation | None:
    row = session.execute(select(*_COLUMNS).where(condition)).mappings().one_or_none()
    if row is None:
        return None
    return Invitation(**row)


def _list(session: Session, campaign_id: int, is_personal: bool) -> list[Invitation]:
    query = (
        select(*_COLUMNS)
        .where(
            InvitationRow.campaign_id == campaign_id,
            InvitationRow.is_personal == is_personal,
            ~InvitationRow.is_revoked,
            ~InvitationRow.is_mailed,
        )
        .order_by(InvitationRow.unit_id, InvitationRow.id)
    )
    invitations = [Invitation(**row) for row in session.execute(query).mappings()]

    # Sort in Python, because SQLite sorts NULL first and PostgreSQL sorts NULL last.
    whole_campaign = [each for each in invitations if each.unit_id is None]
    units = [each for each in invitations if each.unit_id is not None]
    return whole_campaign + units


def _is_personal_with(campaign_id: int, hashes: Sequence[bytes]) -> ColumnElement[bool]:
    has_hash = or_(
        InvitationRow.token_hash.in_(hashes),
        InvitationRow.code_hash.in_(hashes),
    )
    return and_(
        InvitationRow.campaign_id == campaign_id,
        InvitationRow.is_personal.is_(True),
        has_hash,
    )


def _split_into_chunks(hashes: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(hashes), _MAX_VALUES):
        yield hashes[start : start + _MAX_VALUES]
