"""What a pack's files must hold: each value that does not fit is named with its place and what to write instead."""

import pytest

from fitquiz.core.pack_files.reading import examine_pack
from tests.core.support.pack_building import (
    change,
    find_line,
    list_faults,
    refuse,
    write_files,
    write_files_without_poles,
    write_full_files,
)

FULL = write_full_files()


def test_an_unknown_trait_is_named_with_the_nearest_known() -> None:
    says = refuse(
        FULL, "pack.toml", '{ id = "bold-1", trait = "bold"', '{ id = "bold-1", trait = "bald"'
    )
    assert (
        says
        == "@ blocks[1].items[2].trait: 'bald' is not a valid trait of this pack. Did you mean bold?"
    )


def test_a_word_that_is_like_no_other_is_answered_with_all_of_them() -> None:
    says = refuse(
        FULL, "pack.toml", '{ id = "bold-1", trait = "bold"', '{ id = "bold-1", trait = "xyz"'
    )
    assert (
        says
        == "@ blocks[1].items[2].trait: 'xyz' is not a valid trait of this pack. Write one of: calm, bold."
    )


def test_an_unknown_key_is_named_with_the_nearest_known() -> None:
    says = refuse(FULL, "pack.toml", "calibrated = false", "calibrated = false\nband_ = 3")
    assert says.partition(": ")[2] == "rule.band_: is not an allowed key. Did you mean band?"


def test_an_unknown_key_like_no_other_is_to_be_taken_out() -> None:
    says = refuse(FULL, "en.toml", 'title = "Sample"', 'title = "Sample"\nzzz = 3')
    assert says == "en.toml:2: zzz: is not an allowed key. Delete the key, or correct its spelling."


@pytest.mark.parametrize(
    ("old", "wrong", "place", "wanted"),
    [
        ("format = 1", "2", "format", "a whole number from 1 to 1"),
        ("format = 1", "True", "format", "a whole number from 1 to 1"),
        ("points = 5", "5.0", "answers.points", "a whole number from 2 to 11"),
        ("points = 5", "1", "answers.points", "a whole number from 2 to 11"),
        ("points = 5", "12", "answers.points", "a whole number from 2 to 11"),
        ("item_sd = 25", "'25'", "rule.item_sd", "a number from 0.1 to 100"),
        ("item_sd = 25", "nan", "rule.item_sd", "a number from 0.1 to 100"),
        ("item_sd = 25", "0", "rule.item_sd", "a number from 0.1 to 100"),
        ("both_from = 60", "inf", "rule.both_from", "a number from 0 to 100"),
        ("neither_to = 40", "-1", "rule.neither_to", "a number from 0 to 100"),
        ("least_answered = 0.5", "2", "rule.least_answered", "a number from 0 to 1"),
        ("band = 1", "5.1", "rule.band", "a number from 0 to 5"),
        ("clear = 2", "11", "rule.clear", "a number from 0 to 10"),
        ("weight = 1", "0", "traits[1].weight", "a number from 0.01 to 100"),
        ("calibrated = false", "0", "rule.calibrated", "true or false"),
    ],
)
def test_a_wrong_number_is_named_with_its_limits(
    old: str, wrong: str, place: str, wanted: str
) -> None:
    new = f"{old.partition(' = ')[0]} = {wrong.replace('True', 'true')}"
    assert (
        refuse(FULL, "pack.toml", old, new) == f"@ {place}: {wrong} is not valid. Write {wanted}."
    )


@pytest.mark.parametrize(
    ("old", "wrong", "says"),
    [
        ('version = "1"', "1", '@ version: must be text. Write the text in double quotes: "…".'),
        ('version = "1"', '"  "', "@ version: is empty. Write a text."),
        (
            'form = "standard"',
            '"standart"',
            "@ blocks[1].form: 'standart' is not a valid form. Did you mean standard?",
        ),
        (
            'pole = "back"',
            '"bock"',
            "@ traits[1].pole: 'bock' is not a valid pole of this pack. Did you mean back?",
        ),
        (
            'trait = "calm"',
            '"calmm"',
            "@ aspects[1].trait: 'calmm' is not a valid trait of this pack. Did you mean calm?",
        ),
    ],
)
def test_a_wrong_word_is_named_with_what_to_write(old: str, wrong: str, says: str) -> None:
    assert refuse(FULL, "pack.toml", old, f"{old.partition(' = ')[0]} = {wrong}") == says


