"""Makes invitations: their tokens and codes follow from a fresh seed and the server's key, and can be shown again."""

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


def make_invitations(unit_id: int | None, number: int, is_personal: bool) -> list[NewInvitation]:
    """Return new invitations for a unit, or for the whole; they are still to be stored."""
    seeds = [secrets.token_bytes(16) for _ in range(number)]
    return [
        NewInvitation(
            unit_id,
            seed,
            hash_token(token_of(seed)),
            hash_typed(code_of(seed)),
            is_personal=is_personal,
        )
        for seed in seeds
    ]


def make_open_link(unit_id: int | None) -> NewInvitation:
    """Return a new open link for a unit, or for the whole campaign; it is not stored yet."""
    [link] = make_invitations(unit_id, 1, is_personal=False)
    return link


def make_open_links(session: Session, campaign_id: int) -> None:
    """Store the open links that are missing: one for the whole campaign and one for each unit."""
    add_open_links(session, campaign_id, make_open_link)


def address_of(campaign: Campaign, invitation: Invitation, is_full: bool = True) -> str:
    """Return where an invitation leads, in a language that the campaign is for."""
    language, token = language_of(campaign), token_of(invitation.seed)
    return url_for("invitation_landing.start", language=language, token=token, _external=is_full)


def language_of(campaign: Campaign) -> str:
    """Return the page's own language if the campaign is for it, else its first."""
    return get_language() if get_language() in campaign.languages else campaign.languages[0]
