"""Makes invitations: their tokens and codes follow from a fresh seed and the server's key, and can be shown again."""

import secrets

from flask import current_app
from sqlalchemy.orm import Session

from fitquiz.core.invitation_codes import derive_code, derive_token, hash_code
from fitquiz.core.tokens import hash_token
from fitquiz.store.invitations import NewInvitation, add_invitations, list_open_links
from fitquiz.store.units import list_units


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


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
