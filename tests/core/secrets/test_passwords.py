"""Long passwords of any characters are good; what others would try first is not."""

import pytest

from fitquiz.core.secrets.passwords import find_password_fault

OWN = ("Hana Berg", "hana@fjord.example")


@pytest.mark.parametrize(
    "password",
    [
        "seven green herons waiting",
        "æøå ÆØÅ 1 2 3 4 fugl",
        "x7$kQ!9 vL2#mPz",
        "korrekt hest batteri stift",
    ],
)
def test_a_long_password_of_ones_own_will_do(password: str) -> None:
    assert find_password_fault(password, OWN) is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("x" * 14, "too-short"),
        ("seven herons!", "too-short"),
        ("ab" * 65, "too-long"),
        ("aaaaaaaaaaaaaaaa", "too-easy"),
        ("abcabcabcabcabcabc", "too-easy"),
        ("hejdu1hejdu1hejdu1", "too-easy"),
        ("passwordpassword1", "too-easy"),
        ("password passord fitquiz", "too-easy"),
        ("abcdefghijklmnop", "too-easy"),
        ("9876543210987654", "too-easy"),
        ("hanabergfjord1234", "too-easy"),
        ("Fitquiz-Hana-Berg", "too-easy"),
        ("correcthorsebatterystaple", "too-easy"),
    ],
)
def test_what_is_short_or_easily_guessed_is_refused(password: str, fault: str) -> None:
    assert find_password_fault(password, OWN) == fault


def test_fifteen_characters_are_enough_and_128_not_too_many() -> None:
    assert find_password_fault("green herons 17", OWN) is None
    longest = "".join(chr(0x3B1 + at % 24) + str(at % 7) for at in range(64))
    assert (len(longest), find_password_fault(longest, OWN)) == (128, None)
    assert find_password_fault(longest + "q", OWN) == "too-long"
