"""The sender: sends the messages that are due, every few seconds.

No transaction is open while the sender talks to the mail server. Several senders can run at the
same time, because each sender claims its messages with a lease.

The sender stores immediately that the mail server has accepted a message. If the sender is killed
before the answer of the mail server, nobody knows whether the mail server has the message. The
message is then sent again with the same Message-ID, so that mail servers can drop the second copy.
"""

import logging
import secrets
import smtplib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from email.message import EmailMessage

from sqlalchemy.orm import Session

from fitquiz.config.mail_server import MailServer
from fitquiz.config.site_owner import SiteOwner
from fitquiz.core.days import find_day
from fitquiz.core.mail.encrypted_addresses import (
    Recipient,
    decrypt_recipient,
    derive_message_name,
    derive_stop_token,
)
from fitquiz.core.mail.messages import Envelope, write_message
from fitquiz.core.mail.notices import write_notice
from fitquiz.core.mail.pasted_addresses import tidy_address
from fitquiz.core.secrets.link_codes import derive_token
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.server.message_contents import (
    Claimed,
    derive_link,
    read_content,
    read_notice,
)
from fitquiz.server.smtp_delivery import (
    ACCEPTED,
    BROKEN,
    LATER,
    REFUSED,
    connect,
    deliver,
    disconnect,
)
from fitquiz.store.accounts.password_links import find_standing_links
from fitquiz.store.campaigns.invitations import find_standing_hashes
from fitquiz.store.engine.database import Database
from fitquiz.store.mailings.notices import (
    ClaimedNotice,
    claim_notices,
    has_due_notice,
    refuse_notice,
)
from fitquiz.store.mailings.outbox import (
    ClaimedMessage,
    claim_messages,
    drop_messages,
    has_due_message,
    is_still_wanted,
    mark_sent,
    postpone,
    refuse_message,
    release,
)

MAX_CLAIMED = 100
"""The largest number of messages of one connection."""
MAX_SENDING_SECONDS = 240
"""The time after which the sender begins no other message of a claim.

The message that is being sent can take five waits of `smtp_delivery.TIMEOUT_SECONDS`. Together, both
times are shorter than the lease.
"""

MAX_TRIES = 12
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=4)
"""The pauses before a message is sent again. Each pause is twice as long as the previous pause."""
TROUBLE_PAUSE = timedelta(minutes=1)
"""The pause after the mail server was unreachable, or has ended the connection."""

_log = logging.getLogger(__name__)