def test_a_wrong_id_is_named_with_how_ids_are_written() -> None:
    says = refuse(FULL, "pack.toml", 'id = "sample"', 'id = "My pack"')
    assert (
        says
        == "@ id: 'My pack' is not a valid id. Use at most 60 small letters, digits and single hyphens."
    )


def test_a_wrong_way_of_asking_is_named_with_the_ways_there_are() -> None:
    says = refuse(FULL, "pack.toml", 'asked = "on-request"', 'asked = "x"')
    assert (
        says
        == "@ modules[1].asked: 'x' is not a valid way of asking. Write one of: everyone, on-request, campaign."
    )


def test_a_wrong_keyed_direction_is_named_at_its_item() -> None:
    says = refuse(FULL, "pack.toml", 'keyed = "plus" }', 'keyed = "plu" }')
    assert (
        says
        == "@ blocks[1].items[1].keyed: 'plu' is not a valid keyed direction. Did you mean plus?"
    )


@pytest.mark.parametrize(
    ("old", "key"),
    [
        ('licence = "CC0-1.0"', "licence"),
        ('id = "sample"', "id"),
        ('source = "Written for a test."', "source"),
    ],
)
def test_a_missing_key_is_named_with_an_example(old: str, key: str) -> None:
    files = change(FULL, "pack.toml", f"{old}\n", "")
    assert list_faults(files) == [f'pack.toml:1: {key}: is missing. Write {key} = "…"']


def test_a_missing_key_is_looked_for_on_its_tables_line() -> None:
    files = change(FULL, "pack.toml", 'pole = "front"\n', "")
    line = find_line(files["pack.toml"], 'id = "bold"') - 1
    assert list_faults(files) == [
        f'pack.toml:{line}: traits[2].pole: is missing. Write pole = "back"'
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "languages = ['en', 'nb']",
            'languages = "en"',
            '@ languages: must be a list. Write a list in brackets: ["…"]',
        ),
        (
            "languages = ['en', 'nb']",
            "languages = []",
            "@ languages: has 0 entries. Write 1 to 30 entries.",
        ),
        (
            "answers = { points = 5 }",
            "answers = 5",
            "@ answers: must be a table. Write a table with the keys points, labelled, does_not_apply.",
        ),
        (
            "poles = ['back', 'front']",
            "poles = ['back', 'front', 'side']",
            "@ rule.poles: has 3 entries. Write 2 entries.",
        ),
    ],
)
def test_a_list_or_table_of_the_wrong_kind_is_named(old: str, new: str, says: str) -> None:
    at = f"pack.toml:{find_line(FULL['pack.toml'], old)}: "
    assert says in [
        each.replace(at, "@ ") for each in list_faults(change(FULL, "pack.toml", old, new))
    ]


@pytest.mark.parametrize(
    "value", ["1", '"x"', "[]", "[1]", '["x"]', "{}", "{ id = 1 }", "[[]]", "[{}]", "1979-05-27"]
)
@pytest.mark.parametrize(
    "key", ["answers", "languages", "source", "rule", "traits", "blocks", "modules", "aspects"]
)
def test_any_value_in_any_place_is_a_fault_and_never_an_error(key: str, value: str) -> None:
    whole = write_files()["pack.toml"]
    lines = [line for line in whole.split("[rule]")[0].split("\n") if not line.startswith(key)]
    files = {**write_files(), "pack.toml": f"{key} = {value}\n" + "\n".join(lines)}
    pack, faults = examine_pack(files)
    assert pack is None
    assert "pack.toml" in {fault.file for fault in faults}


@pytest.mark.parametrize("value", ["1", '"x"', "[]", "[1]", "{}", "{ calm = 1 }", "true"])
@pytest.mark.parametrize(
    "key", ["title", "answers", "poles", "traits", "items", "suggestions", "aspects", "modules"]
)
def test_any_words_in_any_place_are_a_fault_and_never_an_error(key: str, value: str) -> None:
    pack, faults = examine_pack({**FULL, "en.toml": f"{key} = {value}\n"})
    assert pack is None or (key, value) == ("title", '"x"')
    assert {fault.file for fault in faults} == {"en.toml"}


