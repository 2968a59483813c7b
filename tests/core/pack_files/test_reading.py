"""A pack that is wrong is refused with every fault at once, each with file, line, place and what to write."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.pack_files.faults import PackError
from fitquiz.core.pack_files.reading import MAX_CHARACTERS, examine_pack, hash_files, read_pack
from tests.core.support.pack_building import change, list_faults, refuse, write_full_files

FULL = write_full_files()


def test_a_whole_pack_has_no_fault() -> None:
    pack, faults = examine_pack(FULL)
    assert pack is not None
    assert faults == ()


def test_broken_toml_is_named_with_the_parsers_line() -> None:
    files = change(FULL, "en.toml", 'caveat = "Not a test."', 'caveat = "Not a test.')
    says = "Illegal character '\\n' (at line 3, column 22). Correct the TOML. Write each string in double quotes."
    assert list_faults(files) == [f"en.toml:3: {says}"]


def test_broken_toml_at_the_end_has_no_line() -> None:
    files = {**FULL, "en.toml": 'title = """'}
    assert list_faults(files) == [
        "en.toml: Unterminated string (at end of document). Correct the TOML. Write each string in double quotes."
    ]


def test_a_broken_file_is_not_called_missing() -> None:
    assert len(list_faults({**FULL, "nb.toml": "x ="})) == 1


def test_a_broken_structure_is_not_called_missing() -> None:
    faults = list_faults({**FULL, "pack.toml": "format = "})
    assert [fault.partition(":")[0] for fault in faults] == ["pack.toml"]


def test_a_missing_structure_is_named_with_the_command_that_writes_one() -> None:
    assert list_faults({"en.toml": FULL["en.toml"]}) == [
        "pack.toml: is missing. Get an example from `fitquiz pack new`."
    ]
    assert len(list_faults({})) == 1


def test_a_missing_language_is_named_where_it_is_promised() -> None:
    files = {name: text for name, text in FULL.items() if name != "nb.toml"}
    says = (
        "names nb, but nb.toml is missing. Write the texts in nb.toml, or delete nb from languages."
    )
    assert list_faults(files) == [f"pack.toml:6: languages: {says}"]


def test_a_language_that_is_not_promised_is_named() -> None:
    says = "belongs to a language that the pack does not list. Add 'da' to languages in pack.toml, or delete the file."
    assert list_faults({**FULL, "da.toml": FULL["en.toml"]}) == [f"da.toml:1: {says}"]


@pytest.mark.parametrize("opening", ["[", "{a="])
@pytest.mark.parametrize("name", ["pack.toml", "en.toml"])
def test_deep_nesting_is_a_fault_and_never_an_error(name: str, opening: str) -> None:
    text = "deep = " + opening * 5000 + "1" + {"[": "]", "{a=": "}"}[opening] * 5000
    faults = list_faults({**FULL, name: text + "\n" + FULL[name]})
    assert faults == [
        (
            f"{name}:1: is nested too deeply or contains a number with too many digits."
            " Compare the file with an example from `fitquiz pack new`."
        )
    ]


def test_nesting_that_can_still_be_read_is_an_ordinary_fault() -> None:
    says = refuse(FULL, "pack.toml", 'version = "1"', f"version = {'[' * 300}{']' * 300}")
    assert says == '@ version: must be text. Write the text in double quotes: "…".'


def test_a_huge_file_is_refused_without_being_read() -> None:
    faults = list_faults({**FULL, "pack.toml": "a = 1\n" * 2_000_000})
    assert faults == [
        f"pack.toml:1: has 12000000 characters. Write at most {MAX_CHARACTERS} characters."
    ]


def test_a_file_of_the_greatest_length_is_read() -> None:
    filled = FULL["pack.toml"] + "#" * (MAX_CHARACTERS - len(FULL["pack.toml"]))
    assert list_faults({**FULL, "pack.toml": filled}) == []
    assert len(list_faults({**FULL, "pack.toml": filled + "#"})) == 1


def test_the_fault_of_a_long_file_is_found_in_a_moment() -> None:
    # Counting its lines anew for every token took most of a minute.
    text = "z = [" + "1,\n" * 100_000 + "]\n" + FULL["pack.toml"]
    began = process_time()
    faults = list_faults({**FULL, "pack.toml": text})
    assert faults == [
        "pack.toml:1: z: is not an allowed key. Delete the key, or correct its spelling."
    ]
    assert process_time() - began < 10


def test_a_number_too_long_to_write_is_a_fault_and_never_an_error() -> None:
    files = change(FULL, "pack.toml", "points = 5", "points = 0x" + "f" * 9000)
    assert list_faults(files) == [
        (
            "pack.toml:7: answers.points: A number with thousands of digits is not valid."
            " Write a whole number from 2 to 11."
        )
    ]
    faults = list_faults(change(FULL, "pack.toml", "points = 5", "points = " + "9" * 9000))
    assert faults[0].startswith(
        "pack.toml:1: is nested too deeply or contains a number with too many digits."
    )


def test_a_long_wrong_value_is_cut_in_what_is_said() -> None:
    assert len(refuse(FULL, "pack.toml", 'id = "sample"', f'id = "{"A" * 5000}"')) < 200


