"""The preview of a mailing: an example of each message."""

from dataclasses import dataclass

from fitquiz.core.mail.messages import (
    INVITATION,
    Envelope,
    MessageContent,
    write_message,
)
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.web.mail.mail_switch import find_site, find_site_owner, get_mail_server
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now

_NO_LINK = "…"
_EXAMPLE_ADDRESS = "name@example.org"


@dataclass(frozen=True, slots=True)
class Example:
    """The subject and the text of a message, as people will get the message."""

    subject: str
    text: str


def write_example(campaign: Campaign, own_words: str, number: int) -> Example:
    """Return an example of message `number`. The example contains no link that works."""
    owner = find_site_owner()
    content = MessageContent(
        site=find_site(),
        title=campaign.title,
        inviter=campaign.inviter,
        languages=campaign.languages,
        closes_on=campaign.closes_on,
        own_words=own_words if number == INVITATION else "",
        reply_to=get_staff().email,
        organisation=owner.organisation,
        contact=owner.contact,
    )
    envelope = Envelope(
        number=number,
        address=_EXAMPLE_ADDRESS,
        token=_NO_LINK,
        stop_token=_NO_LINK,
        message_name="example",
        sent_at=get_now(),
    )
    message = write_message(content, envelope, get_mail_server().sender)
    body = message.get_body()
    text = body.get_content() if body else ""
    return Example(str(message["Subject"]), text)
