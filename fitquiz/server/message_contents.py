"""Finds out which link a claimed message contains, and what the message says."""

from fitquiz.config.site_owner import SiteOwner
from fitquiz.core.mail.encrypted_addresses import Recipient, derive_staff_token
from fitquiz.core.mail.messages import MessageContent
from fitquiz.core.mail.notices import LinkNotice, SealNotice
from fitquiz.core.secrets.link_codes import derive_token
from fitquiz.store.accounts.password_links import RESET
from fitquiz.store.mailings.notices import SEALED, ClaimedNotice
from fitquiz.store.mailings.outbox import ClaimedMessage

Claimed = ClaimedMessage | ClaimedNotice
"""A message of a mailing, or the message of a notice."""


def derive_link(secret_key: str, message: Claimed, recipient: Recipient) -> str | None:
    """Return the token of the link that a message contains.

    Return None for a message about a seal, because this message contains no secret link.
    """
    if isinstance(message, ClaimedMessage):
        return derive_token(secret_key, recipient.seed)
    if message.kind == SEALED:
        return None
    return derive_staff_token(secret_key, recipient.seed)


def read_notice(
    secret_key: str, notice: ClaimedNotice, recipient: Recipient
) -> LinkNotice | SealNotice:
    """Return what the message of a notice says."""
    if notice.kind == SEALED:
        return SealNotice(
            site=notice.site,
            languages=notice.languages,
            campaign_id=notice.campaign_id or 0,
            title=notice.title or "",
        )
    return LinkNotice(
        site=notice.site,
        language=notice.language,
        token=derive_staff_token(secret_key, recipient.seed),
        is_reset=notice.kind == RESET,
    )


def read_content(
    message: ClaimedMessage, reply_to: str, owner: SiteOwner
) -> MessageContent:
    """Return what all messages of a mailing have in common."""
    return MessageContent(
        site=message.site,
        title=message.title,
        inviter=message.inviter,
        languages=message.languages,
        closes_on=message.closes_on,
        own_words=message.own_words,
        reply_to=reply_to,
        organisation=owner.organisation,
        contact=owner.contact,
    )
