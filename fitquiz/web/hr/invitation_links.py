"""Makes invitations. Their tokens and codes are derived from a random seed and the secret key."""

import secrets

from flask import url_for
from sqlalchemy.orm import Session

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import (
    Invitation,
    NewInvitation,
    add_open_links,
)
from fitquiz.web.security.link_codes import code_of, hash_typed, token_of
from fitquiz.web.site.languages import get_language


def make_invitations(
    unit_id: int | None, number: int, is_personal: bool
) -> list[NewInvitation]:
    """Return new invitations for a unit, or for the whole campaign. They are not stored yet."""
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
    """Return a new open link for a unit, or for the whole campaign; it is not stored yet."""
    [link] = make_invitations(unit_id, 1, is_personal=False)
    return link


def make_open_links(session: Session, campaign_id: int) -> None:
    """Store the open links that are missing: one for the whole campaign and one for each unit."""
    add_open_links(session, campaign_id, make_open_link)


def address_of(campaign: Campaign, invitation: Invitation, is_full: bool = True) -> str:
    """Return the address of an invitation, in a language of the campaign."""
    return url_for(
        "invitation_landing.start",
        language=language_of(campaign),
        token=token_of(invitation.seed),
        _external=is_full,
    )


def language_of(campaign: Campaign) -> str:
    """Return the page's own language if the campaign has it, or the campaign's first language."""
    language = get_language()
    if language in campaign.languages:
        return language
    return campaign.languages[0]
