"""Addresses are read as people paste them, and each fault names its line."""

import pytest

from fitquiz.core.mail.pasted_addresses import (
    MAX_ADDRESSES,
    AddressFault,
    PastedAddress,
    parse_addresses,
    tidy_address,
)

UNITS = {("Sales",): 1, ("Sales", "Oslo"): 2, ("Sales", "Bergen"): 3, ("IT",): 4}


def read(text: str, units: dict[tuple[str, ...], int] = UNITS) -> list[tuple[str, int | None]]:
    pasted = parse_addresses(text, units)
    assert pasted.faults == ()
    return [(each.address, each.unit_id) for each in pasted.addresses]


def find_faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.key) for fault in parse_addresses(text, UNITS).faults]


@pytest.mark.parametrize(
    ("line", "unit_id"),
    [
        ("kari@example.org", None),
        ("  kari@example.org ;", None),
        ("<kari@example.org>", None),
        ("Kari Nordmann <kari@example.org>", None),
        ('"Nordmann, Kari" <kari@example.org>', None),
        ("mailto:kari@example.org", None),
        ("kari@example.org; Sales > Oslo", 2),
        ("kari@example.org;sales>OSLO", 2),
        ("kari@example.org, Oslo", 2),
        ("kari@example.org\tSales\tOslo", 2),
        ("Kari Nordmann\tkari@example.org\tSales", 1),
        ("Nordmann\tKari\tkari@example.org\tIT", 4),
        ("Oslo;kari@example.org", 2),
        ("Kari Nordmann <kari@example.org>; IT", 4),
    ],
)
def test_a_line_names_an_address_and_perhaps_a_unit(line: str, unit_id: int | None) -> None:
    assert read(line) == [("kari@example.org", unit_id)]


def test_a_list_from_a_mail_program_is_one_line() -> None:
    line = "Kari <kari@example.org>; Ola <ola@example.org>, per@example.org"
    assert [address for address, _ in read(line)] == [
        "kari@example.org",
        "ola@example.org",
        "per@example.org",
    ]


def test_a_heading_and_empty_lines_are_left_out() -> None:
    pasted = parse_addresses("Navn;E-post;Enhet\r\n\r\nKari;kari@example.org;IT\r\n", UNITS)
    assert pasted.has_heading
    assert pasted.addresses == (PastedAddress("kari@example.org", 4),)


def test_an_address_that_stands_there_twice_is_counted_and_used_once() -> None:
    pasted = parse_addresses("kari@example.org\nKari@Example.org\nola@example.org", UNITS)
    assert [each.address for each in pasted.addresses] == ["kari@example.org", "ola@example.org"]
    assert pasted.duplicates == 1
    assert pasted.faults == ()


def test_each_fault_names_its_line() -> None:
    text = "kari@example.org\nnobody\nola@example\nper@example.org; Law\nkari@example.org; IT"
    assert find_faults(text) == [
        (2, "no-address"),
        (3, "bad-address"),
        (4, "unknown-unit"),
        (5, "two-units"),
    ]
    assert parse_addresses("a@b.no; Law", UNITS).faults == (AddressFault(1, "unknown-unit", "Law"),)


def test_a_label_that_two_units_share_names_no_unit() -> None:
    units: dict[tuple[str, ...], int] = {("Sales", "Oslo"): 1, ("IT", "Oslo"): 2}
    (fault,) = parse_addresses("kari@example.org; Oslo", units).faults
    assert fault.key == "unknown-unit"
    assert read("kari@example.org; IT > Oslo", units) == [("kari@example.org", 2)]


def test_without_units_all_other_text_is_a_name() -> None:
    assert read("kari@example.org; Law", {}) == [("kari@example.org", None)]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Kari.Nordmann@Example.ORG", "Kari.Nordmann@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("kari+quiz@example.co.uk", "kari+quiz@example.co.uk"),
        ("kari@example.org.", "kari@example.org"),
        ("kari@blåbær.no", "kari@xn--blbr-roah.no"),
        ("kåre@example.org", None),
        ("kari@example", None),
        ("kari@@example.org", None),
        ("@example.org", None),
        ("kari@", None),
        ("kari..n@example.org", None),
        (".kari@example.org", "kari@example.org"),
        ("kari@-example.org", None),
        ("k" * 65 + "@example.org", None),
        ("kari@" + "e" * 250 + ".org", None),
        ("kari@exa\nmple.org", None),
    ],
)
def test_only_addresses_that_mail_servers_take_are_valid(typed: str, address: str | None) -> None:
    assert tidy_address(typed) == address


def test_ten_thousand_addresses_are_read_and_one_more_is_refused() -> None:
    lines = [f"Kari {number} <kari{number}@example.org>; Oslo" for number in range(MAX_ADDRESSES)]
    assert len(read("\n".join(lines))) == MAX_ADDRESSES
    assert find_faults("\n".join([*lines, "one.more@example.org"])) == [(0, "too-many")]
