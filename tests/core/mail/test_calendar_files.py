"""A calendar file has short lines, and a title changes nothing but the title."""

from datetime import UTC, date, datetime

from fitquiz.core.mail.calendar_files import write_calendar_file

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def write(title: str) -> str:
    return write_calendar_file("name", title, date(2026, 12, 31), NOW)


def test_an_event_takes_the_whole_last_day() -> None:
    lines = write("Spring").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTAMP:20261201T093000Z" in lines
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "TRANSP:TRANSPARENT" in lines


def test_special_characters_of_a_title_are_escaped() -> None:
    assert "SUMMARY:a\\;b\\,c\\\\d\\nURL:x\r\n" in write("a;b,c\\d\nURL:x")


def test_long_lines_are_folded_between_characters() -> None:
    title = "Vårrunden på Blåbærøya " * 5
    written = write(title)
    assert max(len(line.encode()) for line in written.split("\r\n")) <= 75
    assert f"SUMMARY:{title}" in written.replace("\r\n ", "")
