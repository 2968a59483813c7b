"""A long password that is hard to guess is accepted; a known or simple one is refused."""

import random
import secrets
import string
import time

import pytest

from fitquiz.web.accounts.password_rules import find_password_fault

OWN = ("Hana Berg", "hana@fjord.example")


@pytest.mark.parametrize(
    "password",
    [
        "seven green herons waiting",
        "copper violin meadow lantern",
        "lamp-river-stone-cloud",
        "korrekt hest batteri stift",
        "my dog eats carrots",
        "æøå ÆØÅ 1 2 3 4 fugl",
        "x7$kQ!9 vL2#mPz",
        "qzmxkvwpjthfbydr",
        "3f9ac1-08be72-d15e60",
        "!#%&/()=?@£$€[]{}",
    ],
)
def test_a_long_password_that_is_hard_to_guess_is_accepted(password: str) -> None:
    assert find_password_fault(password, OWN) is None


def test_random_passwords_are_accepted() -> None:
    rng = random.Random(1)
    for _ in range(200):
        letters = "".join(rng.choices(string.ascii_lowercase, k=16))
        groups = "-".join(secrets.token_hex(3) for _ in range(3))
        assert find_password_fault(letters, OWN) is None, letters
        assert find_password_fault(groups, OWN) is None, groups


@pytest.mark.parametrize(
    "password",
    [
        # Known passwords, and known ones made longer.
        "passwordpassword1",
        "password passord fitquiz",
        "Password123456789!",
        "letmeinplease123",
        "changemechangeme",
        "administratoradmin",
        "liverpoolfootballclub",
        "manchesterunited1",
        "correcthorsebatterystaple",
        "correct horse battery staple",
        "velkommenvelkommen",
        "vintersommervinter",
        # Patterns on the keyboard.
        "1q2w3e4r5t6y7u8i",
        "1qaz2wsx3edc4rfv",
        "qwertyuiopasdfgh",
        # Repeats and sequences.
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "hejdu1hejdu1hejdu1",
        "abcdefghijklmnop",
        "9876543210987654",
        # Separators alone.
        "-- -- -- -- -- --",
    ],
)
def test_a_known_or_simple_password_is_refused(password: str) -> None:
    assert find_password_fault(password, ()) == "too-easy"


@pytest.mark.parametrize(
    "password",
    ["hanabergfjord1234", "Fitquiz-Hana-Berg", "Hana.Berg.Fjord.1985", "fjordfjordfjord1"],
)
def test_a_password_made_of_ones_own_name_and_address_is_refused(password: str) -> None:
    assert find_password_fault(password, OWN) == "too-easy"


def test_the_words_of_one_person_are_not_kept_for_the_next() -> None:
    password = "quibblethwaite zenobia"
    assert find_password_fault(password, ("Zenobia Quibblethwaite",)) == "too-easy"
    assert find_password_fault(password, OWN) is None


@pytest.mark.parametrize(
    ("password", "fault"), [("seven herons!", "too-short"), ("ab" * 65, "too-long")]
)
def test_the_length_is_checked_first(password: str, fault: str) -> None:
    assert find_password_fault(password, OWN) == fault


_PRINTABLE = string.ascii_letters + string.digits + string.punctuation


@pytest.mark.parametrize("text", ["a", "a1", "passw0rd", "1q2w3e4r", "Hana Berg ", _PRINTABLE])
@pytest.mark.parametrize("length", [128, 1000])
def test_no_password_takes_long_to_check(text: str, length: int) -> None:
    password = (text * length)[:length]
    began = time.process_time()
    find_password_fault(password, OWN)
    assert time.process_time() - began < 0.2


def test_random_characters_of_all_kinds_do_not_take_long_to_check() -> None:
    rng = random.Random(1)
    passwords = ["".join(rng.choices(_PRINTABLE, k=128)) for _ in range(20)]
    began = time.process_time()
    assert {find_password_fault(password, OWN) for password in passwords} == {None}
    assert (time.process_time() - began) / len(passwords) < 0.2


HARD = "qzmxkvwpjthfbydrqzkvxmwpjtbhfdry" * 5


@pytest.mark.parametrize(
    ("length", "fault"),
    [
        (0, "too-short"),
        (14, "too-short"),
        (15, None),
        (128, None),
        (129, "too-long"),
    ],
)
def test_a_password_has_15_to_128_characters(length: int, fault: str | None) -> None:
    assert find_password_fault(HARD[:length], OWN) == fault


def test_length_is_counted_in_characters_not_bytes() -> None:
    assert find_password_fault("å" * 14, OWN) == "too-short"
    assert find_password_fault(HARD[:112] + "åøæ" * 5, OWN) is None
