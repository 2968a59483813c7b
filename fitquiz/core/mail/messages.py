"""Writes the message that a recipient gets.

A message contains nothing about answers. A reminder is the same for people who have answered and
for people who have not. A message contains no image, so that nobody can see who has opened the
message.
"""

from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from fitquiz.core.mail.calendar_files import write_calendar_file
from fitquiz.core.mail.message_texts import TEXTS, MessageTexts, write_day

INVITATION = 0
MAX_REMINDERS = 2
"""The numbers of the messages of a mailing are 0 for the invitation, and 1 and 2 for reminders."""

BETWEEN_LANGUAGES = "\n\n* * *\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContent:
    """What all messages of a mailing have in common.

    - `site` is the address of the server, for example `https://quiz.example.org`.
    - `own_words` is a paragraph by HR, or an empty text.
    - `reply_to` is the e-mail address of the HR account.
    - `organisation` is responsible for the answers, and `contact` is its e-mail address or URL. Each
      is an empty text if it is not known.
    """

    site: str
    title: str
    inviter: str
    languages: tuple[str, ...]
    closes_on: date
    own_words: str
    reply_to: str
    organisation: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What belongs to one message alone.

    `number` is INVITATION or the number of a reminder. `token` opens the invitation. `stop_token`
    opens the page on which the recipient stops all messages.
    """

    number: int
    address: str
    token: str
    stop_token: str
    message_name: str
    sent_at: datetime


def write_message(
    content: MessageContent, envelope: Envelope, sender: Address
) -> EmailMessage:
    """Return a message in all languages of the campaign.

    `sender` is the address in the setting FITQUIZ_MAIL_FROM.
    """
    first_texts = TEXTS[content.languages[0]]
    subject = first_texts.reminder_subject
    if envelope.number == INVITATION:
        subject = first_texts.invitation_subject
    stop_address = write_stop_address(
        content.site, content.languages[0], envelope.stop_token
    )

    written_subject = subject.format(title=content.title)
    recipient = Address(addr_spec=envelope.address)
    message_id = f"<{envelope.message_name}@{sender.domain}>"

    message = EmailMessage(policy=SMTP)
    message["Subject"] = written_subject
    message["From"] = sender
    message["To"] = recipient
    message["Reply-To"] = content.reply_to
    message["Date"] = envelope.sent_at
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{stop_address}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"

    parts = [_write_part(content, envelope, language) for language in content.languages]
    text = BETWEEN_LANGUAGES.join(parts)
    message.set_content(text, cte="quoted-printable")
    if envelope.number == INVITATION:
        _attach_calendar_file(message, content, envelope)
    return message


def write_invitation_address(site: str, language: str, token: str) -> str:
    """Return the address of an invitation."""
    return f"{site}/{language}/invitations/{token}"


def write_stop_address(site: str, language: str, stop_token: str) -> str:
    """Return the address of the page on which a recipient stops all messages."""
    return f"{site}/{language}/stop-mail/{stop_token}"


def _attach_calendar_file(
    message: EmailMessage, content: MessageContent, envelope: Envelope
) -> None:
    texts = TEXTS[content.languages[0]]
    calendar_file = write_calendar_file(
        envelope.message_name,
        texts.last_day.format(title=content.title),
        content.closes_on,
        envelope.sent_at,
    )
    message.add_attachment(
        calendar_file,
        subtype="calendar",
        filename="fitquiz.ics",
        cte="quoted-printable",
    )
    # Python would choose a random boundary. The same message must always be written equally.
    message.set_boundary(f"fitquiz-{envelope.message_name}")


def _write_part(content: MessageContent, envelope: Envelope, language: str) -> str:
    texts = TEXTS[language]
    link = write_invitation_address(content.site, language, envelope.token)
    stop_address = write_stop_address(content.site, language, envelope.stop_token)
    day = write_day(texts, content.closes_on)

    paragraphs = [texts.greeting]
    if envelope.number == INVITATION:
        values = {"title": content.title, "inviter": content.inviter}
        paragraphs.append(texts.invitation.format(**values))
    else:
        paragraphs.append(texts.reminder.format(title=content.title))
    if envelope.number == INVITATION and content.own_words:
        paragraphs.append(content.own_words)

    paragraphs += [
        f"{texts.begin}\n{link}",
        texts.link_is_personal.format(day=day),
        texts.privacy.format(inviter=content.inviter),
        texts.everybody.format(inviter=content.inviter),
        f"{texts.stop}\n{stop_address}",
        texts.address,
    ]
    closing = _write_closing(content, texts)
    if closing:
        paragraphs.append(closing)
    return "\n\n".join(paragraphs)


def _write_closing(content: MessageContent, texts: MessageTexts) -> str:
    """Return the lines that name the responsible organisation and its contact."""
    lines = []
    if content.organisation:
        lines.append(texts.responsible.format(organisation=content.organisation))
    if content.contact:
        lines.append(texts.contact.format(contact=content.contact))
    return "\n".join(lines)
