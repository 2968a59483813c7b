"""A mailing of Hana's to a number of people, for tests of the outbox and of the sender."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.core.mail.encrypted_addresses import (
    Recipient,
    derive_stop_token,
    encrypt_recipient,
    hash_address,
)
from fitquiz.core.secrets.link_codes import derive_token
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import NewInvitation, add_invitations
from fitquiz.store.engine.database import Database
from fitquiz.store.mailings.mailings import NewMailing, NewRecipient, create_mailing
from tests.store.support.ledger_cast import add_staff, start_campaign

KEY = "k9f2-x7q1-m4z8-p0w3-first-of-all"
MADE = datetime(2026, 3, 2, 9, tzinfo=UTC)
REMINDED = datetime(2026, 3, 9, 7, tzinfo=UTC)
SITE = "https://quiz.example.org"


@dataclass(frozen=True)
class MailedPeople:
    """The campaign, the mailing and the people of a mailing. Person 1 has the seed 1."""

    campaign: Campaign
    mailing_id: int
    count: int

    def token(self, number: int) -> str:
        return derive_token(KEY, make_seed(number))

    def stop_token(self, number: int) -> str:
        return derive_stop_token(KEY, make_seed(number))

    @property
    def addresses(self) -> list[str]:
        return [make_address(number) for number in range(1, self.count + 1)]


def make_seed(number: int) -> bytes:
    return number.to_bytes(16)


def make_address(number: int) -> str:
    return f"person{number}@example.org"


def send_to(
    session: Session, count: int, reminders: int = 0, own_words: str = "", **changes: object
) -> MailedPeople:
    """Store a campaign and a mailing to this number of people."""
    campaign = start_campaign(session, add_staff(session), is_personal=True, **changes)
    people = [_make_person(campaign, number) for number in range(1, count + 1)]
    add_invitations(session, campaign.id, [invitation for invitation, _ in people])
    moments = [MADE, *(REMINDED + timedelta(7 * number) for number in range(reminders))]
    new = NewMailing(
        campaign_id=campaign.id,
        site=SITE,
        own_words=own_words,
        sends_at=tuple(moments),
        reminder_days=tuple(moment.date() for moment in moments[1:]),
    )
    recipients = [recipient for _, recipient in people]
    mailing_id = create_mailing(session, new, recipients, list.reverse, MADE)
    return MailedPeople(campaign, mailing_id, count)


def read_outbox(database: Database) -> list[tuple[str, bytes | None]]:
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT state, recipient FROM outbox ORDER BY id"))
        return [tuple(row) for row in rows]


def _make_person(campaign: Campaign, number: int) -> tuple[NewInvitation, NewRecipient]:
    seed = make_seed(number)
    address = make_address(number)
    invitation = NewInvitation(
        unit_id=None,
        seed=seed,
        token_hash=hash_token(derive_token(KEY, seed)),
        code_hash=hash_token(f"code {number}"),
        is_personal=True,
    )
    recipient = NewRecipient(
        recipient=encrypt_recipient(KEY, Recipient(address, seed), seed),
        stop_hash=hash_token(derive_stop_token(KEY, seed)),
        address_hash=hash_address(KEY, campaign.id, address),
    )
    return replace(invitation, is_mailed=True), recipient
