"""Rate limits in the memory of one process.

These counts cause no database write, and leave no trace in the database. Each process counts
separately. Therefore, three processes together allow three times the limit.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from fitquiz.store.accounts.rate_limit_counters import RateLimit

MAX_KEYS = 10_000


class MemoryLimit:
    """Counts the tries of each key with the generic cell rate algorithm."""

    def __init__(
        self, limit: RateLimit, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at: dict[str, float] = {}
        """By key, the time in seconds at which the key has all its tries again."""

    def count(self, key: str) -> timedelta | None:
        """Take one try from `key`, and return None.

        If `key` has no try left, return the time until the next try instead.
        """
        now = self._clock()
        pace = self._limit.pace / 1000
        with self._lock:
            if len(self._full_at) >= MAX_KEYS:
                self._make_room(now)
            full_at = max(self._full_at.get(key, now), now) + pace
            wait = full_at - now - self._limit.tries * pace
            if wait <= 0:
                self._full_at[key] = full_at
                return None
        return timedelta(seconds=wait)

    def give_back(self, key: str) -> None:
        """Give one taken try back to `key`."""
        pace = self._limit.pace / 1000
        with self._lock:
            if key in self._full_at:
                self._full_at[key] -= pace

    def _make_room(self, now: float) -> None:
        """Delete the keys that have all their tries.

        If at least MAX_KEYS keys remain, delete all keys.
        """
        used = {key: full_at for key, full_at in self._full_at.items() if full_at > now}
        if len(used) >= MAX_KEYS:
            used = {}
        self._full_at = used
