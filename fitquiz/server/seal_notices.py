"""Tells the owners and readers of a campaign by e-mail that the campaign was sealed."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fitquiz.config.mail_server import read_mail_server
from fitquiz.config.secret_key import load_secret_key
from fitquiz.config.settings import Settings
from fitquiz.core.mail.encrypted_addresses import (
    NONCE_BYTES,
    SEED_BYTES,
    Recipient,
    encrypt_recipient,
)
from fitquiz.core.mail.pasted_addresses import tidy_address
from fitquiz.store.campaigns.campaigns import find_campaign
from fitquiz.store.campaigns.members import can_have_campaigns, list_members
from fitquiz.store.mailings.notices import SEALED, NewNotice, add_notice


@dataclass(frozen=True, slots=True)
class SealNotices:
    """Stores the messages about seals. `secret_key` encrypts the addresses."""

    secret_key: str

    def add(self, session: Session, campaign_id: int, now: datetime) -> None:
        """Store a message to each owner and each reader who can open the report.

        The messages are the same whether figures were published or too few people have answered.
        """
        campaign = find_campaign(session, campaign_id)
        if campaign is None:
            return
        for member in list_members(session, campaign_id):
            address = tidy_address(member.staff.email)
            if not can_have_campaigns(member.staff) or address is None:
                continue
            new = NewNotice(
                staff_id=member.staff.id,
                campaign_id=campaign_id,
                kind=SEALED,
                site=campaign.site,
                recipient=self._encrypt(address),
            )
            add_notice(session, new, now)

    def _encrypt(self, address: str) -> bytes:
        """Return the encrypted address. The seed only gives the message its Message-ID."""
        seed = secrets.token_bytes(SEED_BYTES)
        nonce = secrets.token_bytes(NONCE_BYTES)
        return encrypt_recipient(self.secret_key, Recipient(address, seed), nonce)


def make_seal_notices(settings: Settings) -> SealNotices | None:
    """Return what stores the messages, or None if no mail server is set."""
    if read_mail_server(settings) is None:
        return None
    return SealNotices(load_secret_key(settings))
