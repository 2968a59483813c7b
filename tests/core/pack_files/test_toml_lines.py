"""The line of every place in a TOML text, in all the styles in which people write TOML."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.pack_files.toml_lines import Place, find_lines
from tests.core.support.pack_building import SIX, SIX_BLOCKS, write_files


def list_places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Every key and element of parsed data."""
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in pairs:
        yield (*place, key)
        yield from list_places(inner, (*place, key))


def find(text: str) -> dict[Place, int]:
    """The lines, after checking that they are those of exactly the places that the parser finds."""
    lines = dict(find_lines(text))
    missing = set(list_places(tomllib.loads(text))) - set(lines)
    assert not missing
    return lines


def test_keys_stand_on_their_lines() -> None:
    assert find('a = 1\n\n# a comment\nb = "x"\n') == {("a",): 1, ("b",): 4}


def test_a_table_and_its_keys_have_their_own_lines() -> None:
    assert find("[a]\nx = 1\n[b.c]\ny = 2\n") == {
        ("a",): 1,
        ("a", "x"): 2,
        ("b",): 3,
        ("b", "c"): 3,
        ("b", "c", "y"): 4,
    }


def test_arrays_of_tables_are_counted() -> None:
    lines = find("[[a]]\nx = 1\n[[a]]\nx = 2\n[[a]]\n")
    assert lines == {
        ("a",): 1,
        ("a", 0): 1,
        ("a", 0, "x"): 2,
        ("a", 1): 3,
        ("a", 1, "x"): 4,
        ("a", 2): 5,
    }


def test_a_table_after_an_array_belongs_to_its_last_entry() -> None:
    lines = find("[[a]]\n[a.b]\nx = 1\n[[a]]\n[a.b]\nx = 2\n")
    assert (lines["a", 0, "b", "x"], lines["a", 1, "b", "x"]) == (3, 6)


def test_arrays_in_arrays_begin_anew() -> None:
    lines = find("[[a]]\n[[a.b]]\nx = 1\n[[a.b]]\nx = 2\n[[a]]\n[[a.b]]\nx = 3\n")
    assert [lines["a", 0, "b", 0, "x"], lines["a", 0, "b", 1, "x"], lines["a", 1, "b", 0, "x"]] == [
        3,
        5,
        8,
    ]


def test_inline_tables_in_arrays_are_found_line_by_line() -> None:
    lines = find("a = [\n  { x = 1, y = 2 },\n\n  { x = 3 }, { x = 4 },\n]\nb = 1\n")
    assert [lines["a", 0], lines["a", 0, "y"], lines["a", 1, "x"], lines["a", 2, "x"]] == [
        2,
        2,
        4,
        4,
    ]
    assert lines["b",] == 6


def test_an_array_may_hold_arrays() -> None:
    lines = find("a = [[1, 2],\n [3,\n 4], []]\n")
    assert [lines["a", 0, 1], lines["a", 1], lines["a", 1, 1], lines["a", 2]] == [1, 2, 3, 3]


def test_a_value_may_begin_on_a_later_line_of_its_array() -> None:
    assert find("a = [\n\n# first\n1 # one\n, # comma\n\n2\n]\n") == {
        ("a",): 1,
        ("a", 0): 4,
        ("a", 1): 7,
    }


@pytest.mark.parametrize(
    "value",
    [
        '"[a] # = {"',
        "'[[a]] # \" = {'",
        r'"a \" ] # b"',
        r'"\\"',
        "''",
        '""',
        "'\\'",
        '"""\n[a]\n# no comment\nx = "y" \\"""\n"""',
        "'''\n[a]\n\"\"\"\n'''",
        '""""a" ""b""c"""""',
        "''''a' ''b''c'''''",
        '""""""',
        "''''''",
        '"""a\\\n   b"""',
        "1979-05-27 07:32:00",
        "1979-05-27 07:32:00.5+01:00",
        "1979-05-27T07:32:00Z",
        "07:32:00",
        "-1.5e-3",
        "0xff_ff",
        "true",
        "[1979-05-27 07:32:00, 2]",
        '[ "]", \'}\' , "#" ]',
        '{ "a=b" = "}" , c.d = [ "," ] }',
    ],
)
def test_no_value_hides_what_comes_after_it(value: str) -> None:
    lines = find(f'a = {value} # it\'s [not] a "value"\nb = [{value},\n1]\n[t]\nc = 1\n')
    height = value.count("\n")
    assert (lines["b",], lines["b", 1], lines["t", "c"]) == (
        height + 2,
        2 * height + 3,
        2 * height + 5,
    )
    assert ("b", 2) not in lines


