"""The check of e-mail in `fitquiz doctor`, and the test message."""

from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

from fitquiz.cli.doctor_checks import FAIL, Finding, Installation
from fitquiz.config.mail_server import MailServer, read_mail_server
from fitquiz.config.settings import Settings, SettingsError
from fitquiz.core.mail.pasted_addresses import tidy_address
from fitquiz.server.smtp_delivery import ACCEPTED, connect, deliver, disconnect


def check_mail(installation: Installation) -> Iterator[Finding]:
    """Check the settings for e-mail, and sign in to the mail server. Send nothing."""
    server = read_mail_server(installation.settings)
    if server is None:
        return
    try:
        connection = connect(server)
    except OSError as error:
        yield FAIL, describe_trouble(server, error)
    else:
        disconnect(connection)


def send_test_message(settings: Settings, typed: str, now: datetime) -> str:
    """Send a message to the address `typed`, and return the address.

    Raise SettingsError if the mail server does not accept the message.
    """
    server = read_mail_server(settings)
    address = tidy_address(typed)
    if server is None:
        raise SettingsError(
            "No mail server is set; set FITQUIZ_SMTP_URL and FITQUIZ_MAIL_FROM."
        )
    if address is None:
        raise SettingsError(f"{typed!r} is not an e-mail address.")

    try:
        connection = connect(server)
    except OSError as error:
        raise SettingsError(f"{describe_trouble(server, error)}.") from error

    message = _write_test_message(server, address, now)
    try:
        outcome = deliver(connection, message, server.sender.addr_spec, address)
    finally:
        disconnect(connection)
    if outcome != ACCEPTED:
        raise SettingsError(
            f"The mail server {server.host} does not accept a message to {address}; "
            "check FITQUIZ_MAIL_FROM, and what the mail server allows."
        )
    return address


def describe_trouble(server: MailServer, error: OSError) -> str:
    """Return what is wrong with the mail server, without a full stop.

    The text contains no message of the mail server, because the message may contain the password.
    """
    return (
        f"the mail server {server.host}:{server.port} cannot be used ({type(error).__name__}); "
        "check FITQUIZ_SMTP_URL, and that the server offers TLS with a valid certificate"
    )


def _write_test_message(
    server: MailServer, address: str, now: datetime
) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "Fitquiz test message"
    message["From"] = server.sender
    message["To"] = address
    message["Date"] = now
    message["Message-ID"] = make_msgid(domain=server.sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        "The server can send e-mail: invitations will arrive like this.\n"
    )
    return message
