"""Replaces the clock of the app, so that a test can set the clock forwards and backwards."""

import sys
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Self
from zoneinfo import ZoneInfo

import pytest

OSLO = ZoneInfo("Europe/Oslo")
"""The time zone of an app without settings."""


def find_today() -> date:
    """Return the present day of an app without settings."""
    return datetime.now(OSLO).date()


class Clock:
    """The clock of every page and command. `off` is the difference from the real time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.off = timedelta(0)
        self.stopped_at: datetime | None = None
        clock = self

        class AnyDatetime(type):
            """Lets `isinstance` accept every datetime, as it does with the real clock."""

            def __instancecheck__(cls, value: object) -> bool:
                return isinstance(value, datetime)

        class Shifted(datetime, metaclass=AnyDatetime):
            """A datetime whose method `now` uses the changed clock."""

            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return cls.fromtimestamp(
                    ((clock.stopped_at or datetime.now(tz)) + clock.off).timestamp(), tz
                )

        for name, module in list(sys.modules.items()):
            if name.startswith("fitquiz.") and getattr(module, "datetime", None) is datetime:
                monkeypatch.setattr(module, "datetime", Shifted)

    def turn(self, **by: float) -> None:
        """Change the clock by a number of days, hours or minutes."""
        self.off += timedelta(**by)

    def stop(self) -> None:
        """Stop the clock, so that no time slot ends in the middle of a test."""
        self.stopped_at = datetime.now(UTC)
