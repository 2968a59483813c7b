"""A pack may list occupations to explore; each has a pole, a name and a text for each pole in every language."""

import pytest

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import Occupation
from tests.core.support.pack_building import (
    change,
    list_faults,
    refuse,
    write_files,
    write_files_without_poles,
)

STRUCTURE = """\
[[occupations]]
id = "cook"
pole = "back"
[[occupations]]
id = "nurse"
pole = "front"
"""
WORDS = """\
[occupations.cook]
name = "Cook"
back = "You cook."
front = "You greet the guests."
[occupations.nurse]
name = "Nurse"
back = "You write reports."
front = "You care for patients."
"""


def write_with_occupations() -> dict[str, str]:
    files = write_files(languages=("en", "nb"))
    files["pack.toml"] += STRUCTURE
    files["en.toml"] += WORDS
    files["nb.toml"] += WORDS.replace("the guests", "guests").replace("for pat", "for many pat")
    return files


def test_a_pack_may_have_occupations() -> None:
    files = write_with_occupations()
    assert list_faults(files) == []
    pack = read_pack(files)
    assert pack.occupations == (Occupation("cook", "back"), Occupation("nurse", "front"))
    assert pack.words["nb"]["occupations"]["nurse"]["front"] == "You care for many patients."


def test_a_pack_from_before_there_were_occupations_has_none() -> None:
    assert read_pack(write_files()).occupations == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (
            "pack.toml",
            'id = "cook"\npole = "back"',
            'id = "cook"\npole = "bakc"',
            "occupations[1].pole: 'bakc' is not a valid pole of this pack. Did you mean back?",
        ),
        (
            "nb.toml",
            'front = "You greet guests."\n',
            "",
            'occupations.cook.front: is missing. Write front = "…"',
        ),
        (
            "en.toml",
            "[occupations.nurse]",
            '[occupations.pilot]\nname = "Pilot"\n[occupations.nurse]',
            "occupations.pilot: is not an allowed key. Delete the key, or correct its spelling.",
        ),
    ],
)
def test_a_wrong_occupation_is_named(name: str, old: str, new: str, says: str) -> None:
    (fault,) = list_faults(change(write_with_occupations(), name, old, new))
    assert fault.startswith(f"{name}:")
    assert fault.endswith(says)


def test_an_occupation_that_occurs_twice_is_named() -> None:
    files = write_with_occupations()
    files["pack.toml"] += '[[occupations]]\nid = "cook"\npole = "back"\n'
    (fault,) = list_faults(files)
    assert fault.endswith(
        "occupations[3].id: occupation 'cook' occurs here a second time. Use each id only once."
    )


def test_an_occupation_without_an_id_makes_no_fault_of_its_words() -> None:
    says = refuse(write_with_occupations(), "pack.toml", 'id = "cook"', 'id = "The cook"')
    assert "'The cook' is not a valid id." in says


def test_a_pack_without_poles_has_no_occupations() -> None:
    files = write_files_without_poles()
    files["pack.toml"] += '[[occupations]]\nid = "cook"\npole = "back"\n'
    files["en.toml"] += '[occupations.cook]\nname = "Cook"\n'
    (fault,) = list_faults(files)
    assert "occupations[1].pole: 'back' is not a valid pole of this pack." in fault
