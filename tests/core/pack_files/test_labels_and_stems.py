"""Labels on the ends alone, other labels for some items, and a stem above items."""

import pytest

from fitquiz.core.pack_files.reading import read_pack
from tests.core.support.pack_building import change, list_faults, refuse, write_files

SETS = '[labels]\noften = ["Never", "Seldom", "Sometimes", "Often", "Always"]\n'
STEMS = '[stems]\nat-work = "When I am at work …"\n'


def write_with_ends(points: int) -> dict[str, str]:
    """Return a pack whose language file has the labels of the first and the last answer."""
    files = write_files(points=points)
    files = change(
        files, "pack.toml", f"points = {points}", f'points = {points}, labelled = "ends"'
    )
    labels = [f"point {number}" for number in range(points)]
    return change(files, "en.toml", f"labels = {labels}", 'labels = ["No", "Yes"]')


def write_with_label_set() -> dict[str, str]:
    """Return a pack in which one item has other labels."""
    files = write_files()
    files = change(files, "pack.toml", '{ id = "bold-1"', '{ id = "bold-1", labels = "often"')
    return change(files, "en.toml", "[traits.calm]", SETS + "[traits.calm]")


def write_with_stem() -> dict[str, str]:
    """Return a pack in which a stem stands above the items of the second block."""
    files = write_files()
    first, last = files["pack.toml"].rsplit('form = "standard"', 1)
    files["pack.toml"] = f'{first}form = "standard"\nstem = "at-work"{last}'
    return change(files, "en.toml", "[traits.calm]", STEMS + "[traits.calm]")


@pytest.mark.parametrize(
    ("points", "labels"),
    [
        (2, ["1: No", "2: Yes"]),
        (5, ["1: No", "2", "3", "4", "5: Yes"]),
        (11, ["1: No", *map(str, range(2, 11)), "11: Yes"]),
    ],
)
def test_answers_between_the_ends_have_numbers_as_labels(points: int, labels: list[str]) -> None:
    files = write_with_ends(points)
    assert list_faults(files) == []
    words = read_pack(files).words["en"]
    assert words["answers"]["labels"] == labels
    assert words["item_labels"]["bold-1"] == labels


def test_labels_on_the_ends_are_two() -> None:
    says = refuse(write_with_ends(5), "en.toml", '["No", "Yes"]', '["No", "Perhaps", "Yes"]')
    assert says == "@ answers.labels: has 3 entries. Write 2 entries."


def test_a_wrong_way_to_label_answers_is_named() -> None:
    says = refuse(write_with_ends(5), "pack.toml", '"ends"', '"end"')
    assert says.startswith("@ answers.labelled: 'end' is not a valid way to label answers.")


def test_an_item_can_have_other_labels() -> None:
    files = write_with_label_set()
    assert list_faults(files) == []
    words = read_pack(files).words["en"]
    assert words["item_labels"]["bold-1"][-1] == "Always"
    assert words["item_labels"]["calm-1"] == words["answers"]["labels"]


def test_other_labels_can_stand_on_the_ends_alone() -> None:
    files = change(
        write_with_label_set(), "pack.toml", "points = 5", 'points = 5, labelled = "ends"'
    )
    labels = [f"point {number}" for number in range(5)]
    files = change(files, "en.toml", f"labels = {labels}", 'labels = ["No", "Yes"]')
    files = change(files, "en.toml", '"Never", "Seldom", "Sometimes", "Often", ', '"Never", ')
    words = read_pack(files).words["en"]
    assert words["item_labels"]["bold-1"] == ["1: Never", "2", "3", "4", "5: Always"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"Often", ', "", "@ labels.often: has 4 entries. Write 5 entries."),
        ("often =", "seldom =", "labels.often: is missing. Write often = […]"),
        (SETS, "", "labels: is missing. Write labels = {…}"),
    ],
)
def test_wrong_labels_of_an_item_are_named(old: str, new: str, says: str) -> None:
    faults = list_faults(change(write_with_label_set(), "en.toml", old, new))
    assert says.removeprefix("@ ") in faults[0]


def test_labels_that_no_item_uses_are_named() -> None:
    files = change(write_files(), "en.toml", "[traits.calm]", SETS + "[traits.calm]")
    assert "labels.often: is not an allowed key" in list_faults(files)[0]


def test_a_stem_stands_above_each_item_of_its_block() -> None:
    files = write_with_stem()
    assert list_faults(files) == []
    texts = read_pack(files).words["en"]["items"]
    assert texts["calm-1"] == "I am calm here."
    assert texts["calm-2"] == "When I am at work …\nI am calm here."


def test_a_module_can_have_a_stem() -> None:
    files = write_files(modules={"extra": ("everyone", "own+ own-")})
    files = change(files, "pack.toml", 'id = "extra"', 'id = "extra"\nstem = "at-work"')
    files = change(files, "en.toml", "[traits.calm]", STEMS + "[traits.calm]")
    assert list_faults(files) == []
    assert read_pack(files).words["en"]["items"]["own-2"].startswith("When I am at work …\n")


def test_a_missing_stem_is_named() -> None:
    (fault,) = list_faults(change(write_with_stem(), "en.toml", STEMS, ""))
    assert "stems: is missing." in fault


@pytest.mark.parametrize("value", ["7", "[]", '"At Work"'])
def test_a_stem_or_labels_whose_name_is_no_id_are_named(value: str) -> None:
    for files, old in ((write_with_stem(), '"at-work"'), (write_with_label_set(), '"often"')):
        faults = list_faults(change(files, "pack.toml", old, value))
        assert "is not a valid id." in faults[0]


def test_does_not_apply_is_true_or_false() -> None:
    new = "points = 5, does_not_apply = 1"
    says = "@ answers.does_not_apply: 1 is not valid. Write true or false."
    assert refuse(write_files(), "pack.toml", "points = 5", new) == says


def test_a_pack_of_the_old_format_has_the_same_labels_for_all_items() -> None:
    pack = read_pack(write_files())
    words = pack.words["en"]
    assert list(words["item_labels"]) == list(pack.items)
    assert all(each == words["answers"]["labels"] for each in words["item_labels"].values())
