"""The walk that compares parsed data with a shape; what it says about packs is tested in test_pack_format."""

from typing import Any

import pytest

from fitquiz.core.pack_files.faults import FaultList
from fitquiz.core.pack_files.shape_checks import (
    Flag,
    ListOf,
    Name,
    Number,
    OneOf,
    Shape,
    Table,
    Text,
    check_shape,
)


def check(value: Any, shape: Shape) -> list[str]:
    faults = FaultList({})
    check_shape(value, shape, faults, "x.toml", ("it",))
    return [f"{fault.place} {fault.says} {fault.remedy}" for fault in faults.faults]


@pytest.mark.parametrize("value", ["a", "front-back-office", "x2", "a-1", "a" * 60])
def test_a_name_is_small_letters_digits_and_single_hyphens(value: str) -> None:
    assert check(value, Name()) == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "A",
        "1a",
        "-a",
        "a-",
        "a--b",
        "a_b",
        "a b",
        "a.b",
        "æ",
        "a\n",
        "../a",
        "a" * 61,
        1,
        None,
        [],
        ["a"],
    ],
)
def test_anything_else_is_no_name(value: Any) -> None:
    assert check(value, Name()) == [
        f"it {value!r:.80} is not a valid id. Use at most 60 small letters, digits and single hyphens."
    ]


@pytest.mark.parametrize("value", [0.1, 5, 5.5, 10])
def test_a_number_lies_between_its_limits(value: float) -> None:
    assert check(value, Number(0.1, 10)) == []


@pytest.mark.parametrize(
    "value", [0, 10.1, float("nan"), float("inf"), True, False, "5", None, [5]]
)
def test_anything_else_is_no_such_number(value: Any) -> None:
    assert check(value, Number(0.1, 10)) == [
        f"it {value!r} is not valid. Write a number from 0.1 to 10."
    ]


def test_a_whole_number_has_no_fraction() -> None:
    assert check(2, Number(1, 3, whole=True)) == []
    assert check(2.0, Number(1, 3, whole=True)) == [
        "it 2.0 is not valid. Write a whole number from 1 to 3."
    ]


def test_true_and_false_are_flags_and_nothing_else_is() -> None:
    assert check(True, Flag()) + check(False, Flag()) == []
    assert check(1, Flag()) == ["it 1 is not valid. Write true or false."]


def test_text_has_a_longest_length() -> None:
    assert check("abc", Text(3)) == []
    assert check("abcd", Text(3)) == ["it has 4 characters. Write at most 3 characters."]
    assert check("a" * 601, Text()) == ["it has 601 characters. Write at most 600 characters."]


@pytest.mark.parametrize("value", ["", " ", "\n\t "])
def test_text_is_not_empty(value: str) -> None:
    assert check(value, Text()) == ["it is empty. Write a text."]


@pytest.mark.parametrize("value", [None, 1, ["a"], {"a": "b"}, b"a"])
def test_text_is_text(value: Any) -> None:
    assert check(value, Text()) == ['it must be text. Write the text in double quotes: "…".']


def test_one_of_a_few_words_is_named_by_its_kind() -> None:
    colours = OneOf(("red", "green"), "colour")
    assert check("red", colours) == []
    assert check("rad", colours) == ["it 'rad' is not a valid colour. Did you mean red?"]
    assert check("blue", colours) == ["it 'blue' is not a valid colour. Write one of: red, green."]
    assert check(["red"], colours) == [
        "it ['red'] is not a valid colour. Write one of: red, green."
    ]


def test_one_of_no_words_says_that_there_are_none() -> None:
    assert check("red", OneOf(())) == [
        "it 'red' is not a valid value. Write one of: (no value is valid)."
    ]


def test_a_list_counts_its_entries() -> None:
    assert check([1, 2], ListOf(Number(1, 3), 2, 3)) == []
    assert check([1], ListOf(Number(1, 3), 2, 3)) == ["it has 1 entries. Write 2 to 3 entries."]
    assert check([1, 1, 1, 1], ListOf(Number(1, 3), 2, 3)) == [
        "it has 4 entries. Write 2 to 3 entries."
    ]
    assert check([], ListOf(Flag(), 2, 2)) == ["it has 0 entries. Write 2 entries."]


def test_every_entry_of_a_list_is_checked() -> None:
    assert [each.partition(" ")[0] for each in check([1, "x", 2, None], ListOf(Number(1, 3)))] == [
        "it[2]",
        "it[4]",
    ]


def test_a_list_of_the_wrong_number_still_has_its_entries_checked() -> None:
    assert len(check(["x"], ListOf(Number(1, 3), 2, 3))) == 2


@pytest.mark.parametrize(
    ("shape", "example"),
    [
        (Text(), '"…"'),
        (Name(), '"…"'),
        (OneOf(("red", "green")), '"red"'),
        (OneOf(()), '"…"'),
        (Number(0.5, 2), "0.5"),
        (ListOf(Flag()), "[…]"),
        (Table({}), "{…}"),
        (Flag(), "true"),
    ],
)
def test_a_missing_key_comes_with_an_example_of_its_kind(shape: Shape, example: str) -> None:
    assert check({}, Table({"a": shape})) == [f"it.a is missing. Write a = {example}"]
    assert check(1, ListOf(shape)) == [f"it must be a list. Write a list in brackets: [{example}]"]


def test_a_table_has_its_keys_and_may_lack_the_optional_ones() -> None:
    shape = Table({"a": Flag(), "b": Flag()}, frozenset({"b"}))
    assert check({"a": True}, shape) == []
    assert check({"a": True, "b": 1}, shape) == ["it.b 1 is not valid. Write true or false."]
    assert check([], shape) == ["it must be a table. Write a table with the keys a, b."]


def test_everything_wrong_in_a_table_is_found_in_one_walk() -> None:
    shape = Table({"a": Flag(), "b": Table({"c": Flag()}), "d": ListOf(Flag())})
    places = [
        each.partition(" ")[0]
        for each in check({"a": 1, "b": {"e": 1}, "d": [True, 0], "f": 0}, shape)
    ]
    assert places == ["it.a", "it.b.c", "it.b.e", "it.d[2]", "it.f"]
