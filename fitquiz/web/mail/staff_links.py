"""Makes one-time links for staff, and sends the links by e-mail if a mail server is set.

A link that is sent by e-mail is shown to nobody. The database contains the link only encrypted, and
only until the message is sent.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fitquiz.core.mail.encrypted_addresses import (
    NONCE_BYTES,
    SEED_BYTES,
    Recipient,
    derive_staff_token,
    encrypt_recipient,
)
from fitquiz.core.mail.pasted_addresses import tidy_address
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.mailings.notices import NewNotice, add_link_notice, find_link_state
from fitquiz.store.mailings.outbox import REFUSED
from fitquiz.web.mail.mail_switch import can_send_mail, find_site
from fitquiz.web.security.secret_key import get_secret_key
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session
from fitquiz.web.site.page_language import get_language


@dataclass(frozen=True, slots=True)
class StaffLink:
    """A one-time link. The token is derived from the random seed and the secret key."""

    seed: bytes
    token: str

    @property
    def token_hash(self) -> bytes:
        """The hash that the database stores."""
        return hash_token(self.token)


def make_staff_link() -> StaffLink:
    """Return a new one-time link. The function does not store the link."""
    seed = secrets.token_bytes(SEED_BYTES)
    return StaffLink(seed, derive_staff_token(get_secret_key(), seed))


def can_mail_first_link(email: str) -> bool:
    """Return whether the link of a new account can be sent by e-mail."""
    return can_send_mail() and tidy_address(email) is not None


def can_mail_link(staff: Staff) -> bool:
    """Return whether a link can be sent to an account by e-mail.

    If the last link could not be delivered, the next link is shown to the administrator.
    """
    if staff.is_disabled or not can_mail_first_link(staff.email):
        return False
    return find_link_state(get_session(), staff.id) != REFUSED


def mail_link(session: Session, staff: Staff, link: StaffLink, kind: str) -> None:
    """Store the message with a link, in the language of the page. The sender sends the message."""
    address = tidy_address(staff.email) or staff.email
    nonce = secrets.token_bytes(NONCE_BYTES)
    recipient = Recipient(address, link.seed)
    new = NewNotice(
        staff_id=staff.id,
        kind=kind,
        site=find_site(),
        language=get_language(),
        recipient=encrypt_recipient(get_secret_key(), recipient, nonce),
    )
    add_link_notice(session, new, get_now())