@pytest.mark.parametrize(
    "comment", ["# it's", '# "', '# """', "# '''", "# [a]", "# { ] =", "#", "# a # b"]
)
def test_no_comment_hides_what_comes_after_it(comment: str) -> None:
    lines = find(
        f"{comment}\n[t] {comment}\na = [ {comment}\n 1, {comment}\n 2 {comment}\n] {comment}\nb = 2 {comment}\n"
    )
    assert [lines["t",], lines["t", "a", 0], lines["t", "a", 1], lines["t", "b"]] == [2, 4, 5, 7]


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("a.b", ("a", "b")),
        ("a . b", ("a", "b")),
        ('"a"', ("a",)),
        ("'a'", ("a",)),
        ('"a.b"', ("a.b",)),
        ('a."b.c".d', ("a", "b.c", "d")),
        ("\"a\" . 'b'", ("a", "b")),
        ('"a b # ["', ("a b # [",)),
        ("3.14", ("3", "14")),
        ("a-b_c", ("a-b_c",)),
        ('""', ("",)),
    ],
)
def test_dotted_and_quoted_keys_are_read_in_every_place(key: str, place: Place) -> None:
    assert find(f"\n{key} = 1\n")[place] == 2
    assert find(f"\n[{key}]\nx = 1\n")[(*place, "x")] == 3
    assert find(f"\n[ {key} ]\nx = 1\n")[(*place, "x")] == 3
    assert find(f"[[{key}]]\n[[ {key} ]]\nx = 1\n")[(*place, 1, "x")] == 3
    assert find(f"z = [\n{{ {key} = 1 }}]\n")[("z", 0, *place)] == 2


def test_a_dotted_key_reaches_into_the_last_entry_of_an_array() -> None:
    lines = find("[[a]]\n[[a]]\nb.c = 1\n[a.d]\ne = 1\n[[a.f.g]]\nh = 1\n")
    assert [lines["a", 1, "b", "c"], lines["a", 1, "d", "e"], lines["a", 1, "f", "g", 0, "h"]] == [
        3,
        5,
        7,
    ]


@pytest.mark.parametrize(
    "text", ["", "\n", "# only a comment", "a=1", "[a]", "[[a]]", "a=[]", "a={}", "a = ''"]
)
def test_a_text_may_end_without_a_line_break(text: str) -> None:
    find(text)


@pytest.mark.parametrize("text", write_files(SIX_BLOCKS, SIX, SIX_BLOCKS[:2]).values())
def test_windows_line_ends_change_nothing(text: str) -> None:
    assert find(text.replace("\n", "\r\n")) == find(text)


def test_every_line_of_a_pack_is_found_where_it_stands() -> None:
    text = write_files(
        SIX_BLOCKS, SIX, SIX_BLOCKS[:2], {"more": ("everyone", "m+ -")}, {"hours": "a"}
    )["pack.toml"]
    lines, written = find(text), text.split("\n")
    for outer, block in enumerate(tomllib.loads(text)["blocks"]):
        assert written[lines["blocks", outer] - 1] == "[[blocks]]"
        for inner, item in enumerate(block["items"]):
            assert f'"{item["id"]}"' in written[lines["blocks", outer, "items", inner, "id"] - 1]


# Any text that these draw is a table of keys on known lines: each value is written with its own line breaks.

_strings = st.text(st.sampled_from("ab[]{}=,.# é"), max_size=6)
_values = st.recursive(
    st.one_of(
        _strings.map(lambda text: f'"{text}"'),
        _strings.map(lambda text: f"'{text}'"),
        _strings.map(lambda text: f'"""\n{text}"\n"""'),
        _strings.map(lambda text: f"'''{text}\n'a'{text}\n'''"),
        st.sampled_from(["1", "-0.5", "true", "1979-05-27", "1979-05-27 07:32:00"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda values: "[" + ",\n".join(values) + "\n]"),
        st.lists(inner, max_size=3).map(
            lambda values: "[ # it's [\n" + "".join(f"{each}, # ]\n" for each in values) + "]"
        ),
        st.lists(inner, max_size=2).map(
            lambda values: "{" + ", ".join(f"k{n} = {v}" for n, v in enumerate(values)) + "}"
        ),
    ),
    max_leaves=6,
)


@given(
    st.lists(
        st.tuples(_values, st.sampled_from(["", "\n", " # it's \"\n", "\n[[t]]\n", "\n[t.u]\n"])),
        max_size=5,
    )
)
def test_any_values_leave_the_keys_on_their_lines(parts: list[tuple[str, str]]) -> None:
    text, wanted, tables = "[[t]]\n", {}, 1
    for number, (value, after) in enumerate(parts):
        wanted[f"key{number}"] = text.count("\n") + 1
        text += f"key{number} = {value}\n" + (
            after if "[t.u]" not in after else f"\n[t.u{number}]\n"
        )
        tables += "[[t]]" in after
    lines = find(text)
    assert {
        place[-1]: line for place, line in lines.items() if str(place[-1]).startswith("key")
    } == wanted
    assert {place for place in lines if len(place) == 2} == {
        ("t", number) for number in range(tables)
    }


@given(st.lists(_values, min_size=1, max_size=4))
def test_elements_of_any_values_stand_where_they_begin(values: list[str]) -> None:
    text, wanted = "a = [\n", []
    for value in values:
        wanted.append(text.count("\n") + 1)
        text += f"{value},\n"
    lines = find(f"{text}]\n")
    assert [lines["a", index] for index in range(len(values))] == wanted
