"""Connects to the mail server, and hands over one message at a time."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP

from fitquiz.config.mail_server import MailServer

TIMEOUT_SECONDS = 30
"""The longest wait for one answer of the mail server."""

ACCEPTED = "accepted"
REFUSED = "refused"
LATER = "later"
BROKEN = "broken"
"""What can become of a message.

ACCEPTED: the mail server has the message. REFUSED: the mail server will never accept the message.
LATER: the mail server may accept the message later. BROKEN: the connection has ended, and nobody
knows whether the mail server has the message.
"""

_CLOSING = 421
_PERMANENT = 500


def connect(server: MailServer) -> smtplib.SMTP:
    """Return a connection on which messages can be sent.

    Raise OSError if the mail server is unreachable, offers no STARTTLS or refuses the sign-in. All
    errors of smtplib and ssl are OSErrors.
    """
    context = ssl.create_default_context()
    own_name = server.sender.domain
    connection: smtplib.SMTP
    if server.has_tls:
        connection = smtplib.SMTP_SSL(
            server.host,
            server.port,
            local_hostname=own_name,
            timeout=TIMEOUT_SECONDS,
            context=context,
        )
    else:
        connection = smtplib.SMTP(
            server.host,
            server.port,
            local_hostname=own_name,
            timeout=TIMEOUT_SECONDS,
        )
    try:
        if server.needs_starttls:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except OSError:
        connection.close()
        raise
    return connection


def deliver(
    connection: smtplib.SMTP, message: EmailMessage, return_path: str, address: str
) -> str:
    """Hand a message over to the mail server, and return what has become of the message."""
    data = message.as_bytes(policy=SMTP)
    try:
        connection.sendmail(return_path, [address], data)
    except smtplib.SMTPSenderRefused as error:
        # The settings are wrong, and not the address. Therefore the message may be accepted later.
        return BROKEN if error.smtp_code == _CLOSING else LATER
    except smtplib.SMTPRecipientsRefused as error:
        return _read_code(error.recipients[address][0])
    except smtplib.SMTPResponseException as error:
        return _read_code(error.smtp_code)
    except OSError:
        return BROKEN
    return ACCEPTED


def disconnect(connection: smtplib.SMTP) -> None:
    """End the connection. Raise no error if the connection is broken."""
    try:
        connection.quit()
    except OSError:
        connection.close()


def _read_code(code: int) -> str:
    if code == _CLOSING:
        return BROKEN
    return REFUSED if code >= _PERMANENT else LATER
