"""Makes invitations: their tokens and codes follow from a fresh seed and the server's key, and can be shown again."""

import re
import secrets

from flask import current_app, url_for
from sqlalchemy.orm import Session

from fitquiz.core.invitation_codes import derive_code, derive_token, hash_code, read_code
from fitquiz.core.tokens import hash_token
from fitquiz.store.campaigns import Campaign
from fitquiz.store.invitations import Invitation, NewInvitation, add_invitations, list_open_links
from fitquiz.store.units import list_units
from fitquiz.web.languages import get_language

_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


def make_invitations(unit_id: int | None, number: int, is_personal: bool) -> list[NewInvitation]:
    """Return new invitations for a unit, or for the whole; they are still to be stored."""
    seeds = [secrets.token_bytes(16) for _ in range(number)]
    return [
        NewInvitation(
            unit_id, seed, hash_token(token_of(seed)), hash_code(_key(), code_of(seed)), is_personal=is_personal
        )
        for seed in seeds
    ]


def make_open_links(session: Session, campaign_id: int) -> None:
    """Store an open link for the whole and one for each unit, as far as they are not there."""
    there = {link.unit_id for link in list_open_links(session, campaign_id)}
    wanted = [None, *(unit.id for unit in list_units(session, campaign_id))]
    new = [link for unit in wanted if unit not in there for link in make_invitations(unit, 1, is_personal=False)]
    add_invitations(session, campaign_id, new)


def token_of(seed: bytes) -> str:
    """Return an invitation's long token."""
    return derive_token(_key(), seed)


def code_of(seed: bytes) -> str:
    """Return an invitation's short code."""
    return derive_code(_key(), seed)


def hash_typed(code: str) -> bytes:
    """Return what a short code is found by."""
    return hash_code(_key(), code)


def hash_named(line: str) -> bytes | None:
    """Return what the invitation is found by whose link or short code stands in a line; None if there is neither."""
    if tokens := _TOKEN.findall(line):
        return hash_token(tokens[-1])
    code = read_code(line)
    return hash_typed(code) if code else None


def address_of(campaign: Campaign, invitation: Invitation, is_full: bool = True) -> str:
    """Return where an invitation leads, in a language that the campaign is for."""
    language, token = language_of(campaign), token_of(invitation.seed)
    return url_for("welcome.start", language=language, token=token, _external=is_full)


def language_of(campaign: Campaign) -> str:
    """Return the page's own language if the campaign is for it, else its first."""
    return get_language() if get_language() in campaign.languages else campaign.languages[0]


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