def test_all_faults_of_all_files_are_reported_at_once() -> None:
    files = change(FULL, "pack.toml", '{ id = "lead-1"', '{ id = "leading-1"')
    files = change(files, "en.toml", 'title = "Sample"\n', "")
    files = change(files, "en.toml", "answers.labels = ['point 0', ", "answers.labels = [")
    files = {**files, "nb.toml": "broken", "da.toml": "", "sv.toml": "="}
    faults = list_faults(files)
    assert [fault.partition(":")[0] for fault in faults] == [
        *["nb.toml", "sv.toml"],
        *["en.toml"] * 4,
        *["da.toml", "sv.toml"],
    ]


def test_all_faults_of_the_structure_are_reported_at_once() -> None:
    text = FULL["pack.toml"]
    changes = {
        "format = 1": "format = 0",
        "points = 5": "points = 99",
        'id = "bold-2"': 'id = "Bold 2"',
    }
    for old, new in (
        changes | {'form = "sharpening"': 'form = "sharp"', "weight = 1": "wait = 1"}
    ).items():
        text = text.replace(old, new, 1)
    places = [fault.place for fault in examine_pack({**FULL, "pack.toml": text})[1]]
    assert places == [
        "format",
        "answers.points",
        "traits[1].wait",
        "blocks[2].items[2].id",
        "blocks[3].form",
    ]


def test_a_broken_language_does_not_hide_the_faults_of_the_others() -> None:
    files = {**change(FULL, "en.toml", 'title = "Sample"\n', ""), "nb.toml": "="}
    assert [fault.partition(":")[0] for fault in list_faults(files)] == ["nb.toml", "en.toml"]


def test_a_double_id_does_not_hide_the_faults_of_the_words() -> None:
    files = change(FULL, "pack.toml", "languages = ['en', 'nb']", "languages = ['en', 'nb', 'en']")
    faults = list_faults(change(files, "nb.toml", 'title = "Sample"\n', ""))
    assert [fault.partition(":")[0] for fault in faults] == ["pack.toml", "nb.toml"]


def test_a_refused_pack_is_raised_with_all_its_faults() -> None:
    files = change(
        change(FULL, "en.toml", 'title = "Sample"\n', ""), "nb.toml", 'summary = "A sample."\n', ""
    )
    with pytest.raises(
        PackError, match=r"en\.toml:1: title: is missing.*\nnb\.toml:1: summary: is missing"
    ) as caught:
        read_pack(files)
    assert len(caught.value.faults) == 2


def test_a_warning_does_not_keep_a_pack_from_being_read() -> None:
    files = change(FULL, "pack.toml", 'keyed = "plus"', 'keyed = "minus"')
    assert [fault.is_warning for fault in examine_pack(files)[1]] == [True, True]
    assert read_pack(files).id == "sample"


def test_the_content_hash_does_not_hang_on_the_order_of_the_files() -> None:
    assert (
        hash_files(FULL) == hash_files(dict(reversed(FULL.items()))) == read_pack(FULL).content_hash
    )
    assert len(hash_files(FULL)) == 64


def test_the_content_hash_of_a_pack_never_changes() -> None:
    # Results are tied to it: another way of hashing would cut them off. This is sha256sum of {"a": "1", "b": "æ"}.
    known = "2a3ff241a17cbeb3bdd775ca80e0c408ce69b3cc6b421ffed8ea941a2e37e91e"
    assert hash_files({"b": "æ", "a": "1"}) == known


@given(st.sampled_from(sorted(FULL)), st.data())
def test_the_content_hash_changes_with_any_text(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(FULL[name])))
    added = data.draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3))
    assert hash_files({**FULL, name: FULL[name][:at] + added + FULL[name][at:]}) != hash_files(FULL)


def test_the_content_hash_changes_with_a_files_name_and_with_where_a_text_stands() -> None:
    hashes = [
        {"a": "1", "b": "2"},
        {"a": "2", "b": "1"},
        {"a": "1", "c": "2"},
        {"a": "12"},
        {"a": "1", "b": ""},
    ]
    assert len({hash_files(files) for files in hashes}) == len(hashes)


@given(st.sampled_from(sorted(FULL)), st.data())
def test_a_file_cut_off_anywhere_is_read_or_refused_and_never_an_error(
    name: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(FULL[name])))
    pack, faults = examine_pack({**FULL, name: FULL[name][:at]})
    assert (pack is None) == any(not fault.is_warning for fault in faults)
    lines = FULL[name].count("\n") + 1
    assert all(
        fault.says and fault.remedy and (fault.line is None or fault.line <= lines)
        for fault in faults
    )


def test_faults_in_three_files_are_told_at_once() -> None:
    folder = Path(__file__).parents[3] / "questions" / "front-back-office"
    files = {path.name: path.read_text("utf-8") for path in folder.glob("*.toml")}
    files["pack.toml"] = files["pack.toml"].replace(
        'trait = "autonomy", keyed', 'trait = "autonomi", keyed', 1
    )
    files["en.toml"] = files["en.toml"].replace("autonomy-1 = ", "autonomy-one = ")
    files["nb.toml"] = files["nb.toml"].replace(
        'headline = "Svarene dine peker mot front office"', "headline = 3"
    )
    pack, faults = examine_pack(files)
    assert pack is None
    assert {fault.file for fault in faults} == {"pack.toml", "en.toml", "nb.toml"}
    assert all(fault.line for fault in faults)
    assert sum(fault.place == "items.autonomy-1" for fault in faults) == 1
