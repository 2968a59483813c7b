"""The clock of the machine, turned forwards and backwards while the product runs."""

import sys
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self

import pytest


class Clock:
    """What every page and command takes for the time, off by so much."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.off = timedelta(0)
        self.stopped_at: datetime | None = None
        clock = self

        class Shifted(datetime):
            """A datetime whose now is off."""

            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return cls.fromtimestamp(
                    ((clock.stopped_at or datetime.now(tz)) + clock.off).timestamp(), tz
                )

        for name, module in list(sys.modules.items()):
            if name.startswith("fitquiz.") and getattr(module, "datetime", None) is datetime:
                monkeypatch.setattr(module, "datetime", Shifted)

    def turn(self, **by: float) -> None:
        """Turn it by so many days, hours or minutes, from where it is."""
        self.off += timedelta(**by)

    def stop(self) -> None:
        """Let no time pass, so that no slot of time ends in the middle of a test."""
        self.stopped_at = datetime.now(UTC)
