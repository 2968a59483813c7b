"""Tells a colleague by e-mail that the colleague can read a report, if a mail server is set."""

import secrets

from sqlalchemy.orm import Session

from fitquiz.core.mail.encrypted_addresses import (
    NONCE_BYTES,
    SEED_BYTES,
    Recipient,
    encrypt_recipient,
)
from fitquiz.core.mail.pasted_addresses import tidy_address
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.mailings.notices import SHARED, NewNotice, add_notice
from fitquiz.web.mail.mail_switch import can_send_mail, find_site
from fitquiz.web.security.secret_key import get_secret_key
from fitquiz.web.site.clock import get_now


def mail_shared_report(session: Session, campaign: Campaign, staff: Staff) -> None:
    """Store the message. Without a mail server or a usable address, store nothing."""
    address = tidy_address(staff.email)
    if not can_send_mail() or address is None:
        return
    recipient = Recipient(address, secrets.token_bytes(SEED_BYTES))
    nonce = secrets.token_bytes(NONCE_BYTES)
    new = NewNotice(
        staff_id=staff.id,
        campaign_id=campaign.id,
        kind=SHARED,
        site=find_site(),
        recipient=encrypt_recipient(get_secret_key(), recipient, nonce),
    )
    add_notice(session, new, get_now())
