"""A message says who invites and how to stop, in each language of the campaign."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email.headerregistry import Address
from string import Formatter

import pytest

from fitquiz.core.languages import LANGUAGES
from fitquiz.core.mail.message_texts import TEXTS, MessageTexts
from fitquiz.core.mail.messages import Envelope, MessageContent, write_message

CONTENT = MessageContent(
    site="https://quiz.example.org",
    title="Vår {runde} 100 %",
    inviter="HR på Fjord",
    languages=("nb", "en"),
    closes_on=date(2026, 3, 31),
    own_words="Vi spanderer kake. {link}",
    reply_to="hana@example.org",
)
ENVELOPE = Envelope(
    number=0,
    address="kari@example.org",
    token="T" * 43,
    stop_token="S" * 43,
    message_name="name",
    sent_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
)
SENDER = Address("Jobbquiz på Fjord", addr_spec="quiz@example.org")


def read_body(content: MessageContent = CONTENT, envelope: Envelope = ENVELOPE) -> str:
    body = write_message(content, envelope, SENDER).get_body()
    assert body is not None
    return str(body.get_content())


def test_every_language_of_the_product_has_all_texts() -> None:
    assert set(LANGUAGES) <= set(TEXTS)


@pytest.mark.parametrize("language", TEXTS)
def test_the_texts_of_each_language_have_the_same_values_and_twelve_months(language: str) -> None:
    def list_values(texts: MessageTexts, name: str) -> set[str | None]:
        return {value for _, value, _, _ in Formatter().parse(getattr(texts, name)) if value}

    names = [name for name in MessageTexts.__slots__ if name != "months"]
    for name in names:
        assert list_values(TEXTS[language], name) == list_values(TEXTS["en"], name), name
    assert len(set(TEXTS[language].months)) == 12


def test_an_invitation_is_written_in_each_language_of_the_campaign() -> None:
    body = read_body()
    assert f"https://quiz.example.org/nb/invitations/{ENVELOPE.token}" in body
    assert f"https://quiz.example.org/en/invitations/{ENVELOPE.token}" in body
    assert "HR på Fjord inviterer deg til «Vår {runde} 100 %»" in body
    assert "31. mars 2026" in body
    assert "31 March 2026" in body
    assert body.count(CONTENT.own_words) == 2
    only_english = read_body(replace(CONTENT, languages=("en",)))
    assert "/nb/" not in only_english
    assert "inviterer" not in only_english


@pytest.mark.parametrize("number", [0, 1])
def test_a_message_ends_with_who_is_responsible_in_each_language(number: int) -> None:
    owned = replace(CONTENT, organisation="Fjord {kommune}", contact="quiz@fjord.no")
    in_bokmal, in_english = read_body(owned, replace(ENVELOPE, number=number)).split("* * *")
    assert in_bokmal.strip().endswith(
        "Fjord {kommune} har ansvaret for svarene.\nSpørsmål: quiz@fjord.no"
    )
    assert in_english.strip().endswith(
        "Fjord {kommune} is responsible for the answers.\nQuestions: quiz@fjord.no"
    )


def test_a_message_leaves_out_what_the_server_does_not_know() -> None:
    assert read_body(replace(CONTENT, contact="quiz@fjord.no")).endswith(
        "survey closes.\n\nQuestions: quiz@fjord.no\n"
    )
    assert read_body(replace(CONTENT, organisation="Fjord")).endswith(
        "survey closes.\n\nFjord is responsible for the answers.\n"
    )
    assert read_body().endswith("survey closes.\n")


def test_a_reminder_thanks_people_who_have_answered_and_has_no_own_words() -> None:
    reminder = replace(ENVELOPE, number=1)
    body = read_body(envelope=reminder)
    assert "Takk til deg som allerede har svart" in body
    assert CONTENT.own_words not in body
    assert body == read_body(envelope=replace(ENVELOPE, number=2))
    assert write_message(CONTENT, reminder, SENDER)["Subject"] == "Påminnelse: Vår {runde} 100 %"


@pytest.mark.parametrize(
    ("number", "kinds"), [(0, ["text/plain", "text/calendar"]), (1, ["text/plain"])]
)
def test_a_message_has_neither_images_nor_html(number: int, kinds: list[str]) -> None:
    message = write_message(CONTENT, replace(ENVELOPE, number=number), SENDER)
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == kinds
    assert not any("<" in part.get_content() for part in parts)


def test_the_same_message_is_always_written_equally() -> None:
    first, second = (write_message(CONTENT, ENVELOPE, SENDER).as_bytes() for _ in range(2))
    assert first == second


def test_an_invitation_brings_the_last_day_for_the_calendar_but_no_link() -> None:
    (attachment,) = write_message(CONTENT, ENVELOPE, SENDER).iter_attachments()
    lines = attachment.get_content().splitlines()
    assert "DTSTART;VALUE=DATE:20260331" in lines
    assert "DTEND;VALUE=DATE:20260401" in lines
    assert "SUMMARY:Siste dag: Vår {runde} 100 %" in lines
    assert "http" not in attachment.get_content()


def test_a_message_is_pure_ascii_on_its_way() -> None:
    written = write_message(CONTENT, ENVELOPE, SENDER).as_bytes()
    assert written.isascii()
    assert max(len(line) for line in written.splitlines()) <= 998


def test_no_name_can_add_a_header() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        write_message(replace(CONTENT, title="Vår\r\nBcc: x@y.no"), ENVELOPE, SENDER)
