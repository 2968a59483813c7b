"""Writes the messages that staff get: a one-time link, or news about the report of a campaign.

A message about a report contains no figures, and is the same whatever the figures are.
"""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from fitquiz.core.mail.messages import BETWEEN_LANGUAGES
from fitquiz.core.mail.notice_texts import NOTICE_TEXTS, NoticeTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkNotice:
    """A message with a one-time link. `is_reset` is false for the first link of an account."""

    site: str
    language: str
    token: str
    is_reset: bool

    @property
    def subject(self) -> str:
        texts = NOTICE_TEXTS[self.language]
        return texts.reset_subject if self.is_reset else texts.invitation_subject

    @property
    def text(self) -> str:
        texts = NOTICE_TEXTS[self.language]
        address = f"{self.site}/{self.language}/staff-links/{self.token}"
        paragraphs = [
            texts.greeting,
            texts.reset if self.is_reset else texts.invitation,
            f"{texts.choose}\n{address}",
            texts.reset_ends if self.is_reset else texts.invitation_ends,
            texts.unexpected,
        ]
        return "\n\n".join(paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportNotice:
    """A message about the report of a campaign, in all languages of the campaign.

    The campaign was sealed. If `is_shared` is true, the report is shared with a colleague instead.
    If `site` is empty, the message contains no link.
    """

    site: str
    languages: tuple[str, ...]
    campaign_id: int
    title: str
    is_shared: bool

    @property
    def subject(self) -> str:
        texts = NOTICE_TEXTS[self.languages[0]]
        subject = texts.shared_subject if self.is_shared else texts.sealed_subject
        return subject.format(title=self.title)

    @property
    def text(self) -> str:
        parts = [self._write_part(language) for language in self.languages]
        return BETWEEN_LANGUAGES.join(parts)

    def _write_part(self, language: str) -> str:
        texts = NOTICE_TEXTS[language]
        news = texts.shared if self.is_shared else texts.sealed
        paragraphs = [
            texts.greeting,
            news.format(title=self.title),
            self._write_way(texts, language),
            texts.why_shared if self.is_shared else texts.why_sealed,
        ]
        return "\n\n".join(paragraphs)

    def _write_way(self, texts: NoticeTexts, language: str) -> str:
        if not self.site:
            return texts.report_without_link
        return f"{texts.report}\n{self.site}/{language}/reports/{self.campaign_id}"


def write_notice(
    notice: LinkNotice | ReportNotice,
    address: str,
    message_name: str,
    sender: Address,
    sent_at: datetime,
) -> EmailMessage:
    """Return the message. `sender` is the address in the setting FITQUIZ_MAIL_FROM."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = notice.subject
    message["From"] = sender
    message["To"] = Address(addr_spec=address)
    message["Date"] = sent_at
    message["Message-ID"] = f"<{message_name}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text, cte="quoted-printable")
    return message
