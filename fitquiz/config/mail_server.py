"""Reads the settings for e-mail: the mail server, and the address of the sender."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from fitquiz.config.settings import Settings, SettingsError
from fitquiz.core.mail.pasted_addresses import tidy_address

_STARTTLS_PORT = 587
_TLS_PORT = 465
_EXAMPLE = "smtp://user:password@mail.example.org:587"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The mail server that passes on the messages, and the address of the sender.

    - `has_tls`: the connection is encrypted from the start.
    - `needs_starttls`: the server must offer STARTTLS. Otherwise, nothing is sent.
    - `user`: if the text is empty, the sender does not sign in.
    """

    host: str
    port: int
    user: str
    password: str
    has_tls: bool
    needs_starttls: bool
    sender: Address


def read_mail_server(settings: Settings) -> MailServer | None:
    """Return the mail server, or None if no mail server is set.

    Raise SettingsError if one of the two settings is missing or not valid. The message of the error
    does not contain the URL, because the URL contains a password.
    """
    if not settings.smtp_url and not settings.mail_from:
        return None
    if not settings.smtp_url:
        raise SettingsError(
            f"FITQUIZ_MAIL_FROM is set, but FITQUIZ_SMTP_URL is not; write {_EXAMPLE}, "
            "or unset FITQUIZ_MAIL_FROM."
        )

    sender = _read_sender(settings.mail_from)
    parts = _split(settings.smtp_url)
    has_tls = parts.scheme == "smtps"
    host = parts.hostname or ""
    return MailServer(
        host=host,
        port=parts.port or (_TLS_PORT if has_tls else _STARTTLS_PORT),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        has_tls=has_tls,
        needs_starttls=not has_tls and not _is_loopback(host),
        sender=sender,
    )


def _split(url: str) -> SplitResult:
    """Return the parts of the URL. Raise SettingsError if the URL is not valid."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SettingsError(
            f"FITQUIZ_SMTP_URL cannot be read; write {_EXAMPLE}. "
            "Write %40 for @, %3A for : and %2F for / in the user and the password."
        ) from None

    has_more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or has_more:
        raise SettingsError(
            f"FITQUIZ_SMTP_URL is not the URL of a mail server; write {_EXAMPLE}, "
            "or smtps:// for a server that begins with TLS."
        )
    if port == 0:
        raise SettingsError("FITQUIZ_SMTP_URL has the port 0; write another port.")
    if bool(parts.username) != bool(parts.password):
        raise SettingsError(
            "FITQUIZ_SMTP_URL has a user without a password, or a password without a user; "
            "write both, or none of the two."
        )
    return parts


def _read_sender(text: str) -> Address:
    """Return the sender's address. Raise SettingsError if the address is missing or not valid."""
    name, typed = parseaddr(text)
    address = tidy_address(typed)
    if address is None or not name.isprintable():
        raise SettingsError(
            "FITQUIZ_MAIL_FROM is not an e-mail address; "
            "write quiz@example.org, or Work quiz <quiz@example.org>."
        )
    return Address(display_name=name, addr_spec=address)


def _is_loopback(host: str) -> bool:
    """Return whether `host` is this machine. Nobody can listen to a connection within a machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
