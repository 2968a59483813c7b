"""The settings for e-mail are read together, and an error tells what to write, but never a password."""

import pytest

from fitquiz.config.mail_server import MailServer, read_mail_server
from fitquiz.config.settings import SettingsError, read_settings

SENDER = "Work quiz <quiz@example.org>"


def read(url: str, sender: str = SENDER) -> MailServer:
    settings = read_settings({"FITQUIZ_SMTP_URL": url, "FITQUIZ_MAIL_FROM": sender})
    server = read_mail_server(settings)
    assert server is not None
    return server


def test_without_settings_there_is_no_mail_server() -> None:
    assert read_mail_server(read_settings({})) is None


def test_a_url_names_host_port_user_and_password() -> None:
    server = read("smtp://hana%40fjord.no:p%3Ass%2Fword@mail.fjord.no:2525")
    assert (server.host, server.port) == ("mail.fjord.no", 2525)
    assert (server.user, server.password) == ("hana@fjord.no", "p:ss/word")
    assert str(server.sender) == SENDER


@pytest.mark.parametrize(
    ("url", "port", "has_tls", "needs_starttls"),
    [
        ("smtp://mail.fjord.no", 587, False, True),
        ("smtps://mail.fjord.no", 465, True, False),
        ("smtp://192.168.1.4", 587, False, True),
        ("smtp://localhost:25", 25, False, False),
        ("smtp://127.0.0.1:25", 25, False, False),
        ("smtp://[::1]:25", 25, False, False),
        ("smtp://localhost.fjord.no", 587, False, True),
    ],
)
def test_only_a_connection_within_the_machine_goes_without_tls(
    url: str, port: int, has_tls: bool, needs_starttls: bool
) -> None:
    server = read(url)
    assert (server.port, server.has_tls, server.needs_starttls) == (port, has_tls, needs_starttls)


@pytest.mark.parametrize(
    ("url", "sender", "words"),
    [
        ("", SENDER, "FITQUIZ_SMTP_URL is not"),
        ("smtp://mail.fjord.no", "", "FITQUIZ_MAIL_FROM is not an e-mail address"),
        ("smtp://mail.fjord.no", "Work quiz", "FITQUIZ_MAIL_FROM is not an e-mail address"),
        ("smtp://mail.fjord.no", "kåre@fjord.no", "FITQUIZ_MAIL_FROM is not an e-mail address"),
        ("mail.fjord.no:587", SENDER, "is not the URL of a mail server"),
        ("http://mail.fjord.no", SENDER, "is not the URL of a mail server"),
        ("smtp://", SENDER, "is not the URL of a mail server"),
        ("smtp://mail.fjord.no/box", SENDER, "is not the URL of a mail server"),
        ("smtp://mail.fjord.no:0", SENDER, "has the port 0"),
        ("smtp://user:sesame@mail.fjord.no:x", SENDER, "cannot be read"),
        ("smtp://user:sesame@mail.fjord.no:99999", SENDER, "cannot be read"),
        ("smtp://user:ses/ame@mail.fjord.no", SENDER, "cannot be read"),
        ("smtp://sesame@mail.fjord.no", SENDER, "a user without a password"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(url: str, sender: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(url, sender)
    assert words in str(caught.value)
    assert "sesame" not in str(caught.value)
    assert str(caught.value).endswith(".")
