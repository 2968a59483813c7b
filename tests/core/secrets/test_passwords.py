"""A password has at least 15 characters, and at most 128."""

import pytest

from fitquiz.core.secrets.passwords import find_length_fault


@pytest.mark.parametrize(
    ("length", "fault"), [(0, "too-short"), (14, "too-short"), (15, None), (128, None)]
)
def test_fifteen_characters_are_enough(length: int, fault: str | None) -> None:
    assert find_length_fault("x" * length) == fault


def test_129_characters_are_too_many() -> None:
    assert find_length_fault("x" * 129) == "too-long"


def test_length_is_counted_in_characters_not_bytes() -> None:
    assert find_length_fault("å" * 14) == "too-short"
    assert find_length_fault("å" * 128) is None
