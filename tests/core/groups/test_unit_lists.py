"""A tree of units is read from whatever somebody pastes, or refused with every fault at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.groups.unit_lists import (
    MAX_LABEL_LENGTH,
    MAX_LEVELS,
    MAX_PEOPLE,
    MAX_UNITS,
    Path,
    UnitDraft,
    UnitFault,
    parent_of,
    parse_units,
    read_path,
    write_label,
    write_path,
    write_units,
)
from fitquiz.core.name_spelling import fold_name, is_printable_name, tidy_name

TREE = (
    UnitDraft(("Sales",), 40),
    UnitDraft(("Sales", "Oslo"), 24),
    UnitDraft(("Sales", "Oslo", "Evening")),
    UnitDraft(("IT",)),
)


def is_label(text: str) -> bool:
    return bool(text) and is_printable_name(text) and not set(text) & {">", ";"}


LABELS = st.text(st.characters(exclude_categories=["Cs", "Co", "Cc"]), min_size=1, max_size=20)
TIDY_LABELS = (
    LABELS.map(tidy_name).filter(is_label).filter(lambda label: len(label) <= MAX_LABEL_LENGTH)
)
PATHS = st.lists(TIDY_LABELS, min_size=1, max_size=MAX_LEVELS, unique_by=fold_name).map(tuple)


@st.composite
def trees(draw: st.DrawFn) -> tuple[UnitDraft, ...]:
    """Units with all above them, no two alike."""
    spellings: dict[Path, Path] = {(): ()}
    for path in draw(st.lists(PATHS, max_size=12)):
        for depth in range(1, len(path) + 1):
            folded = tuple(map(fold_name, path[:depth]))
            spellings.setdefault(folded, (*spellings[folded[:-1]], path[depth - 1]))
    people = st.none() | st.integers(0, MAX_PEOPLE)
    return tuple(UnitDraft(path, draw(people)) for path in spellings.values() if path)


def read(text: str) -> list[Path]:
    """Return the paths of a text without faults."""
    units, faults = parse_units(text)
    assert faults == ()
    return [unit.path for unit in units]


def find_faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.key) for fault in parse_units(text)[1]]


@pytest.mark.parametrize(
    "text",
    [
        "Sales; 40\nSales > Oslo; 24\nSales > Oslo > Evening\nIT",
        "Sales;40\r\nSales>Oslo;24\r\nSales  >  Oslo  >  Evening\r\nIT;\r\n",
        "\ufeffSales; 40\n  Oslo; 24\n    Evening\nIT\n\n",
        "Sales; 40\n\tOslo; 24\n\t\tEvening\nIT",
        "Sales\t40\nSales\tOslo\t24\nSales\tOslo\tEvening\nIT",
        "Sales\t40\n\tOslo\t24\n\t\tEvening\t\nIT\t\t\t",
        "Sales,40\nSales,Oslo,24\nSales,Oslo,Evening\nIT,,",
        'Sales;40\nSales;"Oslo";24\n;;"Evening"\nIT;;',
    ],
    ids=[
        "paths",
        "paths, tight",
        "two spaces",
        "tabs",
        "columns",
        "merged cells",
        "commas",
        "semicolons",
    ],
)
def test_a_tree_is_read_in_every_form(text: str) -> None:
    assert parse_units(text) == (TREE, ())


def test_units_that_are_only_implied_are_added_above_theirs() -> None:
    assert read("Sales > Oslo > Evening") == [
        ("Sales",),
        ("Sales", "Oslo"),
        ("Sales", "Oslo", "Evening"),
    ]


def test_quoted_cells_keep_what_would_part_them() -> None:
    assert read('"Sales, north",Oslo\n"The ""A"" team",Oslo') == [
        ("Sales, north",),
        ("Sales, north", "Oslo"),
        ('The "A" team',),
        ('The "A" team', "Oslo"),
    ]


def test_a_number_of_people_may_have_spaces_between_its_thousands() -> None:
    assert (
        parse_units("Sales; 1 200")[0]
        == parse_units("Sales\t1\u00a0200")[0]
        == (UnitDraft(("Sales",), 1200),)
    )


def test_a_label_that_is_a_number_stays_one_below_a_level() -> None:
    assert read("Line > 24;\nLine > 25") == [("Line",), ("Line", "24"), ("Line", "25")]


@pytest.mark.parametrize("text", ["", "\n\n", "  \t ; \n,,,", "\x0b", "\u200b\n\u2028"])
def test_no_text_is_no_units(text: str) -> None:
    assert parse_units(text) == ((), ())


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("A > B > C > D", "too-deep"),
        ("Sales > Oslo > sales", "inside-itself"),
        ("Sales > Sales", "inside-itself"),
        ("Sales >  > Oslo", "empty"),
        ("> Oslo", "empty"),
        ("> \u200b", "empty"),
        (f"A > {'x' * 81}", "too-long"),
        (f"A > {'x' * 200_000}", "too-long"),
        ("A > O\x07slo", "forbidden"),
        ("A > B; C; 4", "not-a-number"),
        ("A > B; many", "not-a-number"),
        ("A > B; 4.5", "not-a-number"),
        ("A > B; 9999999999999", "not-a-number"),
        ("A > B; -3", "people"),
        ("A > B; \u22123", "people"),
        (f"A > B; {MAX_PEOPLE + 1}", "people"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(line: str, key: str) -> None:
    assert find_faults(f"Fine > Here\n\n{line}") == [(3, key)]


@pytest.mark.parametrize(
    "line", ["A;B;-3", "A;B;4,5", "A;B;C;D", "A;;B", f"A;{'x' * 2000}", '"' + "x" * 200_000]
)
def test_a_wrong_row_of_cells_is_named_too(line: str) -> None:
    assert [fault.line for fault in parse_units(f"Fine;Here\n{line}")[1]] == [2]


@pytest.mark.parametrize(
    "again", ["Sales > Oslo", "SALES > oslo", "Sales > Os\u200blo", "Sales  > \u202eOslo"]
)
def test_two_names_that_look_alike_are_a_duplicate(again: str) -> None:
    assert find_faults(f"Sales > Oslo\n{again}") == [(2, "duplicate")]


def test_a_name_in_another_normal_form_is_a_duplicate() -> None:
    assert find_faults("X > \u00c5lesund\nX > A\u030alesund") == [(2, "duplicate")]


def test_a_unit_may_be_named_after_those_below_it_and_the_first_spelling_stands() -> None:
    assert parse_units("SALES > Oslo\nSales; 9")[0] == (
        UnitDraft(("SALES",), 9),
        UnitDraft(("SALES", "Oslo")),
    )


def test_the_same_label_may_stand_under_different_units() -> None:
    assert read("Sales > Oslo\nIT > Oslo") == [
        ("Sales",),
        ("Sales", "Oslo"),
        ("IT",),
        ("IT", "Oslo"),
    ]


def test_all_faults_are_told_at_once() -> None:
    text = "A > A\nB > C > D > E\nB >\nF > G\nf > g\nH > I; x"
    keys = ["inside-itself", "too-deep", "empty", "duplicate", "not-a-number"]
    assert find_faults(text) == list(zip([1, 2, 3, 5, 6], keys, strict=True))


def test_a_fault_names_the_text_that_it_is_about() -> None:
    assert parse_units("A > =cmd() > a")[1] == (UnitFault(1, "inside-itself", "A > =cmd() > a"),)
    assert len(parse_units("x" * 100_000)[1][0].text) <= 1000


def test_as_many_units_as_there_may_be_and_no_more() -> None:
    lines = [f"Unit {number}" for number in range(MAX_UNITS)]
    assert len(read("\n".join(lines))) == MAX_UNITS
    assert find_faults("\n".join([*lines, "One more"])) == [(0, "too-many")]
    assert find_faults("\n".join(f"Unit {number}" for number in range(10_000))) == [(0, "too-many")]


@pytest.mark.parametrize(
    "label",
    ["<script>alert(1)</script", "=cmd()", "+1", "@SUM(A1)", "'; DROP TABLE unit", "🙂", "24"],
)
def test_a_hostile_name_is_a_name(label: str) -> None:
    tidy = label.replace(";", "").replace(">", "")
    assert read(f"Line\n  {tidy}") == [("Line",), ("Line", tidy)]


def test_marks_that_turn_text_around_are_left_out() -> None:
    assert read("\u202eSales\u202c\n\u200fIT") == [("Sales",), ("IT",)]


@given(trees())
def test_what_is_written_is_read_back(units: tuple[UnitDraft, ...]) -> None:
    assert parse_units(write_units(units)) == (units, ())


@given(st.text(st.sampled_from('ab >;,\t\n"0 5-.\r\u200b\u00c5\x0b\u2028')))
def test_whatever_is_read_without_a_fault_can_be_written_and_read_again(text: str) -> None:
    units, faults = parse_units(text)
    if not faults:
        assert parse_units(write_units(units)) == (units, ())


@given(PATHS)
def test_a_path_is_stored_and_read_back(path: Path) -> None:
    assert read_path(write_path(path)) == path
    assert write_path(path).isprintable() or any(not label.isprintable() for label in path)


def test_a_path_is_stored_as_tight_json() -> None:
    assert write_path(("Støtte", "IT")) == '["Støtte","IT"]'
    assert write_path(()) == "[]"


def test_a_path_leads_up_to_the_whole_and_no_further() -> None:
    assert parent_of(("Sales", "Oslo")) == ("Sales",)
    assert parent_of(("Sales",)) == ()
    with pytest.raises(ValueError, match="has no parent"):
        parent_of(())


def test_a_label_shows_all_levels() -> None:
    assert write_label(("Sales", "Oslo")) == "Sales > Oslo"
