"""Names are kept in one spelling, with nothing in them that cannot be seen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.name_spelling import (
    REPLACEMENT,
    fold_name,
    is_printable_name,
    mark_unprintable,
    tidy_name,
)


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("  Kunde \t senter\n", "Kunde senter"),
        ("Oslo\u200b", "Oslo"),
        ("\u202eolsO\u202c", "olsO"),
        ("O\ufe0fslo\u3164", "Oslo"),
        ("e\u200d\u0301", "\u00e9"),
        ("Støtte\u00a0nord", "Støtte nord"),
        ("\u200e", ""),
    ],
)
def test_a_name_is_in_normal_form_with_single_spaces_and_nothing_unseen(
    name: str, tidy: str
) -> None:
    assert tidy_name(name) == tidy


@given(st.text())
def test_a_tidy_name_is_tidy_already(name: str) -> None:
    tidy = tidy_name(name)
    assert tidy_name(tidy) == tidy
    assert unicodedata.is_normalized("NFC", tidy)


@pytest.mark.parametrize(("one", "other"), [("OSLO", "oslo"), ("Straße", "STRASSE"), ("Å", "å")])
def test_names_that_differ_in_case_alone_fold_alike(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_names_that_read_differently_do_not() -> None:
    assert fold_name("Øst") != fold_name("Ost")


@pytest.mark.parametrize(
    "character", ["\0", "\x07", "\x1b", "\x7f", "\ue000", "\ud800", "\uffff", "\U0001fffe"]
)
def test_a_control_character_is_noticed(character: str) -> None:
    assert not is_printable_name(f"Os{character}lo")
    assert mark_unprintable(f"Os{character}lo\r\n\tIT") == f"Os{REPLACEMENT}lo\r\n\tIT"
    assert not is_printable_name(mark_unprintable(character))
    assert is_printable_name("Oslo <3 =1+1")


@pytest.mark.parametrize("turn", ["\u202e", "\u202a", "\u2066", "\u2069"])
def test_nothing_turns_the_text_around_it(turn: str) -> None:
    assert mark_unprintable(f"See you{turn}\non Thursday") == "See you\non Thursday"
