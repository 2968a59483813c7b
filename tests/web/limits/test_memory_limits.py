"""Limits in the memory of a process recover with time, and need little memory."""

from fitquiz.store.accounts.rate_limit_counters import RateLimit
from fitquiz.web.limits.memory_limits import MAX_KEYS, MemoryLimit

LIMIT = RateLimit("token", 120, 10)


def test_the_limit_recovers_with_time_and_is_separate_for_each_key() -> None:
    now = [1000.0]
    limit = MemoryLimit(LIMIT, lambda: now[0])
    for _ in range(LIMIT.tries):
        assert limit.count("a") is None
    wait = limit.count("a")
    assert wait is not None
    assert 0 < wait.total_seconds() <= LIMIT.pace / 1000
    assert limit.count("b") is None
    now[0] += LIMIT.pace / 1000
    assert limit.count("a") is None
    assert limit.count("a") is not None


def test_the_number_of_remembered_keys_is_limited() -> None:
    limit = MemoryLimit(LIMIT, lambda: 1000.0)
    for number in range(MAX_KEYS + 10):
        limit.count(str(number))
    assert len(limit._full_at) <= MAX_KEYS


def test_a_try_that_is_given_back_can_be_taken_again() -> None:
    limit = MemoryLimit(RateLimit("token", 1, 10), lambda: 1000.0)
    limit.give_back("a")
    for _ in range(3):
        assert limit.count("a") is None
        limit.give_back("a")
    assert limit.count("a") is None
    assert limit.count("a") is not None
