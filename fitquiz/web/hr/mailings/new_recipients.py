"""Makes the invitations and the encrypted addresses of a mailing."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import Path
from fitquiz.core.mail.encrypted_addresses import (
    NONCE_BYTES,
    Recipient,
    derive_stop_token,
    encrypt_recipient,
    hash_address,
)
from fitquiz.core.people_lists.people import ListedPerson
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import NewInvitation
from fitquiz.store.mailings.mailings import NewRecipient, find_known_hashes
from fitquiz.web.hr.invitation_links import make_invitations
from fitquiz.web.security.secret_key import get_secret_key


@dataclass(frozen=True, slots=True)
class NewPerson:
    """The invitation, the encrypted address and the unit of one person. Nothing is stored yet."""

    invitation: NewInvitation
    recipient: NewRecipient
    path: Path

    def invite_to(self, unit_ids: Mapping[Path, int]) -> NewInvitation:
        """Return the invitation for the person's unit."""
        unit_id = unit_ids.get(self.path)
        return replace(self.invitation, unit_id=unit_id)


def make_people(
    campaign: Campaign, addresses: Sequence[ListedPerson]
) -> list[NewPerson]:
    """Make an invitation for each address. The people are in random order."""
    people = [_make_person(campaign, each) for each in addresses]
    secrets.SystemRandom().shuffle(people)
    return people


def leave_out_known(
    session: Session, campaign: Campaign, people: Sequence[NewPerson]
) -> list[NewPerson]:
    """Return the people to whom the campaign does not send messages yet."""
    by_hash = {person.recipient.address_hash: person for person in people}
    hashes = list(by_hash)
    known = find_known_hashes(session, campaign.id, hashes)
    for address_hash in known:
        del by_hash[address_hash]
    return list(by_hash.values())


def leave_out_known_addresses(
    session: Session, campaign: Campaign, addresses: Sequence[ListedPerson]
) -> list[ListedPerson]:
    """Return the addresses to which the campaign does not send messages yet."""
    key = get_secret_key()
    by_hash = {}
    for each in addresses:
        address_hash = hash_address(key, campaign.id, each.address)
        by_hash[address_hash] = each

    hashes = list(by_hash)
    known = find_known_hashes(session, campaign.id, hashes)
    for address_hash in known:
        del by_hash[address_hash]
    return list(by_hash.values())


def _make_person(campaign: Campaign, listed: ListedPerson) -> NewPerson:
    key = get_secret_key()
    nonce = secrets.token_bytes(NONCE_BYTES)
    [invitation] = make_invitations(None, 1, is_personal=True)
    mailed = replace(invitation, is_mailed=True)

    recipient = Recipient(listed.address, mailed.seed)
    stop_token = derive_stop_token(key, mailed.seed)
    stored = NewRecipient(
        recipient=encrypt_recipient(key, recipient, nonce),
        stop_hash=hash_token(stop_token),
        address_hash=hash_address(key, campaign.id, listed.address),
    )
    return NewPerson(mailed, stored, listed.path)
