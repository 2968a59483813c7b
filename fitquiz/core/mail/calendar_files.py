"""Writes a calendar file with the last day of a campaign (RFC 5545).

The file contains no link, because colleagues can often read each other's calendars.
"""

from datetime import UTC, date, datetime, timedelta

_MAX_LINE_BYTES = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def write_calendar_file(
    name: str, title: str, last_day: date, written_at: datetime
) -> str:
    """Return a calendar file with one event, which takes the whole of `last_day`.

    `name` identifies the event. If a calendar gets the event twice, the calendar shows it once.
    """
    next_day = last_day + timedelta(days=1)
    stamp = written_at.astimezone(UTC)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//fitquiz//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{name}",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{last_day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{next_day:%Y%m%d}",
        f"SUMMARY:{title.translate(_ESCAPES)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    folded = [_fold(line) for line in lines]
    return "\r\n".join(folded) + "\r\n"


def _fold(line: str) -> str:
    """Divide a long line. Each part after the first part begins with a space."""
    parts = [""]
    for character in line:
        part = parts[-1] + character
        if len(part.encode()) > _MAX_LINE_BYTES:
            parts.append(f" {character}")
        else:
            parts[-1] = part
    return "\r\n".join(parts)
