"""Makes invitations and the addresses of invitations.

Each invitation has a random seed. The token and the short code of the invitation are derived from
the seed and the secret key.
"""

import secrets

from flask import abort, url_for
from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import write_label
from fitquiz.core.languages import find_nearest
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import (
    Invitation,
    NewInvitation,
    add_open_links,
    list_open_links,
)
from fitquiz.store.campaigns.units import list_units
from fitquiz.web.security.link_tokens import code_of, hash_typed, token_of
from fitquiz.web.site.database_session import get_session
from fitquiz.web.site.page_language import get_language


def make_invitations(
    unit_id: int | None, number: int, is_personal: bool
) -> list[NewInvitation]:
    """Return `number` invitations for a unit, or for the whole campaign if `unit_id` is None.

    The function does not store the invitations.
    """
    invitations = []
    for _ in range(number):
        seed = secrets.token_bytes(16)
        invitation = NewInvitation(
            unit_id=unit_id,
            seed=seed,
            token_hash=hash_token(token_of(seed)),
            code_hash=hash_typed(code_of(seed)),
            is_personal=is_personal,
        )
        invitations.append(invitation)
    return invitations


def make_open_link(unit_id: int | None) -> NewInvitation:
    """Return an open link for a unit, or for the whole campaign if `unit_id` is None.

    The function does not store the open link.
    """
    [link] = make_invitations(unit_id, 1, is_personal=False)
    return link


def make_open_links(session: Session, campaign_id: int) -> None:
    """Store the open links that a campaign lacks.

    The whole campaign needs one open link. Each unit also needs one open link.
    """
    add_open_links(session, campaign_id, make_open_link)


def load_open_link(campaign: Campaign, invitation_id: int) -> Invitation:
    """Return an open link. Abort with 404 if the campaign has no open link with this id."""
    open_links = list_open_links(get_session(), campaign.id)
    by_id = {link.id: link for link in open_links}
    link = by_id.get(invitation_id)
    if link is None:
        abort(404)
    return link


def label_units(campaign: Campaign) -> dict[int | None, str]:
    """Return the label of each unit, keyed by the unit's id.

    The key None means the whole campaign. The label of the whole campaign is empty.
    """
    labels: dict[int | None, str] = {None: ""}
    for unit in list_units(get_session(), campaign.id):
        labels[unit.id] = write_label(unit.path)
    return labels


def address_of(campaign: Campaign, invitation: Invitation, is_full: bool = True) -> str:
    """Return the address that opens an invitation.

    The address is in the language of the current request if the campaign offers that language.
    Otherwise, the address is in the campaign's nearest language. If `is_full` is true, the
    address includes the scheme and the host.
    """
    return url_for(
        "invitation_landing.start",
        language=language_of(campaign),
        token=token_of(invitation.seed),
        _external=is_full,
    )


def language_of(campaign: Campaign) -> str:
    """Return the language of the current request if the campaign offers that language.

    Otherwise, return the campaign's nearest language.
    """
    return find_nearest(get_language(), campaign.languages)