def test_an_item_used_twice_is_named_where_it_stands_again() -> None:
    files = change(FULL, "pack.toml", '{ id = "lead-1"', '{ id = "calm-2"')
    line = find_line(FULL["pack.toml"], '{ id = "lead-1"')
    says = "modules[1].items[1].id: item 'calm-2' occurs here a second time. Use each id only once."
    assert list_faults(files)[0] == f"pack.toml:{line}: {says}"


def test_a_missing_translation_is_named_in_its_file() -> None:
    files = change(FULL, "nb.toml", 'bold-2 = "I am bold here in nb."\n', "")
    line = find_line(files["nb.toml"], "[items]")
    assert list_faults(files) == [f'nb.toml:{line}: items.bold-2: is missing. Write bold-2 = "…"']


def test_an_item_that_only_one_language_has_is_named_there() -> None:
    says = refuse(FULL, "nb.toml", "[items]\n", '[items]\ncalm-9 = "I am calm, or not."\n')
    line = find_line(FULL["nb.toml"], "[items]") + 1
    assert says == f"nb.toml:{line}: items.calm-9: is not an allowed key. Did you mean calm-4?"


@pytest.mark.parametrize(
    "key",
    [
        "title",
        "summary",
        "caveat",
        "answers",
        "poles.back",
        "suggestions.neither",
        "aspects.dress",
        "about",
        "scales.lead",
    ],
)
def test_every_text_is_missed_in_every_language(key: str) -> None:
    for name in ("en.toml", "nb.toml"):
        lines = FULL[name].split("\n")
        at = next(index for index, line in enumerate(lines) if line.startswith(key))
        faults = list_faults({**FULL, name: "\n".join(lines[:at] + lines[at + 1 :])})
        assert len(faults) == 1
        assert faults[0].startswith(f"{name}:")
        assert " is missing. Write " in faults[0]


@pytest.mark.parametrize("labels", ["['a', 'b', 'c', 'd']", "['a', 'b', 'c', 'd', 'e', 'f']"])
def test_labels_that_do_not_match_the_points_are_named(labels: str) -> None:
    old = "answers.labels = ['point 0', 'point 1', 'point 2', 'point 3', 'point 4']"
    number = labels.count(",") + 1
    says = refuse(FULL, "en.toml", old, f"answers.labels = {labels}")
    assert says == f"@ answers.labels: has {number} entries. Write 5 entries."


def test_each_text_has_a_longest_length() -> None:
    says = refuse(FULL, "en.toml", 'calm-1 = "I am calm here."', f'calm-1 = "{"a" * 201}"')
    assert says == "@ items.calm-1: has 201 characters. Write at most 200 characters."
    assert (
        list_faults(
            change(FULL, "en.toml", 'calm-1 = "I am calm here."', f'calm-1 = "{"a" * 200}"')
        )
        == []
    )


@pytest.mark.parametrize("code", ["0000", "0007", "001B", "007F", "0085", "009F", "000D"])
def test_control_characters_are_named(code: str) -> None:
    says = refuse(FULL, "en.toml", 'title = "Sample"', f'title = "Sam\\u{code}ple"')
    assert says == "@ title: contains a control character. Delete the control character."


def test_line_breaks_and_letters_of_any_language_are_no_control_characters() -> None:
    assert (
        list_faults(change(FULL, "en.toml", 'title = "Sample"', 'title = "Æ\\n\\t漢 é 🙂\u00a0–"'))
        == []
    )


def test_a_pack_without_poles_asks_for_no_words_about_them() -> None:
    assert list_faults(write_files_without_poles()) == []


def test_a_pole_is_asked_for_only_where_the_rule_names_poles() -> None:
    files = change(
        write_files_without_poles(), "pack.toml", 'id = "calm"\n', 'id = "calm"\npole = "back"\n'
    )
    assert list_faults(files) == [
        "pack.toml:18: traits[1].pole: 'back' is not a valid pole of this pack. Write one of: (no value is valid)."
    ]


def test_any_number_of_answer_points_from_two_to_eleven_is_read() -> None:
    for points in range(2, 12):
        assert list_faults(write_files(points=points)) == []
