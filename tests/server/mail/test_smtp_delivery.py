"""Nothing is sent without TLS to another machine, and an error never shows the password."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from fitquiz.cli.mail_checks import send_test_message
from fitquiz.config.mail_server import MailServer
from fitquiz.config.settings import SettingsError, read_settings
from fitquiz.server import mail_process, smtp_delivery
from fitquiz.server.smtp_delivery import connect, disconnect
from tests.server.support.mail_box import MailBox, find_free_port, serving_mail
from tests.web.support.app_fixtures import Run

CERTIFICATE = Path(__file__).parents[2] / "fixtures" / "mail-server.pem"


def make_server(port: int, **changes: Any) -> MailServer:
    server = MailServer(
        host="127.0.0.1",
        port=port,
        user="hana",
        password="sesame",
        has_tls=False,
        needs_starttls=True,
        sender=Address(addr_spec="quiz@example.org"),
    )
    return replace(server, **changes)


def check_password(*arguments: Any) -> AuthResult:
    data = arguments[-1]
    is_right = (data.login, data.password) == (b"hana", b"sesame")
    return AuthResult(success=is_right, handled=False)


@pytest.fixture
def tls_box() -> Iterator[MailBox]:
    """A mail server that demands STARTTLS and a password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    options = {"require_starttls": True, "auth_required": True, "authenticator": check_password}
    with serving_mail(context, **options) as box:
        yield box


def test_with_a_trusted_certificate_the_sender_signs_in(
    tls_box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    disconnect(connect(make_server(tls_box.port)))
    with pytest.raises(OSError, match="535"):
        connect(make_server(tls_box.port, password="wrong"))


def test_an_unknown_certificate_is_refused(tls_box: MailBox) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(make_server(tls_box.port))


def test_a_server_without_starttls_is_refused_before_the_password(box: MailBox) -> None:
    with pytest.raises(OSError, match="STARTTLS"):
        connect(make_server(box.port))
    disconnect(connect(make_server(box.port, needs_starttls=False, user="")))


def test_a_server_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_delivery, "TIMEOUT_SECONDS", 0.2)
    with serving_mail() as box:
        box.seconds = 1
        server = make_server(box.port, needs_starttls=False, user="")
        connection = connect(server)
        message = EmailMessage()
        outcome = smtp_delivery.deliver(connection, message, "a@b.no", "kari@example.org")
        connection.close()
    assert outcome == smtp_delivery.BROKEN


def set_mail(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("FITQUIZ_SMTP_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("FITQUIZ_MAIL_FROM", "quiz@example.org")


def test_doctor_checks_the_mail_server_and_sends_only_when_asked(
    run: Run, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mail(monkeypatch, box.port)
    assert "ok   e-mail\n" in run("doctor")
    assert box.messages == []
    said = run("doctor", "--send-test-to", "hana@example.org")
    assert "A test message was sent to hana@example.org." in said
    assert box.addresses == ["hana@example.org"]


def test_doctor_says_what_is_wrong_with_the_mail_server(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mail(monkeypatch, find_free_port())
    assert "FAIL e-mail: the mail server 127.0.0.1" in run("doctor", code=1)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("hana@", "is not an e-mail address"), ("no@example.org", "does not accept a message")],
)
def test_a_test_message_that_fails_is_told(box: MailBox, typed: str, words: str) -> None:
    box.recipient_answers["no@example.org"] = "550 no"
    settings = read_settings({"FITQUIZ_SMTP_URL": box.url, "FITQUIZ_MAIL_FROM": "quiz@example.org"})
    with pytest.raises(SettingsError, match=words):
        send_test_message(settings, typed, datetime.now(UTC))
    assert box.messages == []


def test_a_test_message_needs_a_mail_server() -> None:
    with pytest.raises(SettingsError, match="No mail server is set"):
        send_test_message(read_settings({}), "hana@example.org", datetime.now(UTC))


def test_no_process_is_started_without_a_mail_server() -> None:
    assert mail_process.start_mail_sender(read_settings({})) is None
