"""A list of people is read as HR systems, spreadsheets and mail programs write it. Each fault names its line."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.groups.unit_lists import MAX_UNITS, Path, UnitDraft
from fitquiz.core.mail.pasted_addresses import MAX_ADDRESSES
from fitquiz.core.people_lists.layouts import Layout, guess_layout
from fitquiz.core.people_lists.people import PeopleList, read_people
from fitquiz.core.people_lists.tables import parse_table, write_rows

KARI = "kari.nordmann@example.org"
KNOWN: list[Path] = [("Sales",), ("Sales", "Oslo"), ("Sales", "Bergen"), ("IT",)]
NBSP = "\u00a0"


def read(
    text: str, known: list[Path] = KNOWN, may_add: bool = False, has_heading: bool | None = None
) -> PeopleList:
    rows = parse_table(text)
    labels = [path[-1] for path in known]
    return read_people(rows, guess_layout(rows, labels, has_heading), known, may_add)


def read_new(text: str) -> list[tuple[str, Path]]:
    """Return the people of a list without faults, for a campaign that has no units yet."""
    found = read(text, [], may_add=True)
    assert found.faults == ()
    return [(each.address, each.path) for each in found.people]


def find_faults(
    text: str, known: list[Path] = KNOWN, may_add: bool = False
) -> list[tuple[int, str]]:
    return [(fault.line, fault.key) for fault in read(text, known, may_add).faults]


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("kari@example.org", ()),
        ("  kari@example.org ;", ()),
        ("<kari@example.org>", ()),
        ("Kari Nordmann <kari@example.org>", ()),
        ('"Nordmann, Kari" <kari@example.org>', ()),
        ("mailto:kari@example.org", ()),
        ("kari@example.org; Sales > Oslo", ("Sales", "Oslo")),
        ("kari@example.org;sales>OSLO", ("Sales", "Oslo")),
        ("kari@example.org, Oslo", ("Sales", "Oslo")),
        ("kari@example.org\tSales\tOslo", ("Sales", "Oslo")),
        ("Kari Nordmann\tkari@example.org\tSales", ("Sales",)),
        ("Nordmann\tKari\tkari@example.org\tIT", ("IT",)),
        ("Oslo;kari@example.org", ("Sales", "Oslo")),
        ("Kari Nordmann <kari@example.org>; IT", ("IT",)),
    ],
)
def test_a_line_names_an_address_and_perhaps_a_unit(line: str, path: Path) -> None:
    found = read(line)
    assert found.faults == ()
    assert [(each.address, each.path) for each in found.people] == [("kari@example.org", path)]


SHAPES = {
    "a title and an empty row above the heading": (
        "Ansatte per 1. november 2026\t\t\n\nNavn\tE-post\tAvdeling\tTeam\n"
        f"Kari Nordmann\t{KARI}\tSalg\tOslo\nOla Li\tola@example.org\tSalg\tBergen"
    ),
    "the units before the address, the small unit first": (
        f"Team;Avdeling;Ansattnr;E-postadresse\nOslo;Salg;1001;{KARI}\nBergen;Salg;1002;ola@example.org"
    ),
    "separators at the end, and empty rows": (
        f"E-post;Avdeling;Team;;;\r\n{KARI};Salg;Oslo;;;\r\n;;;;;\r\nola@example.org;Salg;Bergen;;;\r\n"
    ),
    "non-breaking spaces and zero-width characters": (
        f"E-post\tAvdeling\tTeam\n{NBSP}{KARI}{NBSP}\tSalg{NBSP}\t\u200bOslo\n"
        f"ola@example.org\tSalg\tBergen{NBSP}{NBSP}"
    ),
    "upper case, and two spellings of one unit": (
        f"E-POST,AVDELING,TEAM\n{KARI},Salg,Oslo\nola@EXAMPLE.ORG,SALG,Bergen"
    ),
    "display names": (
        f'Epost;Avdeling;Team\n"Nordmann, Kari" <{KARI}>;Salg;Oslo\nOla <ola@example.org>;Salg;Bergen'
    ),
    "one column with paths": (
        f"Organisasjon\tE-post\nSalg \\ Oslo\t{KARI}\nSalg \\ Bergen\tola@example.org"
    ),
    "paths with slashes, without a heading": f"{KARI};Salg/Oslo\nola@example.org;Salg/Bergen",
    "merged cells": (f"Avdeling\tTeam\tE-post\nSalg\tOslo\t{KARI}\n\tBergen\tola@example.org"),
    "the address of the manager, and a private address": (
        f"Leder e-post;Privat e-post;E-post jobb;Avdeling;Team\nsjef@example.org;k@home.no;{KARI};Salg;Oslo\n"
        "sjef@example.org;;ola@example.org;Salg;Bergen"
    ),
    "quoted cells with line ends": (
        f'"E-post","Avdeling","Team"\n"{KARI}","Salg","Oslo"\n"ola@example.org","Salg","Ber\ngen"'
    ).replace("Ber\ngen", "\nBergen"),
    "numbers, phones and dates between": (
        "Nr;Fornavn;Etternavn;Mobil;Startdato;Epost;Avdelingsnummer;Avdelingsnavn;Seksjon;Stilling\n"
        f"1;Kari;Nordmann;90 00 00 00;2020-01-01;{KARI};100;Salg;Oslo;Selger\n"
        "2;Ola;Li;90 00 00 01;2021-01-01;ola@example.org;100;Salg;Bergen;Selger"
    ),
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_the_same_people_are_read_in_every_shape(text: str) -> None:
    assert read_new(text) == [(KARI, ("Salg", "Oslo")), ("ola@example.org", ("Salg", "Bergen"))]


def test_the_units_are_a_tree_with_numbers_of_people() -> None:
    text = "a@b.no;Sales;Oslo\nc@b.no;IT;\nd@b.no;Sales;Bergen\ne@b.no;sales;Oslo"
    assert read(text, [], may_add=True).units == (
        UnitDraft(("Sales",), 3),
        UnitDraft(("Sales", "Oslo"), 2),
        UnitDraft(("Sales", "Bergen"), 1),
        UnitDraft(("IT",), 1),
    )


def test_a_unit_that_repeats_its_label_one_level_down_is_one_unit() -> None:
    text = "E-post;Avdeling;Team\na@b.no;IT;IT\nc@b.no;Sales;Oslo"
    assert read_new(text) == [("a@b.no", ("IT",)), ("c@b.no", ("Sales", "Oslo"))]


def test_a_list_from_a_mail_program_is_one_line() -> None:
    line = "Kari <kari@example.org>; Ola <ola@example.org>, per@example.org"
    assert [each.address for each in read(line).people] == [
        "kari@example.org",
        "ola@example.org",
        "per@example.org",
    ]


def test_a_whole_company_from_a_mail_program_is_one_line() -> None:
    line = "; ".join(f"Kari {n} <kari{n}@example.org>" for n in range(5000))
    assert len(read(line).people) == 5000


def test_lines_above_the_heading_are_left_out_and_told() -> None:
    found = read("Ansatte\n\nNavn;E-post\nKari;kari@example.org")
    assert found.lines_above == (1,)
    assert found.faults == ()


def test_without_a_heading_the_first_line_is_a_person() -> None:
    found = read("Navn;E-post\nKari;kari@example.org", has_heading=False)
    assert [(fault.line, fault.key) for fault in found.faults] == [(1, "no-address")]
    found = read("ola@example.org\nkari@example.org", has_heading=True)
    assert [each.address for each in found.people] == ["kari@example.org"]


def test_an_address_that_stands_there_twice_is_counted_and_used_once() -> None:
    found = read("kari@example.org\nKari@Example.org\nola@example.org")
    assert [each.address for each in found.people] == ["kari@example.org", "ola@example.org"]
    assert found.duplicates == 1
    assert found.faults == ()


def test_each_fault_names_its_line() -> None:
    text = "kari@example.org\nnobody\nola@example\nper@example.org; Law\nkari@example.org; IT"
    assert find_faults(text) == [
        (2, "no-address"),
        (3, "bad-address"),
        (4, "unknown-unit"),
        (5, "two-units"),
    ]


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("kåre@example.org;Sales;", "foreign-letters"),
        ("用户@example.org;Sales;", "foreign-letters"),
        ("kari@;Sales;", "bad-address"),
        ("a@b.no / c@d.no;Sales;", "two-addresses"),
        ("a@b.no;;Oslo", "no-unit-above"),
        ("a@b.no;Sales > Oslo;", "forbidden"),
        (f"a@b.no;{'x' * 81};", "too-long"),
        ("a@b.no;O\x07slo;", "forbidden"),
        (";Sales;Oslo", "no-address"),
    ],
)
def test_a_wrong_row_says_what_is_wrong(row: str, key: str) -> None:
    text = f"E-post;Avdeling;Team\nkari@example.org;Sales;Oslo\nola@example.org;Sales;Oslo\n{row}"
    assert find_faults(text, [], may_add=True) == [(4, key)]


@pytest.mark.parametrize(
    ("path", "key"), [("A > B > C > D", "too-deep"), ("A > B > A", "inside-itself")]
)
def test_a_path_that_cannot_be_a_unit_is_refused(path: str, key: str) -> None:
    assert find_faults(f"a@b.no;A > B\nc@b.no;{path}", [], may_add=True) == [(2, key)]


def test_a_label_that_two_units_share_names_no_unit() -> None:
    known: list[Path] = [("Sales", "Oslo"), ("IT", "Oslo")]
    assert find_faults("kari@example.org; Oslo", known) == [(1, "unknown-unit")]
    found = read("kari@example.org; IT > Oslo", known)
    assert [each.path for each in found.people] == [("IT", "Oslo")]


def test_units_are_ignored_if_the_campaign_has_none_and_can_get_none() -> None:
    found = read("kari@example.org; Law", [])
    assert found.faults == ()
    assert [each.path for each in found.people] == [()]


def test_a_domain_with_letters_of_its_own_becomes_an_ascii_domain() -> None:
    found = read("kari@blåbær.no\nola@bla\u030abær.no")
    assert [each.address for each in found.people] == [
        "kari@xn--blbr-roah.no",
        "ola@xn--blbr-roah.no",
    ]


def test_a_number_in_the_column_of_units_is_a_label() -> None:
    text = "E-post;Avdeling\na@b.no;1200\nc@b.no;1300"
    assert read_new(text) == [("a@b.no", ("1200",)), ("c@b.no", ("1300",))]


def test_ten_thousand_rows_are_read_and_one_more_is_refused() -> None:
    lines = [
        f"Kari {n};kari{n}@example.org;Department {n % 20};Team {n % 90}"
        for n in range(MAX_ADDRESSES)
    ]
    found = read("\n".join(["Navn;E-post;Avdeling;Team", *lines]), [], may_add=True)
    assert len(found.people) == MAX_ADDRESSES
    assert found.faults == ()
    text = "\n".join(["Navn;E-post;Avdeling;Team", *lines, "One;one.more@example.org;A;B"])
    assert find_faults(text, [], may_add=True) == [(0, "too-many")]


def test_more_units_than_a_campaign_can_have_are_refused() -> None:
    lines = [f"kari{n}@example.org;Team {n}" for n in range(MAX_UNITS + 1)]
    text = "\n".join(["E-post;Team", *lines])
    assert find_faults(text, [], may_add=True) == [(0, "too-many-units")]


def test_what_hr_chooses_counts_more_than_a_guess() -> None:
    rows = parse_table("Sales;a@b.no;Oslo\nSales;c@b.no;Oslo")
    layout = Layout(0, 1, (2,))
    assert [each.path for each in read_people(rows, layout).people] == [("Oslo",), ("Oslo",)]
    layout = Layout(0, 1, (2, 0))
    assert {each.path for each in read_people(rows, layout).people} == {("Oslo", "Sales")}
    assert read_people(rows, Layout(0, 0)).people == ()


CELLS = st.text(
    st.sampled_from(string.ascii_letters + 'æøå @<>;,\t"\n\r\u00a0\u200b|/\\\x07'), max_size=30
)


@given(CELLS.map(str) | st.lists(CELLS, max_size=8).map("\n".join), st.booleans())
def test_any_text_is_read_or_refused_with_lines_that_exist(text: str, may_add: bool) -> None:
    rows = parse_table(text)
    found = read_people(rows, guess_layout(rows), KNOWN, may_add)
    lines = {row.line for row in rows} | {0}
    assert {fault.line for fault in found.faults} <= lines
    assert {person.line for person in found.people} <= lines
    paths = {unit.path for unit in found.units}
    assert all(path[:-1] in paths | {()} for path in paths)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6))
def test_written_rows_are_read_again_with_their_line_numbers(rows: list[list[str]]) -> None:
    first = write_rows(rows)
    again = parse_table(first)
    assert all(row.line <= len(rows) for row in again)
    cells = [list(row.cells) for row in again]
    assert [list(row.cells) for row in parse_table(write_rows(cells))] == cells