def _read_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class MailSender:
    """Sends messages through one mail server.

    `is_stopping` returns True if the process must end. `has_trouble` is true if the mail server did
    not work at the last try. `zone` is the time zone of the days on which campaigns end. `owner` is
    the organisation that messages name.
    """

    database: Database
    server: MailServer
    secret_key: str
    zone: tzinfo
    owner: SiteOwner
    get_now: Callable[[], datetime] = _read_clock
    is_stopping: Callable[[], bool] = field(default=lambda: False)
    has_trouble: bool = False

    def send_due(self) -> None:
        """Send all messages that are due."""
        while not self.is_stopping() and self._send_some():
            pass

    def _send_some(self) -> bool:
        """Claim and send some messages. Return whether to go on at once."""
        now = self.get_now()
        today = find_day(now, self.zone)
        with self.database.sessions() as session:
            is_due = has_due_message(session, now, today) or has_due_notice(
                session, now
            )
        if not is_due:
            return False

        lease = secrets.token_bytes(16)
        with self.database.write_transaction() as session:
            # Somebody waits for a one-time link. Therefore notices come before mailings.
            notices = claim_notices(session, lease, now, MAX_CLAIMED)
            room = MAX_CLAIMED - len(notices)
            messages = claim_messages(session, lease, now, today, room)
        claimed: list[Claimed] = [*notices, *messages]
        if not claimed:
            return False
        return self._send_claimed(claimed, lease)

    def _send_claimed(self, claimed: Sequence[Claimed], lease: bytes) -> bool:
        """Send the claimed messages. Return False if the mail server does not work."""
        recipients = self._decrypt(claimed)
        try:
            connection = connect(self.server)
        except OSError as error:
            self._note_trouble(error)
            self._release(lease, TROUBLE_PAUSE)
            return False

        self.has_trouble = False
        began = time.monotonic()
        is_working = True
        try:
            for message in claimed:
                is_late = time.monotonic() - began > MAX_SENDING_SECONDS
                if is_late or not is_working or self.is_stopping():
                    break
                if message.id in recipients:
                    recipient = recipients[message.id]
                    is_working = self._send(connection, message, recipient, lease)
        finally:
            disconnect(connection)
        self._release(lease, timedelta() if is_working else TROUBLE_PAUSE)
        return is_working

    def _decrypt(self, claimed: Sequence[Claimed]) -> dict[int, Recipient | None]:
        """Return the recipients by the ids of the messages, and delete messages without a link.

        The recipient is None if the recipient has stopped the messages. An invitation no longer
        exists if HR has deleted its unit. A one-time link no longer exists if the link was used up,
        has expired or was replaced. A message cannot be decrypted after `fitquiz key replace`.
        """
        recipients: dict[int, Recipient | None] = {}
        token_hashes: dict[int, bytes] = {}
        for message in claimed:
            if message.recipient is None:
                recipients[message.id] = None
                continue
            recipient = decrypt_recipient(self.secret_key, message.recipient)
            if recipient is not None:
                recipients[message.id] = recipient
                token = derive_link(self.secret_key, message, recipient)
                if token is not None:
                    token_hashes[message.id] = hash_token(token)

        hashes = list(token_hashes.values())
        with self.database.sessions() as session:
            standing = find_standing_hashes(session, hashes)
            standing |= find_standing_links(session, hashes, self.get_now())
        for message_id, token_hash in token_hashes.items():
            if token_hash not in standing:
                del recipients[message_id]

        lost = [message.id for message in claimed if message.id not in recipients]
        if lost:
            with self.database.write_transaction() as session:
                drop_messages(session, lost)
        return recipients

    def _send(
        self,
        connection: smtplib.SMTP,
        message: Claimed,
        recipient: Recipient | None,
        lease: bytes,
    ) -> bool:
        """Send one message, and store what has become of it. Return False if the connection ended.

        A message that is no longer wanted counts as sent.
        """
        outcome = ACCEPTED
        with self.database.sessions() as session:
            is_wanted = is_still_wanted(session, message.id, lease)
        if recipient is not None and is_wanted:
            outcome = self._write_and_deliver(connection, message, recipient)
        self._store(message, outcome, lease)
        return outcome != BROKEN

    def _write_and_deliver(
        self, connection: smtplib.SMTP, message: Claimed, recipient: Recipient
    ) -> str:
        """Return what has become of a message. A message that cannot be written is tried later.

        Otherwise, the message would stop all messages after it.
        """
        return_path = self._find_return_path(message)
        try:
            written = self._write(message, recipient, return_path)
            return deliver(connection, written, return_path, recipient.address)
        except (ValueError, OverflowError) as error:
            _log.error("a message could not be written: %s", type(error).__name__)
            return LATER

    def _find_return_path(self, message: Claimed) -> str:
        """Return the address that gets replies and error messages of other mail servers."""
        own_address = str(self.server.sender.addr_spec)
        if isinstance(message, ClaimedNotice):
            return own_address
        reply_address = tidy_address(message.reply_to)
        return reply_address or own_address

    def _write(
        self, message: Claimed, recipient: Recipient, return_path: str
    ) -> EmailMessage:
        """Return the written message. Raise ValueError if a header has a forbidden character."""
        if isinstance(message, ClaimedMessage):
            content = read_content(message, return_path, self.owner)
            envelope = self._make_envelope(message, recipient)
            return write_message(content, envelope, self.server.sender)
        return write_notice(
            read_notice(self.secret_key, message, recipient),
            recipient.address,
            derive_message_name(self.secret_key, recipient.seed, 0),
            self.server.sender,
            self.get_now(),
        )

    def _store(self, message: Claimed, outcome: str, lease: bytes) -> None:
        tries = message.tries + 1
        is_last_try = tries >= MAX_TRIES
        longer_pause = FIRST_PAUSE * 2**message.tries
        pause = min(LONGEST_PAUSE, longer_pause)
        next_try_at = self.get_now() + pause
        with self.database.write_transaction() as session:
            if outcome == ACCEPTED:
                mark_sent(session, message.id, lease)
            elif outcome == REFUSED or is_last_try:
                _refuse(session, message, lease)
            else:
                postpone(session, message.id, lease, next_try_at)

    def _make_envelope(self, message: ClaimedMessage, recipient: Recipient) -> Envelope:
        seed = recipient.seed
        return Envelope(
            number=message.number,
            address=recipient.address,
            token=derive_token(self.secret_key, seed),
            stop_token=derive_stop_token(self.secret_key, seed),
            message_name=derive_message_name(self.secret_key, seed, message.number),
            sent_at=self.get_now(),
        )

    def _release(self, lease: bytes, pause: timedelta) -> None:
        next_try_at = self.get_now() + pause
        with self.database.write_transaction() as session:
            release(session, lease, next_try_at)

    def _note_trouble(self, error: OSError) -> None:
        """Log only the first of several errors, because the sender tries again every minute."""
        if not self.has_trouble:
            _log.error(
                "the mail server cannot be used (%s); run fitquiz doctor. "
                "The messages wait, and are sent as soon as the mail server works.",
                type(error).__name__,
            )
        self.has_trouble = True


def _refuse(session: Session, message: Claimed, lease: bytes) -> None:
    if isinstance(message, ClaimedNotice):
        refuse_notice(session, message.id, lease)
    else:
        refuse_message(session, message, lease)
