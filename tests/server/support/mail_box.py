"""A mail server in the test process. It keeps all messages, and answers as a test wants."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

ACCEPTED = "250 OK"


@dataclass
class MailBox:
    """The messages that arrived, and the answers.

    `recipient_answers` and `data_answers` contain answers for single addresses. `on_data` is called
    before a message is answered. `seconds` is the time before each answer to a message.
    """

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    return_paths: list[str] = field(default_factory=list)
    recipient_answers: dict[str, str] = field(default_factory=dict)
    data_answers: dict[str, str] = field(default_factory=dict)
    on_data: Callable[[int], None] = lambda _count: None
    on_mail: Callable[[int], None] = lambda _count: None
    seconds: float = 0

    @property
    def addresses(self) -> list[str]:
        """The address of each message, in the order of arrival."""
        return [str(message["To"]) for message in self.messages]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    # aiosmtpd calls these methods by their names.
    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls this name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.on_mail(len(self.messages))
        envelope.mail_from = address
        return ACCEPTED

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls this name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.recipient_answers.get(address, ACCEPTED)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls this name
        await asyncio.sleep(self.seconds)
        (address,) = envelope.rcpt_tos
        answer = self.data_answers.get(address, ACCEPTED)
        if answer == ACCEPTED:
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.messages.append(message)
            self.return_paths.append(envelope.mail_from)
        self.on_data(len(self.messages))
        return answer


@contextmanager
def serving_mail(tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[MailBox]:
    """Run a mail server for the `with` block. With `tls`, the server offers STARTTLS."""
    box = MailBox(port=find_free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, tls_context=tls, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def read_body(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
