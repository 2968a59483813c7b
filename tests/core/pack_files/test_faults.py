"""How a fault is written: file, line, place, what is wrong and what to write instead."""

import pytest

from fitquiz.core.pack_files.faults import Fault, FaultList, PackError, write_place

FILES = {"pack.toml": 'id = "x"\n\n[rule]\nband = 1\n\n[[traits]]\nid = "a"\n', "en.toml": ""}


def find_line(*place: str | int, file: str = "pack.toml") -> int | None:
    faults = FaultList(FILES)
    faults.add(file, place, "is wrong.", "Mend it.")
    return faults.faults[0].line


def test_a_fault_is_written_with_file_line_and_place() -> None:
    fault = Fault("pack.toml", 3, "rule.band", "is wrong.", "Write 1.")
    assert str(fault) == "pack.toml:3: rule.band: is wrong. Write 1."


def test_a_fault_without_line_or_place_leaves_them_out() -> None:
    assert (
        str(Fault("nb.toml", None, "", "is missing.", "Write it."))
        == "nb.toml: is missing. Write it."
    )


def test_a_warning_says_that_it_is_one() -> None:
    fault = Fault("pack.toml", 3, "rule", "is odd.", "Look at it.", is_warning=True)
    assert str(fault) == "pack.toml:3: warning: rule: is odd. Look at it."


@pytest.mark.parametrize(
    ("place", "written"),
    [
        ((), ""),
        (("title",), "title"),
        (("rule", "band"), "rule.band"),
        (("blocks", 1, "items", 0, "trait"), "blocks[2].items[1].trait"),
        (("languages", 2), "languages[3]"),
    ],
)
def test_a_place_is_written_as_a_person_counts(place: tuple[str | int, ...], written: str) -> None:
    assert write_place(place) == written


def test_a_place_that_is_there_has_its_own_line() -> None:
    assert find_line("rule", "band") == 4
    assert find_line("traits", 0, "id") == 7


def test_a_place_that_is_missing_has_the_line_of_its_nearest_parent() -> None:
    assert find_line("traits", 0, "pole") == 6
    assert find_line("rule", "clear") == 3
    assert find_line("rule", "poles", 0, "x") == 3


def test_a_place_without_any_parent_is_on_the_first_line() -> None:
    assert find_line("version") == 1
    assert find_line() == 1
    assert find_line("title", file="en.toml") == 1


def test_a_file_that_is_not_there_has_no_line() -> None:
    assert find_line(file="nb.toml") is None
    assert find_line("title", file="nb.toml") is None


def test_a_file_that_cannot_be_scanned_is_still_named() -> None:
    faults = FaultList({"pack.toml": "x = " + "[" * 5000})
    faults.add("pack.toml", (), "is nested too deeply.", "Write it flat.")
    assert faults.faults[0].line == 1


@pytest.mark.parametrize(
    ("says", "line"),
    [
        ("Invalid value (at line 12, column 3)", 12),
        ("Unterminated string (at end of document)", None),
        ("Something else", None),
    ],
)
def test_the_parsers_own_sentence_gives_the_line(says: str, line: int | None) -> None:
    faults = FaultList(FILES)
    faults.add_unparsed("pack.toml", says)
    fault = Fault(
        "pack.toml", line, "", f"{says}.", "Correct the TOML. Write each string in double quotes."
    )
    assert faults.faults == [fault]


def test_warnings_are_no_errors() -> None:
    faults = FaultList(FILES)
    faults.add("pack.toml", ("id",), "is odd.", "Look at it.", is_warning=True)
    assert (len(faults.faults), faults.errors) == (1, [])
    faults.add("pack.toml", ("id",), "is wrong.", "Mend it.")
    assert faults.errors == faults.faults[1:]


def test_a_refused_pack_says_every_fault_on_a_line_of_its_own() -> None:
    faults = [
        Fault("a.toml", 1, "x", "is wrong.", "Mend it."),
        Fault("b.toml", None, "", "is missing.", "Write it."),
    ]
    error = PackError(faults)
    assert str(error) == "a.toml:1: x: is wrong. Mend it.\nb.toml: is missing. Write it."
    assert error.faults == tuple(faults)
