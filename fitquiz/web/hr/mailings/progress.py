"""How far the messages of a mailing are, for HR's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fitquiz.core.mail.encrypted_addresses import decrypt_recipient
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.mailings.mailings import Mailing
from fitquiz.store.mailings.outbox import REFUSED, SENT, WAITING
from fitquiz.web.security.secret_key import get_secret_key


@dataclass(frozen=True, slots=True)
class Progress:
    """How many messages with one number were sent.

    `day` is the day of a reminder, and None for the invitation. A reminder counts as sent on its
    day, even if the recipient has stopped the messages. Otherwise, the numbers would reveal that
    somebody has stopped the messages.
    """

    number: int
    day: date | None
    total: int
    sent: int
    waiting: int
    refused: int


@dataclass(frozen=True, slots=True)
class Round:
    """Where the e-mails of a campaign stand.

    `is_sent` is true if no invitation waits. `starts_on` is the first day of the campaign, if
    invitations wait for this day. `reminder_on` is the day of the next reminder.
    """

    is_sent: bool
    starts_on: date | None
    reminder_on: date | None


def read_round(
    mailings: Sequence[Mailing], campaign: Campaign, today: date
) -> Round | None:
    """Return where the e-mails stand, or None if there are none."""
    parts = [part for mailing in mailings for part in list_progress(mailing)]
    if not parts:
        return None
    waiting = [part for part in parts if part.waiting]
    is_sent = all(part.day is not None for part in waiting)
    opens_later = campaign.opens_on > today
    days = [part.day for part in waiting if part.day is not None]
    return Round(
        is_sent=is_sent,
        starts_on=campaign.opens_on if opens_later and not is_sent else None,
        reminder_on=min(days, default=None),
    )


def list_progress(mailing: Mailing) -> list[Progress]:
    """Return the progress of the invitation and of each reminder.

    Return an empty list if the messages are deleted.
    """
    if not mailing.counts:
        return []
    return [
        _read_progress(mailing, number, day)
        for number, day in enumerate((None, *mailing.reminder_days))
    ]


def decrypt_addresses(stored: Sequence[bytes]) -> list[str]:
    """Return addresses in alphabetical order. Leave out addresses of another secret key."""
    key = get_secret_key()
    recipients = [decrypt_recipient(key, each) for each in stored]
    return sorted(recipient.address for recipient in recipients if recipient)


def _read_progress(mailing: Mailing, number: int, day: date | None) -> Progress:
    sent = mailing.counts.get((number, SENT), 0)
    waiting = mailing.counts.get((number, WAITING), 0)
    refused = mailing.counts.get((number, REFUSED), 0)
    return Progress(
        number=number,
        day=day,
        total=sent + waiting + refused,
        sent=sent,
        waiting=waiting,
        refused=refused,
    )
